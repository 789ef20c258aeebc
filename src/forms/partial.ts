/**
 * How quotients are divided out: m/G by G's leading (or least) term as far as that goes, so that x/(1+x) and
 * 1 - 1/(1+x) have the same terms. Each divisor on its own; no partial fractions of two.
 */

import type { Rational } from '../expr/rational.ts';
import { negate, plus, ZERO } from '../expr/rational.ts';
import type { Atom, Mono, Poly, Ring } from './element.ts';
import { compareAtoms, sortedTerms } from './order.ts';

/** What a degree counts: the power of an atom, or the coefficient of one term of the exponent. */
type Direction =
  | { readonly kind: 'atom'; readonly atom: Atom }
  | { readonly kind: 'exponent'; readonly term: Mono };

function degree(mono: Mono, direction: Direction): Rational {
  if (direction.kind === 'exponent') return mono.exponent?.get(direction.term) ?? ZERO;
  const k = mono.powers.find(({ atom }) => atom === direction.atom)?.times ?? 0;
  return { n: BigInt(k), d: 1n };
}

const minus = (a: Rational, b: Rational): Rational => plus(a, negate(b));

/** A divisor seen along its leading term's direction: its top and bottom terms, where each is the only one. */
interface Divisor {
  readonly of: Poly;
  readonly direction: Direction;
  readonly top: readonly [Mono, Rational] | undefined;
  readonly bottom: readonly [Mono, Rational] | undefined;
  readonly height: Rational;
}

function divisorOf(ring: Ring, group: Atom): Divisor | undefined {
  if (group.shape.kind !== 'group') return undefined;
  const { of } = group.shape;
  const terms = sortedTerms(ring, of);
  const lead = terms[0]?.[0];
  const direction = lead === undefined ? undefined : directionOf(ring, lead);
  if (direction === undefined) return undefined;
  const degrees = terms.map(([mono]) => degree(mono, direction));
  const most = degrees.reduce((a, b) => (minus(a, b).n >= 0n ? a : b));
  const least = degrees.reduce((a, b) => (minus(a, b).n <= 0n ? a : b));
  const only = (wanted: Rational) => {
    const found = terms.filter((_, i) => minus(degrees[i] ?? ZERO, wanted).n === 0n);
    return found.length === 1 ? found[0] : undefined;
  };
  return { of, direction, top: only(most), bottom: only(least), height: most };
}

function directionOf(ring: Ring, lead: Mono): Direction | undefined {
  if (lead.exponent !== undefined) {
    const [first] = sortedTerms(ring, lead.exponent);
    return first === undefined ? undefined : { kind: 'exponent', term: first[0] };
  }
  const atoms = lead.powers.filter(({ times: k }) => k > 0).map(({ atom }) => atom);
  const [atom] = atoms.sort((a, b) => compareAtoms(ring, a, b));
  return atom === undefined ? undefined : { kind: 'atom', atom };
}

/** Division by one term t of a divisor G: m/G = (m/t) - (m/t) (G - t)/G. */
export interface DivisionStep {
  readonly group: Atom;
  readonly by: readonly [Mono, Rational];
  /** G - t. */
  readonly rest: Poly;
}

/** The next division that brings a monomial with divisors nearer to its form; undefined if it has it. */
export function divisionStep(ring: Ring, mono: Mono): DivisionStep | undefined {
  for (const { atom, times: k } of mono.powers) {
    const divisor = k < 0 ? divisorOf(ring, atom) : undefined;
    const by = divisor === undefined ? undefined : stepFor(mono, divisor);
    if (divisor === undefined || by === undefined) continue;
    const rest = new Map(divisor.of);
    rest.delete(by[0]);
    return { group: atom, by, rest };
  }
  return undefined;
}

/** The term of the divisor to divide by: the top one where it fits into m, the bottom one where m lies below it. */
function stepFor(
  mono: Mono,
  { direction, top, bottom, height }: Divisor,
): readonly [Mono, Rational] | undefined {
  const own = degree(mono, direction);
  if (top !== undefined && minus(own, height).n >= 0n && fits(top[0], mono, direction)) return top;
  return bottom !== undefined && own.n < 0n && degree(bottom[0], direction).n === 0n ? bottom : undefined;
}

const fits = (term: Mono, mono: Mono, direction: Direction): boolean =>
  direction.kind === 'exponent' ||
  term.powers.every(({ atom, times: k }) => (mono.powers.find((p) => p.atom === atom)?.times ?? 0) >= k);
