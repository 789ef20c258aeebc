/**
 * Canonical terms collected as a paper writes them: by hyper-parameter coefficient, log-probabilities of
 * one response as a log-ratio, the chosen response before the rejected one. Presentation only: whoever
 * uses the result proves it.
 */

import { occursFree, same } from '../expr/binder.ts';
import type { Declarations } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { add, divide, log, minus, mul, num, pow, variable } from '../expr/expr.ts';
import type { Rational } from '../expr/rational.ts';
import { compareRationals, isOne, MINUS_ONE, negate, ONE, sameRational, ZERO } from '../expr/rational.ts';
import { some } from '../expr/walk.ts';
import { termsOf } from './canonise.ts';

/** c * parameters * data. */
interface Term {
  readonly c: Rational;
  readonly parameters: readonly Expr[];
  readonly data: readonly Expr[];
}

const factorsOf = (e: Expr): readonly Expr[] => (e.kind === 'mul' ? e.factors : [e]);
export const hasData = (e: Expr): boolean => some(e, (node) => node.kind === 'apply' || node.kind === 'sum');

function readTerm(e: Expr): Term {
  const factors = factorsOf(e);
  const numbers = factors.flatMap((f) => (f.kind === 'num' ? [f.value] : []));
  const rest = factors.filter((f) => f.kind !== 'num');
  return {
    c: numbers[0] ?? ONE,
    parameters: rest.filter((f) => !hasData(f)),
    data: rest.filter(hasData),
  };
}

const isDivisor = (f: Expr): boolean =>
  f.kind === 'pow' && f.exponent.kind === 'num' && compareRationals(f.exponent.value, ZERO) < 0;
/** Numerators before divisors, so that the first factor is no divisor where that can be. */
const dividing = (factors: readonly Expr[]): readonly Expr[] => [
  ...factors.filter((f) => !isDivisor(f)),
  ...factors.filter(isDivisor),
];

/** A product as written by hand: numerator over denominator. */
export function product(factors: readonly Expr[]): Expr {
  const isDivisor = (f: Expr): boolean =>
    f.kind === 'pow' && f.exponent.kind === 'num' && compareRationals(f.exponent.value, ZERO) < 0;
  const over = factors.filter((f) => !isDivisor(f));
  const under = factors.filter(isDivisor).map((f): Expr => {
    if (f.kind !== 'pow' || f.exponent.kind !== 'num') return f;
    const k = negate(f.exponent.value);
    return isOne(k) ? f.base : pow(f.base, num(k));
  });
  const join = (list: readonly Expr[]): Expr =>
    list.length === 1 ? (list[0] ?? num(1)) : list.length === 0 ? num(1) : mul(list);
  if (under.length === 0) return join(over);
  return over.length === 0 ? pow(join(under), num(-1)) : divide(join(over), join(under));
}

export const total = (terms: readonly Expr[]): Expr =>
  terms.length === 0 ? num(0) : terms.length === 1 ? (terms[0] ?? num(0)) : add(terms);

const signed = (c: Rational, e: Expr): Expr => {
  if (isOne(c)) return e;
  if (e.kind === 'num' && isOne(e.value)) return num(c);
  if (sameRational(c, MINUS_ONE)) return e.kind === 'mul' ? mul([num(-1), ...e.factors]) : minus(e);
  return mul([num(c), ...factorsOf(e)]);
};

const mentions = (e: Expr, response: string): boolean => occursFree(e, variable(response, 'response'));
/** Chosen first, then rejected, then what depends on both or neither. */
const role = ({ data }: Term): number => {
  const [w, l] = [data.some((f) => mentions(f, 'w')), data.some((f) => mentions(f, 'l'))];
  return w && !l ? 0 : l && !w ? 1 : w ? 2 : 3;
};

