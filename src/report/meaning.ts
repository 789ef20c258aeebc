/** What the claims of a table mean by their own names: one meaning may have one name, and one name one meaning. */

import { same } from '../expr/binder.ts';
import { nodes } from '../expr/walk.ts';
import { expand } from '../variant/expand.ts';
import type { Definition, Variant } from '../variant/variant.ts';

/** A definition with its body unfolded, and the claims that have it. */
interface Meaning {
  readonly definition: Definition;
  readonly of: readonly [Variant, ...Variant[]];
}

export interface Meanings {
  /** The name that a definition of a claim has in the table; other names are left as they are. */
  readonly nameOf: (variant: Variant, name: string) => string;
  readonly all: readonly { readonly definition: Definition; readonly of: Variant }[];
}

/** The commonest meaning of a name keeps it, of equals the first; the others are numbered: `U`, `U_2`, `U_3`. */
export function meaningsOf(variants: readonly Variant[]): Meanings {
  const byName = new Map<string, Meaning[]>();
  for (const variant of variants) {
    for (const written of variant.definitions) {
      const definition = { ...written, body: expand(written.body, variant.definitions) };
      const known = byName.get(written.name) ?? [];
      byName.set(written.name, known);
      const i = known.findIndex((one) => agree(one, { definition, of: [variant] }));
      const met = known[i];
      if (met === undefined) known.push({ definition, of: [variant] });
      else known[i] = { ...met, of: [...met.of, variant] };
    }
  }
  const named = [...byName].flatMap(([name, meanings]) =>
    meanings
      .toSorted((a, b) => b.of.length - a.of.length)
      .map(({ definition, of }, i) => ({
        written: name,
        definition: { ...definition, name: i === 0 ? name : `${name}_${i + 1}` },
        of,
      })),
  );
  return {
    nameOf: (variant, name) =>
      named.find(({ written, of }) => written === name && of.includes(variant))?.definition.name ?? name,
    all: named.map(({ definition, of: [first] }) => ({ definition, of: first })),
  };
}

function agree(a: Meaning, b: Meaning): boolean {
  const [p, q] = [a.definition.params, b.definition.params];
  return (
    p.length === q.length &&
    p.every((param, i) => param.name === q[i]?.name && param.sort === q[i]?.sort) &&
    same(a.definition.body, b.definition.body) &&
    marksIn(a) === marksIn(b)
  );
}

/** How the names of a definition are written by its claim: the same letters may stand for other marks elsewhere. */
function marksIn({ definition: { body }, of: [of] }: Meaning): string {
  const names = [...nodes(body)].flatMap(([node]) =>
    node.kind === 'sym' || node.kind === 'apply' ? [node.name] : [],
  );
  const given = new Map([
    ...[...of.parameters, ...of.distributions].map(([name, { latex }]) => [name, latex] as const),
    ...[...of.data].map(([head, { latex }]) => [head.replace(/\(.*$/, ''), latex] as const),
  ]);
  return JSON.stringify(names.map((name) => given.get(name) ?? null));
}
