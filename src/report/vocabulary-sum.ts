/** Short names for sums over the vocabulary, such as the divergence at one token, which make formulas long. */

import { freeNames, same, substitute } from '../expr/binder.ts';
import type { Expr, Var } from '../expr/expr.ts';
import { apply, variable } from '../expr/expr.ts';
import { mapChildren } from '../expr/walk.ts';
import type { Definition, Variant } from '../variant/variant.ts';

export interface VocabularySums {
  /** `e` with its sums over the vocabulary named. */
  readonly abbreviate: (e: Expr, of: Variant) => Expr;
  /** What has been named so far, each with the first claim that has it. */
  readonly found: () => readonly { readonly definition: Definition; readonly of: Variant }[];
}

const LETTERS = [...'ABCEFGHIMNPQ'];
const RESPONSE = variable('y', 'response');
const TOKEN = variable('t', 'token');

/** Letters that are `taken` are passed over; where none is left, sums stay as they are. */
export function vocabularySums(taken: ReadonlySet<string>): VocabularySums {
  const free = LETTERS.filter((letter) => !taken.has(letter));
  const known: { readonly definition: Definition; readonly of: Variant }[] = [];
  const nameOf = (body: Expr, of: Variant): string | undefined => {
    const met = known.find(({ definition }) => same(definition.body, body));
    const name = met?.definition.name ?? free[known.length];
    if (met === undefined && name !== undefined) {
      known.push({ definition: { name, params: [RESPONSE, TOKEN], body }, of });
    }
    return name;
  };
  const abbreviate = (e: Expr, of: Variant): Expr => {
    if (e.kind !== 'sum' || e.range.kind !== 'vocabulary') {
      return mapChildren(e, (part) => abbreviate(part, of));
    }
    const at = placeOf(e);
    if (at === undefined) return e;
    const [response, token] = at;
    const name = nameOf(
      substitute(e, [
        [response, RESPONSE],
        [token, TOKEN],
      ]),
      of,
    );
    return name === undefined ? e : apply(name, [response, token]);
  };
  return { abbreviate, found: () => known };
}

/** The response and the token that a sum is about, if it is about one of each and no hyper-parameter. */
function placeOf(e: Expr): readonly [Var, Var] | undefined {
  const names = freeNames(e);
  const [response] = names.filter((name) => name.kind === 'var' && name.sort === 'response');
  const [token] = names.filter((name) => name.kind === 'var' && name.sort === 'token');
  if (names.length !== 2 || response?.kind !== 'var' || token?.kind !== 'var') return undefined;
  return [response, token];
}
