/** What is granted about one hyper-parameter by numbers: an interval, integrality, not being zero; and the domain that says so. */

import type { Declarations, Domain, Fact } from '../expr/declare.ts';
import { DOMAINS, domainOf } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { add, minus, num, sym } from '../expr/expr.ts';
import type { Rational } from '../expr/rational.ts';
import { compareRationals, isZero, MINUS_ONE, negate, ONE, sameRational, ZERO } from '../expr/rational.ts';

interface Bound {
  readonly at: Rational;
  readonly strict: boolean;
}
/** All of it holds at once; what is absent is not known. */
export interface Bounds {
  readonly lower?: Bound;
  readonly upper?: Bound;
  readonly integer?: true;
  readonly nonzero?: true;
}

const above = (at: Rational, strict: boolean): Bounds => ({ lower: { at, strict } });
const below = (at: Rational, strict: boolean): Bounds => ({ upper: { at, strict } });

const MEANING: Readonly<Record<Domain, Bounds>> = {
  real: {},
  positive: above(ZERO, true),
  nonnegative: above(ZERO, false),
  unit: { ...above(ZERO, false), ...below(ONE, false) },
  'open-unit': { ...above(ZERO, true), ...below(ONE, true) },
  integer: { integer: true },
  boolean: { ...above(ZERO, false), ...below(ONE, false), integer: true },
};
/** The domains, those that say more first; signs before integrality, because more rules ask for them. */
const STRONGEST_FIRST: readonly Domain[] = [
  'boolean',
  'open-unit',
  'positive',
  'unit',
  'nonnegative',
  'integer',
  'real',
];

export const isDomain = (word: string): word is Domain => DOMAINS.some((domain) => domain === word);
export const boundsOfDomain = (domain: Domain): Bounds => MEANING[domain];

/** Both at once. */
export function meet(a: Bounds, b: Bounds): Bounds {
  const lower = tighter(a.lower, b.lower, 1);
  const upper = tighter(a.upper, b.upper, -1);
  const nonzero = (a.nonzero ?? b.nonzero) === true;
  // With zero excluded, a bound at zero is strict.
  const sharpen = (bound: Bound): Bound => (nonzero && isZero(bound.at) ? { ...bound, strict: true } : bound);
  return {
    ...(lower && { lower: sharpen(lower) }),
    ...(upper && { upper: sharpen(upper) }),
    ...((a.integer ?? b.integer) && { integer: true }),
    ...(nonzero && { nonzero: true }),
  };
}

function tighter(a: Bound | undefined, b: Bound | undefined, inward: 1 | -1): Bound | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const order = compareRationals(a.at, b.at) * inward;
  if (order === 0) return a.strict ? a : b;
  return order > 0 ? a : b;
}

/** Whether no number satisfies the bounds. */
export function isEmpty({ lower, upper, integer }: Bounds): boolean {
  if (lower === undefined || upper === undefined) return false;
  if (integer) return firstInteger(lower) > -firstInteger({ ...upper, at: negate(upper.at) });
  const order = compareRationals(lower.at, upper.at);
  return order > 0 || (order === 0 && (lower.strict || upper.strict));
}

/** The least integer above a lower bound. */
function firstInteger({ at, strict }: Bound): bigint {
  const truncated = at.n / at.d;
  const floor = at.n < 0n && truncated * at.d !== at.n ? truncated - 1n : truncated;
  return floor * at.d === at.n && !strict ? floor : floor + 1n;
}

/** Whether everything within `a` is within `b`. */
function implies(a: Bounds, b: Bounds): boolean {
  const { lower, upper, integer, nonzero } = meet(a, b);
  const same = (p: Bound | undefined, q: Bound | undefined): boolean =>
    p === q || (p !== undefined && q !== undefined && sameRational(p.at, q.at) && p.strict === q.strict);
  const keeps = same(lower, a.lower) && same(upper, a.upper) && integer === a.integer;
  return keeps && (nonzero === a.nonzero || leavesZeroOut(a.lower, a.upper));
}

