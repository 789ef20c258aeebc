/** Signs of numbers such as log(2) - 1/2: an enclosure that leaves zero out is a proof. */

import type { Atom, Mono, Poly, Ring } from './element.ts';
import { intern, spend } from './element.ts';
import type { Effort, Judgement } from './enclose.ts';
import { QUICK, THOROUGH } from './enclose.ts';
import { compile, sizeOf } from './program.ts';
import { reify } from './reify.ts';
import type { Space } from './space.ts';

/** What an enclosure can show: never that a number is zero. */
export type Side = 'positive' | 'negative' | 'unknown';

const NOWHERE: Space = {
  responses: [],
  complete: false,
  prompts: [],
  vocabulary: 0,
  lengths: new Map(),
  positions: new Map(),
  spelling: new Map(),
};

/** Each effort with its price for an elementary function, in term operations. */
const EFFORTS: readonly (readonly [Effort, price: number])[] = [QUICK, ...THOROUGH.slice(0, 2)].map(
  (effort) => [effort, Math.max(1, effort.weight / 20)],
);
/** The share of what is left to spend that one number may cost. */
const SHARE = 0.1;

/** The sign of an element without names; `unknown` for others, and for numbers too close to zero to tell. */
export function signOfConstant(ring: Ring, poly: Poly): Side {
  if (!isConstant(poly)) return 'unknown';
  const number = intern(ring, poly);
  const known = ring.constants.get(number);
  if (known !== undefined) return known;
  const found = enclosedSign(ring, number);
  ring.constants.set(number, found);
  return found;
}

function enclosedSign(ring: Ring, number: Poly): Side {
  const program = compile([reify(ring, number)], NOWHERE);
  if (program === undefined) return 'unknown';
  const { plain, elementary } = sizeOf(program);
  for (const [effort, price] of EFFORTS) {
    const cost = plain + elementary * price;
    if (cost > SHARE * ring.budget) return 'unknown';
    spend(ring, cost);
    const side = effort.judge(program, [], sideOf);
    if (side !== 'unknown') return side;
  }
  return 'unknown';
}

const sideOf: Judgement<Side> = ({ scalars: { less, zero } }, [of = 'unknown']) => {
  if (typeof of === 'string') return 'unknown';
  return less(zero, of.low) ? 'positive' : less(of.high, zero) ? 'negative' : 'unknown';
};

const isConstant = (poly: Poly): boolean => [...poly.keys()].every(isConstantMono);

const isConstantMono = ({ powers, exponent }: Mono): boolean =>
  powers.every(({ atom }) => isConstantAtom(atom)) && (exponent === undefined || isConstant(exponent));

function isConstantAtom({ shape }: Atom): boolean {
  switch (shape.kind) {
    case 'name':
    case 'sum':
      return false;
    case 'parity':
      return isConstantMono(shape.of);
    case 'fn':
      return shape.args.every(isConstant);
    default:
      return isConstant(shape.of);
  }
}
