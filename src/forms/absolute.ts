/** Absolute values in a canonical element: 2 max(0, d) - d is written |d|, whatever stands beside it. */

import type { Rational } from '../expr/rational.ts';
import { MINUS_ONE, ONE, rational, sameRational, times } from '../expr/rational.ts';
import { multiply } from './arithmetic.ts';
import type { Atom, Mono, Poly, Ring, Shape } from './element.ts';
import { addPolys, atomOf, monomial, ofAtom, scale, single, ZERO_POLY } from './element.ts';
import { compareExponents } from './order.ts';

const HALF = rational(1, 2);
const opposite = (poly: Poly): Poly => scale(poly, MINUS_ONE);

/** The same value with c m |d| for every 2 c m max(0, d) - c m d. For writing only: |d| is not canonical. */
export function withAbsolutes(ring: Ring, poly: Poly): Poly {
  let written = poly;
  for (const [mono, c] of poly) {
    const kink = mono.powers.find(({ atom, times: k }) => k === 1 && kinkOf(atom) !== undefined)?.atom;
    const of = kink === undefined ? undefined : kinkOf(kink);
    if (kink === undefined || of === undefined) continue;
    const others = mono.powers.filter(({ atom }) => atom !== kink);
    const half = single(monomial(ring, others, mono.exponent), times(c, HALF));
    const beside = opposite(multiply(ring, half, of));
    if (!contains(written, beside)) continue;
    const absolute = multiply(ring, half, single(ofAtom(ring, absoluteOf(ring, of)), ONE));
    written = addPolys(ring, [written, opposite(single(mono, c)), opposite(beside), absolute]);
  }
  return written;
}

/** d, of max(0, d). */
const kinkOf = ({ shape }: Atom): Poly | undefined =>
  shape.kind === 'fn' && shape.fn === 'max' && shape.args.length === 1 ? shape.args[0] : undefined;

const contains = (poly: Poly, part: Poly): boolean =>
  [...part].every(([mono, c]: readonly [Mono, Rational]) => {
    const there = poly.get(mono);
    return there !== undefined && sameRational(there, c);
  });

/** |d| as the atom max(0, d, -d), which no canonical element has. */
function absoluteOf(ring: Ring, of: Poly): Atom {
  const up = compareExponents(ring, of, ZERO_POLY) < 0 ? opposite(of) : of;
  return atomOf(ring, { kind: 'fn', fn: 'max', args: [up, opposite(up)] });
}

/** d, where the shape is that of |d|. */
export function absoluteIn(ring: Ring, shape: Shape): Poly | undefined {
  const [up, down, another] = shape.kind === 'fn' && shape.fn === 'max' ? shape.args : [];
  if (up === undefined || down === undefined || another !== undefined) return undefined;
  return addPolys(ring, [up, down]).size === 0 ? up : undefined;
}