/** `e` collected; undefined where its canonical form is out of reach. */
export function collect(e: Expr, declared: Declarations): Expr | undefined {
  const terms = termsOf(e, declared)?.map(readTerm);
  if (terms === undefined) return undefined;
  const groups: {
    readonly parameters: readonly Expr[];
    readonly size: Rational;
    readonly members: Term[];
  }[] = [];
  for (const term of [...terms].sort((a, b) => role(a) - role(b) || rank([a]) - rank([b]))) {
    const size = compareRationals(term.c, ZERO) < 0 ? negate(term.c) : term.c;
    const group = groups.find(
      (g) =>
        sameRational(g.size, size) &&
        sameFactors(g.parameters, term.parameters) &&
        term.data.length > 0 &&
        (g.members[0]?.data.length ?? 0) > 0,
    );
    if (group === undefined) groups.push({ parameters: term.parameters, size, members: [term] });
    else group.members.push(term);
  }
  const ordered = [...groups].sort((a, b) => rank(a.members) - rank(b.members));
  return total(
    ordered
      .map(({ parameters, size, members }) => groupExpr(parameters, size, members))
      .flatMap((e) => (e.kind === 'add' ? e.terms : [e])),
  );
}

/** Groups with the policy's log-probabilities first, constants last. */
function rank(members: readonly Term[]): number {
  const has = (name: string): boolean =>
    members.some(({ data }) => data.some((f) => some(f, (n) => n.kind === 'apply' && n.name === name)));
  return has('pi') ? 0 : has('ref') ? 1 : members.some(({ data }) => data.length > 0) ? 2 : 3;
}

const sameFactors = (a: readonly Expr[], b: readonly Expr[]): boolean =>
  a.length === b.length && a.every((f, i) => same(f, b[i] ?? num(0)));

function groupExpr(parameters: readonly Expr[], size: Rational, members: readonly Term[]): Expr {
  const leading = members[0]?.c ?? ONE;
  const flip = compareRationals(leading, ZERO) < 0;
  const sign = flip ? negate(size) : size;
  const inner = ratios(
    members.map((m) => ({ ...m, c: compareRationals(m.c, ZERO) < 0 !== flip ? MINUS_ONE : ONE })),
  );
  if (inner.length === 1) {
    const [only = { c: ONE, e: num(1) }] = inner;
    const isUnit = only.e.kind === 'num' && isOne(only.e.value);
    const data = isUnit ? [] : factorsOf(only.e);
    const c = compareRationals(only.c, ZERO) < 0 ? negate(sign) : sign;
    // (alpha/beta) len(y) rather than (alpha len(y))/beta: the coefficient is read first.
    const coefficientFirst = parameters.some(isDivisor) && !data.some(isDivisor) && data.length > 0;
    if (coefficientFirst) return mul([...(isOne(c) ? [] : [num(c)]), ...dividing(parameters), ...data]);
    return signed(c, product([...parameters, ...data]));
  }
  const sum = add(inner.map(({ c, e }) => signed(c, e)));
  if (parameters.length === 0 && isOne(sign)) return sum;
  return signed(sign, product([...parameters, sum]));
}

interface Signed {
  readonly c: Rational;
  readonly e: Expr;
}

/** log p(y) - log q(y), with the same further factors, becomes log(p(y)/q(y)). */
function ratios(members: readonly Term[]): readonly Signed[] {
  const left = [...members];
  const made: Signed[] = [];
  for (let term = left.shift(); term !== undefined; term = left.shift()) {
    const own = logDatum(term);
    const k = own === undefined ? -1 : left.findIndex((other) => isPartner(term as Term, own, other));
    const partner = left[k];
    const other = partner === undefined ? undefined : logDatum(partner);
    if (own === undefined || partner === undefined || other === undefined) {
      made.push({ c: term.c, e: product(term.data) });
      continue;
    }
    left.splice(k, 1);
    const rest = term.data.filter((f) => f !== own.factor);
    made.push({ c: term.c, e: product([log(divide(own.of, other.of)), ...rest]) });
  }
  return made;
}

interface LogDatum {
  readonly factor: Expr;
  readonly of: Expr;
}
function logDatum({ data }: Term): LogDatum | undefined {
  for (const factor of data) {
    const [of] = factor.kind === 'call' && factor.fn === 'log' ? factor.args : [];
    if (of?.kind === 'apply') return { factor, of };
  }
  return undefined;
}

function isPartner(term: Term, own: LogDatum, other: Term): boolean {
  const found = logDatum(other);
  if (found === undefined || sameRational(term.c, other.c)) return false;
  const [a, b] = [own.of, found.of];
  if (a.kind !== 'apply' || b.kind !== 'apply' || a.name === b.name) return false;
  const sameArgs = sameFactors(a.args, b.args);
  const rest = (t: Term, f: Expr): readonly Expr[] => t.data.filter((g) => g !== f);
  return sameArgs && sameFactors(rest(term, own.factor), rest(other, found.factor));
}
