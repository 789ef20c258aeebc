/** Sums over tokens that have a closed form: of powers of the index, and on a diagonal. */

import type { Range, Var } from '../expr/expr.ts';
import { apply } from '../expr/expr.ts';
import { invert, MINUS_ONE, ONE, rational } from '../expr/rational.ts';
import { powerOf } from './arithmetic.ts';
import type { Mono, Poly, Power, Ring } from './element.ts';
import { addPolys, atomOf, constant, monomial, ofAtom, scale, single } from './element.ts';

const MOST_POWER = 12;

/** sum_t t^k as a polynomial in the length; undefined for other bodies. */
export function sumOfPowers(ring: Ring, index: Var, range: Range, mono: Mono): Poly | undefined {
  const [only, more] = mono.powers;
  if (range.kind !== 'tokens' || only === undefined || more !== undefined || mono.exponent !== undefined)
    return undefined;
  const { shape } = only.atom;
  const isIndex = shape.kind === 'name' && shape.of.kind === 'var' && shape.of.name === index.name;
  if (!isIndex || only.times < 1 || only.times > MOST_POWER) return undefined;
  const length = single(ofAtom(ring, atomOf(ring, { kind: 'name', of: apply('len', [range.of]) })), ONE);
  return faulhaber(ring, length, only.times).at(-1);
}

/** S_0, ..., S_k at n, from (n + 1)^(j+1) - 1 = sum_i<=j binomial(j + 1, i) S_i (the sum telescopes). */
function faulhaber(ring: Ring, n: Poly, k: number): readonly Poly[] {
  const one = constant(ring, ONE);
  const sums: Poly[] = [];
  for (let j = 0; j <= k; j++) {
    const telescoped = addPolys(ring, [
      powerOf(ring, addPolys(ring, [n, one]), j + 1),
      scale(one, MINUS_ONE),
    ]);
    const lower = sums.map((sum, i) => scale(sum, rational(-binomial(j + 1, i))));
    sums.push(scale(addPolys(ring, [telescoped, ...lower]), invert(rational(j + 1))));
  }
  return sums;
}

function binomial(n: number, k: number): bigint {
  let value = 1n;
  for (let i = 0; i < k; i++) value = (value * BigInt(n - i)) / BigInt(i + 1);
  return value;
}

/** What 1[s = t] f(s) adds up to over s, for another index t of the same range: f at t. */
export function onDiagonal(
  ring: Ring,
  index: Var,
  mono: Mono,
): { readonly rest: Mono; readonly at: Var } | undefined {
  for (const power of mono.powers) {
    const at = partnerOf(power, index);
    if (at === undefined) continue;
    return {
      rest: monomial(
        ring,
        mono.powers.filter((p) => p !== power),
        mono.exponent,
      ),
      at,
    };
  }
  return undefined;
}

/** The index that an indicator says is equal to `index`, where it runs over the same tokens. */
function partnerOf({ atom: { shape }, times }: Power, index: Var): Var | undefined {
  const [difference] = shape.kind === 'fn' && shape.fn === 'eq' && times === 1 ? shape.args : [];
  if (difference?.size !== 2) return undefined;
  const terms = [...difference].map(([mono, c]) => ({ of: loneIndex(mono), c }));
  const [a, b] = terms;
  if (a?.of === undefined || b?.of === undefined || a.c.n !== -b.c.n || a.c.d !== b.c.d) return undefined;
  const other = a.of.name === index.name ? b.of : b.of.name === index.name ? a.of : undefined;
  return other !== undefined && rangeIn(other) === rangeIn(index) ? other : undefined;
}

function loneIndex({ powers, exponent }: Mono): Var | undefined {
  const [only, more] = powers;
  if (only?.times !== 1 || more !== undefined || exponent !== undefined) return undefined;
  const { shape } = only.atom;
  return shape.kind === 'name' && shape.of.kind === 'var' ? shape.of : undefined;
}

/** Canonical indices are named by nesting and range (see `indexAt`). */
const rangeIn = ({ name }: Var): string | undefined =>
  name.includes('@') ? name.slice(name.indexOf('@')) : undefined;
