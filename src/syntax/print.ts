/** Expression to text: the inverse of `parse`, for every expression that a formula can write. */

import type { Expr, Mul, Pow, Sum } from '../expr/expr.ts';
import type { Rational } from '../expr/rational.ts';
import { isInteger, isOne, MINUS_ONE, negate, sameRational } from '../expr/rational.ts';
import { children } from '../expr/walk.ts';
import { MOST_DIGITS } from './token.ts';
import { COMPARISONS, isComparison, RANGE_WORD } from './word.ts';

/**
 * `e` in the formula language: `parse` reads it back as the same tree (an index that shares its name with a
 * hyper-parameter comes back renamed). Not so for what no formula can write: sums and products of fewer
 * than two parts (printed as their value), and numbers of more than 400 digits.
 */
export function print(e: Expr): string {
  const names = new Set<string>();
  const parameters = new Set<string>();
  collect(e, names, parameters);
  return sumText({ names, parameters, renamed: new Map() }, e);
}

interface Scope {
  /** Every name in the expression, and those given to renamed indices. */
  readonly names: Set<string>;
  readonly parameters: ReadonlySet<string>;
  /** New names of the indices bound here. */
  readonly renamed: ReadonlyMap<string, string>;
}

function collect(e: Expr, names: Set<string>, parameters: Set<string>): void {
  if (e.kind === 'sym') parameters.add(e.name);
  if (e.kind === 'sym' || e.kind === 'var') names.add(e.name);
  if (e.kind === 'sum') names.add(e.index.name);
  for (const part of children(e)) collect(part, names, parameters);
}

/** `e` where anything may stand: at the top, in brackets, as an argument. */
function sumText(scope: Scope, e: Expr): string {
  if (e.kind !== 'add') return termText(scope, e);
  let text = '';
  for (const [i, term] of e.terms.entries()) {
    const negative = i > 0 && startsNegative(term);
    if (i > 0) text += negative ? ' - ' : ' + ';
    text += termText(scope, term, negative);
  }
  return text || '0';
}

/** Whether the text of a term begins with a minus sign, which then is the minus of the sum. */
function startsNegative(term: Expr): boolean {
  const head = term.kind === 'mul' ? term.factors[0] : term;
  return head?.kind === 'num' && head.value.n < 0n;
}

/** A term of a sum; without its leading minus if `unsigned`. */
function termText(scope: Scope, e: Expr, unsigned = false): string {
  if (e.kind === 'mul') return productText(scope, e, unsigned);
  if (e.kind === 'num') return numberText(e.value, unsigned);
  return headText(scope, e);
}

function productText(scope: Scope, e: Mul, unsigned: boolean): string {
  const [head, next] = e.factors;
  if (head === undefined) return '1';
  if (next === undefined) return termText(scope, head, unsigned);
  let text: string;
  let done = 1;
  if (head.kind !== 'num') {
    text = headText(scope, head);
  } else if (sameRational(head.value, MINUS_ONE) && next.kind !== 'num') {
    // -x * y; were the next factor a number, it would swallow the sign.
    text = `${unsigned ? '' : '-'}${headText(scope, next)}`;
    done = 2;
  } else {
    text = numberText(head.value, unsigned);
    // 1 / x is the lone reciprocal and 2 / 3 one number: the first divisor after such a head is a power.
    if (isReciprocal(next) && (isOne(head.value) || (isWhole(head) && isWhole(next.base)))) {
      text += ` * ${powerText(scope, next)}`;
      done = 2;
    }
  }
  for (const factor of e.factors.slice(done)) {
    text += isReciprocal(factor) ? ` / ${factorText(scope, factor.base)}` : ` * ${factorText(scope, factor)}`;
  }
  return text;
}

/** What heads a product, or is a term by itself, and is no number. */
function headText(scope: Scope, e: Expr): string {
  return isReciprocal(e) && !isWhole(e.base) ? `1 / ${factorText(scope, e.base)}` : factorText(scope, e);
}

const isReciprocal = (e: Expr): e is Pow =>
  e.kind === 'pow' && e.exponent.kind === 'num' && sameRational(e.exponent.value, MINUS_ONE);

/** Whether `e` is written with digits alone, perhaps after a sign, so that a quotient of two such is a number. */
const isWhole = (e: Expr): boolean => e.kind === 'num' && isInteger(e.value);

/** What may stand right of `*` and `/`. */
function factorText(scope: Scope, e: Expr): string {
  return e.kind === 'pow' && (!isReciprocal(e) || isWhole(e.base)) ? powerText(scope, e) : atomText(scope, e);
}

function powerText(scope: Scope, { base, exponent }: Pow): string {
  return `${atomText(scope, base)}^${atomText(scope, exponent)}`;
}

/** What may stand on either side of `^`: names, calls, whole numbers, and the rest in brackets. */
function atomText(scope: Scope, e: Expr): string {
  switch (e.kind) {
    case 'sym':
      return e.name;
    case 'var':
      return scope.renamed.get(e.name) ?? e.name;
    case 'apply':
      return callText(scope, e.name, e.args);
    case 'call':
      return isComparison(e.fn)
        ? callText(scope, 'indicator', e.args, ` ${COMPARISONS[e.fn]} `)
        : callText(scope, e.fn, e.args);
    case 'freeze':
      return callText(scope, 'stopgrad', [e.body]);
    case 'grad':
      return callText(scope, 'grad', [e.body]);
    case 'sum':
      return binderText(scope, e);
    case 'num':
      return isInteger(e.value) && e.value.n >= 0n ? numberText(e.value) : `(${numberText(e.value)})`;
    case 'add':
    case 'mul':
    case 'pow':
      return `(${sumText(scope, e)})`;
  }
}

function callText(scope: Scope, name: string, args: readonly Expr[], separator = ', '): string {
  return `${name}(${args.map((arg) => sumText(scope, arg)).join(separator)})`;
}

function binderText(scope: Scope, { index, range, body }: Sum): string {
  let name = index.name;
  // A formula cannot use one name for an index and a hyper-parameter; an expression can.
  for (let k = 1; scope.parameters.has(index.name) && scope.names.has(name); k++) name = `${index.name}_${k}`;
  scope.names.add(name);
  const over = range.kind === 'tokens' ? sumText(scope, range.of) : RANGE_WORD[range.kind];
  const inside = { ...scope, renamed: new Map(scope.renamed).set(index.name, name) };
  return `sum(${name}, ${over}, ${sumText(inside, body)})`;
}

/** A number; without its minus if `unsigned`. */
function numberText(value: Rational, unsigned = false): string {
  const size = value.n < 0n ? negate(value) : value;
  const sign = value.n < 0n && !unsigned ? '-' : '';
  const above = digits(size.n);
  const below = digits(size.d);
  if (size.d === 1n) return sign + above;
  // The largest denominator a literal can have, 10^400, has one digit too many for a literal of its own.
  return below.includes('e') ? `${sign}${above}e-${MOST_DIGITS}` : `${sign}${above}/${below}`;
}

/** A whole number as a literal, with an exponent only where plain digits would be too many. */
function digits(n: bigint): string {
  const plain = n.toString();
  if (plain.length <= MOST_DIGITS) return plain;
  const zeros = Math.min(MOST_DIGITS, /0*$/.exec(plain)?.[0].length ?? 0);
  return zeros === 0 ? plain : `${plain.slice(0, -zeros)}e${zeros}`;
}
