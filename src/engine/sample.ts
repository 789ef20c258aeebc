/**
 * What an expression is worth at one made-up point: letters of an expression are told apart, and likely partners
 * found, by these numbers. Nothing rests on them but where a step is tried: the checker judges every step.
 */

import type { Call, Expr } from '../expr/expr.ts';
import { orderlessKey } from '../expr/flat.ts';
import { isInteger, toNumber } from '../expr/rational.ts';
import { children } from '../expr/walk.ts';

/** A number in (0.2, 0.9) that follows from a text. */
function made(text: string): number {
  let hash = 2166136261;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
  hash = Math.imul(hash ^ (hash >>> 15), 2246822519);
  return 0.2 + (0.7 * ((hash ^ (hash >>> 13)) >>> 0)) / 2 ** 32;
}

/** The places that an index takes: enough to tell a sum from its summand. */
const PLACES = ['1', '2'];

/** Logarithms and fractional powers of the size, so that a value is there wherever one is wanted. */
function sampled(e: Expr, places: ReadonlyMap<string, string> = new Map()): number {
  const at = (part: Expr): number => sampled(part, places);
  switch (e.kind) {
    case 'num':
      return toNumber(e.value);
    case 'sym':
      return made(e.name);
    case 'var':
      return Number(placeOf(e.name, places)) || made(e.name);
    case 'apply':
      return made(`${e.name}(${e.args.map((arg) => nameOf(arg, places)).join()})`);
    case 'add':
      return e.terms.reduce((total, term) => total + at(term), 0);
    case 'mul':
      return e.factors.reduce((product, factor) => product * at(factor), 1);
    case 'pow': {
      const whole = e.exponent.kind === 'num' && isInteger(e.exponent.value);
      return (whole ? at(e.base) : Math.abs(at(e.base))) ** at(e.exponent);
    }
    case 'call':
      return called(e.fn, e.args.map(at));
    case 'sum': {
      const of = e.range.kind === 'tokens' ? made(`tokens of ${nameOf(e.range.of, places)}`) : 1;
      return PLACES.reduce(
        (total, k) => total + of * sampled(e.body, new Map(places).set(e.index.name, k)),
        0,
      );
    }
    case 'freeze':
      return at(e.body) + made('stop-gradient');
    case 'grad':
      return at(e.body) * made('gradient');
  }
}

const placeOf = (name: string, places: ReadonlyMap<string, string>): string => places.get(name) ?? name;
const nameOf = (e: Expr, places: ReadonlyMap<string, string>): string =>
  e.kind === 'var'
    ? placeOf(e.name, places)
    : e.kind === 'num'
      ? `${e.value.n}`
      : children(e).length.toString();

function called(fn: Call['fn'], args: readonly number[]): number {
  const [x = 0, y = 0, z = 0] = args;
  switch (fn) {
    case 'exp':
      return Math.exp(x);
    case 'log':
      return Math.log(Math.abs(x));
    case 'sigmoid':
      return 1 / (1 + Math.exp(-x));
    case 'max':
      return Math.max(...args);
    case 'min':
      return Math.min(...args);
    default:
      return Math.sin(made(fn) * x + 2 * y + 3 * z);
  }
}

/** A value, and the size of what was added up to it: rounding is measured by that. */
interface Sample {
  readonly value: number;
  readonly size: number;
}

/** The value of a rational function, whatever is no ring operation taken as a letter. */
function rational(e: Expr): Sample {
  if (e.kind === 'num') return exactly(toNumber(e.value));
  if (e.kind === 'add') {
    const terms = e.terms.map(rational);
    return { value: total(terms.map((t) => t.value)), size: total(terms.map((t) => t.size)) };
  }
  if (e.kind === 'mul') {
    const factors = e.factors.map(rational);
    return { value: product(factors.map((f) => f.value)), size: product(factors.map((f) => f.size)) };
  }
  if (e.kind !== 'pow' || e.exponent.kind !== 'num' || !isInteger(e.exponent.value))
    return exactly(made(orderlessKey(e)));
  const [{ value, size }, k] = [rational(e.base), toNumber(e.exponent.value)];
  const raised = value ** k;
  return { value: raised, size: Math.abs(raised) * (size / Math.abs(value)) ** Math.abs(k) };
}
const exactly = (value: number): Sample => ({ value, size: Math.abs(value) });
const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const product = (values: readonly number[]): number => values.reduce((a, b) => a * b, 1);

const ROUNDING = 1e-11;

/** Whether two expressions look equal by ring operations alone. */
export function looksAlgebraic(a: Expr, b: Expr): boolean {
  const [left, right] = [rational(a), rational(b)];
  return Math.abs(left.value - right.value) <= ROUNDING * (left.size + right.size);
}

/** Whether two expressions look equal, by whatever rules. */
export function looksEqual(a: Expr, b: Expr): boolean {
  const [left, right] = [sampled(a), sampled(b)];
  return Math.abs(left - right) <= 1e-9 * Math.max(1, Math.abs(left), Math.abs(right));
}
