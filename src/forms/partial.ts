/**
 * Quotients in one form under a sum: m/G is divided by G's leading (and least) term as far as that goes, so
 * that x/(1+x) and 1 - 1/(1+x) have the same terms. Each divisor on its own; no partial fractions of two.
 */

import type { Rational } from '../expr/rational.ts';
import { invert, MINUS_ONE, negate, ONE, plus, times, ZERO } from '../expr/rational.ts';
import { multiply, reciprocalOf } from './arithmetic.ts';
import type { Atom, Mono, Poly, Ring } from './element.ts';
import { accumulate, addPolys, monomial, scale, single, spend } from './element.ts';
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
  readonly group: Atom;
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
  return { group, of, direction, top: only(most), bottom: only(least), height: most };
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

const MOST_ROUNDS = 200;

/** The element with every quotient divided out; the same element if nothing could be. */
export function dividedOut(ring: Ring, poly: Poly): Poly {
  let here = poly;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const next = onePass(ring, here);
    if (next === here) return here;
    here = next;
  }
  return poly;
}

function onePass(ring: Ring, poly: Poly): Poly {
  for (const [mono, c] of poly) {
    for (const { atom, times: k } of mono.powers) {
      if (k >= 0) continue;
      const divisor = divisorOf(ring, atom);
      const by = divisor === undefined ? undefined : stepFor(mono, divisor);
      if (divisor === undefined || by === undefined) continue;
      spend(ring, divisor.of.size);
      // m = q t, so m/G = q (G - (G - t))/G = q - q (G - t)/G: one power of G less, and a smaller rest.
      const [t, d] = by;
      const q = multiply(ring, single(mono, times(c, invert(d))), reciprocalOf(ring, single(t, ONE)));
      const rest = new Map(divisor.of);
      rest.delete(t);
      const left = new Map<Mono, Rational>(poly);
      left.delete(mono);
      return addPolys(ring, [
        left,
        cancelled(ring, q, divisor.group),
        scale(multiply(ring, q, rest), MINUS_ONE),
      ]);
    }
  }
  return poly;
}

/** q * G with one power of the divisor taken off: multiplied, G would come out expanded over G. */
function cancelled(ring: Ring, q: Poly, group: Atom): Poly {
  const cleared = new Map<Mono, Rational>();
  for (const [mono, c] of q) {
    const powers = mono.powers.flatMap((p) =>
      p.atom !== group ? [p] : p.times + 1 === 0 ? [] : [{ atom: p.atom, times: p.times + 1 }],
    );
    accumulate(cleared, monomial(ring, powers, mono.exponent), c);
  }
  return cleared;
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