function leavesZeroOut(lower: Bound | undefined, upper: Bound | undefined): boolean {
  const beyond = (bound: Bound | undefined, side: 1 | -1): boolean => {
    const order = bound === undefined ? -1 : compareRationals(bound.at, ZERO) * side;
    return order > 0 || (order === 0 && bound?.strict === true);
  };
  return beyond(lower, 1) || beyond(upper, -1);
}

/** The strongest domain that the bounds imply, and the bounds that it does not say, one by one. */
export function domainWithin(all: Bounds): { readonly domain: Domain; readonly beyond: readonly Bounds[] } {
  const domain = STRONGEST_FIRST.find((candidate) => implies(all, MEANING[candidate])) ?? 'real';
  const { lower, upper, integer, nonzero } = all;
  const atoms: Bounds[] = [];
  if (lower !== undefined) atoms.push({ lower });
  if (upper !== undefined) atoms.push({ upper });
  if (integer !== undefined) atoms.push({ integer });
  if (nonzero !== undefined && !leavesZeroOut(lower, upper)) atoms.push({ nonzero });
  return { domain, beyond: atoms.filter((atom) => !implies(MEANING[domain], atom)) };
}

/** The fact that says `a > b` or `a >= b`. */
export function greater(a: Expr, b: Expr, strict: boolean): Fact {
  return { kind: strict ? 'positive' : 'nonnegative', of: difference(a, b) };
}

/** `a - b` in the spelling of a formula, without the zeros. */
export function difference(a: Expr, b: Expr): Expr {
  if (b.kind === 'num') return isZero(b.value) ? a : add([a, num(negate(b.value))]);
  return a.kind === 'num' && isZero(a.value) ? minus(b) : add([a, minus(b)]);
}

/** The fact that says a single bound about the hyper-parameter `name`. */
function factOf(name: string, { lower, upper, integer }: Bounds): Fact {
  const parameter = sym(name);
  if (lower !== undefined) return greater(parameter, num(lower.at), lower.strict);
  if (upper !== undefined) return greater(num(upper.at), parameter, upper.strict);
  return { kind: integer ? 'integer' : 'nonzero', of: parameter };
}

/** What a fact says about one hyper-parameter by numbers: the inverse of `factOf`; undefined if it says something else. */
export function boundsOfFact({ kind, of }: Fact): readonly [name: string, bounds: Bounds] | undefined {
  if (kind === 'integer') return of.kind === 'sym' ? [of.name, { integer: true }] : undefined;
  if (kind === 'nonzero') return of.kind === 'sym' ? [of.name, { nonzero: true }] : undefined;
  const strict = kind === 'positive';
  const [first, second] = of.kind === 'add' && of.terms.length === 2 ? of.terms : [of, num(0)];
  if (first === undefined || second === undefined) return undefined;
  if (first.kind === 'sym' && second.kind === 'num') return [first.name, above(negate(second.value), strict)];
  const [constant, negated] = first.kind === 'num' ? [first.value, second] : [ZERO, of];
  if (negated.kind !== 'mul' || negated.factors.length !== 2) return undefined;
  const [sign, parameter] = negated.factors;
  const isMinus = sign?.kind === 'num' && sameRational(sign.value, MINUS_ONE);
  return isMinus && parameter?.kind === 'sym' ? [parameter.name, below(constant, strict)] : undefined;
}

/** `declared` with further bounds on a hyper-parameter; undefined if they contradict what is there. */
export function narrow(declared: Declarations, name: string, further: Bounds): Declarations | undefined {
  const rest: Fact[] = [];
  let all = meet(boundsOfDomain(domainOf(declared, name)), further);
  for (const fact of declared.facts) {
    const known = boundsOfFact(fact);
    if (known?.[0] === name) all = meet(all, known[1]);
    else rest.push(fact);
  }
  if (isEmpty(all)) return undefined;
  const { domain, beyond } = domainWithin(all);
  return {
    ...declared,
    parameters: { ...declared.parameters, [name]: domain },
    facts: [...rest, ...beyond.map((bounds) => factOf(name, bounds))],
  };
}
