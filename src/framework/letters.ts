/** Parts of an expression put away as letters, data of their own, so that algebra treats them as atoms; and back. */

import { freeNames, same, substitute } from '../expr/binder.ts';
import type { Datum, Declarations } from '../expr/declare.ts';
import type { Expr, Var } from '../expr/expr.ts';
import { apply, variable } from '../expr/expr.ts';
import { children, mapChildren, rebuild } from '../expr/walk.ts';
import type { Step } from '../trace/trace.ts';

export interface Letters {
  /** With every part that was to be put away as a datum at its free variables. */
  readonly spell: (e: Expr) => Expr;
  readonly unspell: (e: Expr) => Expr;
  /** The declarations with the letters spelled so far. */
  readonly declared: () => Declarations;
}

/** No name of a formula has this mark. */
const PREFIX = 'letter#';

/** What is known of a letter. */
type Known = Pick<Datum, 'is' | 'prompt' | 'policy'>;
const ANYTHING: Known = { is: 'real', prompt: true, policy: true };

/**
 * Letters for the outermost parts that `isLetter` picks; parts that differ by their variables share a name. A letter
 * is what is `known` of the first part that it stands for.
 */
export function letters(
  isLetter: (e: Expr) => boolean,
  declared: Declarations,
  known: (part: Expr) => Known = () => ANYTHING,
): Letters {
  const patterns: { readonly body: Expr; readonly holes: readonly Var[]; readonly known: Known }[] = [];
  const hole = ({ sort }: Var, i: number): Var => variable(`hole_${i}`, sort);

  const letterFor = (e: Expr): Expr => {
    const own = freeNames(e).filter((name) => name.kind === 'var');
    const holes = own.map(hole);
    const body = substitute(
      e,
      own.map((v, i) => [v, holes[i] ?? v]),
    );
    const k = patterns.findIndex((pattern) => same(pattern.body, body));
    return apply(`${PREFIX}${k < 0 ? patterns.push({ body, holes, known: known(e) }) - 1 : k}`, own);
  };
  const spell = (e: Expr): Expr => (isLetter(e) ? letterFor(e) : mapChildren(e, spell));

  const unspell = (e: Expr): Expr =>
    rebuild(e, (node) => {
      const k = node.kind === 'apply' && node.name.startsWith(PREFIX) ? node.name.slice(PREFIX.length) : '';
      const pattern = k === '' ? undefined : patterns[Number(k)];
      if (pattern === undefined) return node;
      const args = children(node);
      return substitute(
        pattern.body,
        pattern.holes.map((v, i) => [v, args[i] ?? v]),
      );
    });

  return {
    spell,
    unspell,
    declared: () => ({
      ...declared,
      data: {
        ...declared.data,
        ...Object.fromEntries(
          patterns.map((pattern, k) => [`${PREFIX}${k}`, datum(pattern.holes, pattern.known)]),
        ),
      },
    }),
  };
}

const datum = (holes: readonly Var[], known: Known): Datum => ({
  ...known,
  shapes: [holes.map(({ sort }) => sort)],
  distribution: false,
});

/** Steps found among letters, written out. Their places stay: a letter has no parts that a step is about. */
export const unspelled = (steps: readonly Step[], { unspell }: Letters): readonly Step[] =>
  steps.map((step) => ({
    ...step,
    after: unspell(step.after),
    bindings: Object.fromEntries(Object.entries(step.bindings).map(([name, e]) => [name, unspell(e)])),
  }));
