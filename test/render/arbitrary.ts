/** Random expressions with their values, hostile text, and the way back from a display to an expression. */

import fc from 'fast-check';
import type { Expr } from '../../src/expr/expr.ts';
import {
  add,
  apply,
  call,
  divide,
  exp,
  freeze,
  grad,
  log,
  minus,
  mul,
  num,
  pow,
  reciprocal,
  sigmoid,
  sum,
  sym,
  variable,
} from '../../src/expr/expr.ts';
import { FN_NAMES, FUNCTIONS } from '../../src/expr/function.ts';
import { rational, readDecimal, toNumber } from '../../src/expr/rational.ts';
import type { Display } from '../../src/render/display.ts';

const W = variable('w', 'response');
const L = variable('l', 'response');
const Y = variable('y', 'response');
const T = variable('t', 'token');
const V = variable('v', 'vocab');

const response = fc.constantFrom(W, L, Y);
const scalar = fc.oneof(
  fc
    .tuple(fc.integer({ min: -12, max: 12 }), fc.constantFrom(1, 1, 2, 3, 7, 10, 100))
    .map(([n, d]) => num(rational(n, d))),
  fc.constantFrom('a', 'b', 'beta', 'gamma_1', 'e', 'gamma_beta_ratio').map(sym),
);
const datum = fc.oneof(
  fc
    .tuple(fc.constantFrom('pi', 'ref', 'len', 'r', 'zeta', 'score'), response)
    .map(([f, y]) => apply(f, [y])),
  fc.constant(apply('Z', [])),
  fc.constant(apply('kl_weight', [])),
);
const tokenwise = fc.oneof(
  fc.tuple(fc.constantFrom('pi', 'm'), response).map(([f, y]) => apply(f, [y, T])),
  response.map((y) => apply('pi', [y, T, V])),
);

/** Random expressions; with `sums: false` none that binds an index. */
export function expressions({ sums }: { readonly sums: boolean }): fc.Arbitrary<Expr> {
  const { expr } = fc.letrec<{ expr: Expr }>((tie) => {
    const e = tie('expr');
    const several = fc.array(e, { minLength: 0, maxLength: 4 });
    const calls = fc
      .constantFrom(...FN_NAMES)
      .chain((fn) =>
        fc.tuple(...Array.from({ length: FUNCTIONS[fn].min }, () => e)).map((args) => call(fn, args)),
      );
    const inner = fc.oneof(e, tokenwise);
    const binders = fc.oneof(
      fc
        .tuple(response, inner)
        .map(([of, body]) => sum(T, { kind: 'tokens', of }, sum(V, { kind: 'vocabulary' }, body))),
      e.map((body) => sum(Y, { kind: 'responses' }, body)),
    );
    return {
      expr: fc.oneof(
        { maxDepth: 6, depthSize: 'medium' },
        datum,
        scalar,
        several.map(add),
        several.map(mul),
        e.map(minus),
        fc.tuple(e, e).map(([a, b]) => divide(a, b)),
        fc.tuple(e, fc.oneof(scalar, e)).map(([a, b]) => pow(a, b)),
        fc.tuple(e, fc.constantFrom(-2, -1, 2)).map(([a, k]) => pow(a, num(k))),
        e.map(log),
        e.map(exp),
        e.map(sigmoid),
        e.map(freeze),
        calls,
        ...(sums ? [binders] : []),
      ),
    };
  });
  return expr;
}

/** Text made of what could be active somewhere, between ordinary and arbitrary characters. */
export const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(...'\\{}$&#%_^~<>|`"\'*[]()!-+.@:/ \n\r\t\u001b\u009b\u0007\u0000\u202e'),
      fc.constantFrom(
        '\\input{/etc/passwd}',
        '<script>',
        '{{x}}',
        '\u001b[31m',
        '\u001b]0;t\u0007',
        'β',
        'π',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.string({ maxLength: 3 }),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''));

/** A number between 1/2 and 3/2 that depends on the text alone. */
function numberFor(text: string): number {
  let hash = 2166136261;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16777619);
  return 0.5 + ((hash >>> 8) % 9973) / 9973;
}

type Scope = ReadonlyMap<string, number>;

/**
 * The value of `e` with numbers made from the names. Spelling uses few laws: those of sums, products and constant
 * exponents, and what log1p and its like stand for. So exp, log and large powers may be functions that neither
 * overflow nor end at zero, and nearly every expression has a value of ordinary size.
 */
export function evaluate(e: Expr, scope: Scope = new Map()): number {
  const value = compute(e, scope);
  return Number.isFinite(value) ? value : Number.NaN;
}

function compute(e: Expr, scope: Scope): number {
  const at = (part: Expr): number => evaluate(part, scope);
  switch (e.kind) {
    case 'num':
      return toNumber(e.value);
    case 'sym':
      return numberFor(e.name);
    case 'var':
      return scope.get(e.name) ?? numberFor(`variable ${e.name}`);
    case 'apply':
      return numberFor(`${e.name}(${e.args.map(at).join()})`);
    case 'add':
      return e.terms.reduce((total, term) => total + at(term), 0);
    case 'mul':
      return e.factors.reduce((total, factor) => total * at(factor), 1);
    case 'pow': {
      const [base, k] = [at(e.base), at(e.exponent)];
      // The sign of a zero is not a value: 1/0 is nothing rather than an infinity.
      if (base === 0 && k < 0) return Number.NaN;
      const size = Math.abs(k);
      const root = size % 1 === 0 ? base : Math.abs(base);
      const raised = size <= 4 ? root ** size : 1.5 + Math.sin(root * size);
      return k < 0 ? 1 / raised : raised;
    }
    case 'freeze':
      return at(e.body);
    case 'grad':
      throw new TypeError('a gradient has no value of its own');
    case 'sum':
      return [1, 2].reduce((total, i) => total + evaluate(e.body, new Map([...scope, [e.index.name, i]])), 0);
    case 'call': {
      const [x = 0, y = 0, z = 0] = e.args.map(at);
      if (![x, y, z].every(Number.isFinite)) return Number.NaN;
      switch (e.fn) {
        case 'exp':
          return positive(x);
        case 'log':
          return Math.log(Math.abs(x));
        case 'log1p':
          return Math.log(Math.abs(1 + x));
        case 'expm1':
          return positive(x) - 1;
        case 'sqrt':
          return Math.sqrt(Math.abs(x));
        case 'sigmoid':
          return 1 / (1 + Math.exp(-x));
        case 'logsigmoid':
          return Math.log(1 / (1 + Math.exp(-x)));
        case 'softplus':
          return Math.log1p(Math.exp(x));
        case 'tanh':
          return Math.tanh(x);
        case 'abs':
          return Math.abs(x);
        case 'relu':
          return Math.max(0, x);
        case 'max':
          return Math.max(...e.args.map(at));
        case 'min':
          return Math.min(...e.args.map(at));
        case 'clamp':
          return Math.min(Math.max(x, y), z);
        case 'le':
          return x <= y ? 1 : 0;
        case 'lt':
          return x < y ? 1 : 0;
        case 'eq':
          return x === y ? 1 : 0;
      }
    }
  }
}

const positive = (x: number): number => 1.5 + Math.sin(x);

/** The expression that a reader of the display reads. */
export function read(d: Display): Expr {
  switch (d.kind) {
    case 'number':
      return num(readDecimal(d.digits) ?? Number.NaN);
    case 'name':
      return sym(d.name);
    case 'variable':
      return d.variable;
    case 'datum':
      return apply(d.name, d.args);
    case 'terms':
      return add(d.terms.map(({ negative, of }) => (negative ? minus(read(of)) : read(of))));
    case 'product':
      return mul(d.factors.map(read));
    case 'fraction':
      return mul([read(d.over), reciprocal(read(d.under))]);
    case 'power':
      return pow(read(d.base), read(d.exponent));
    case 'root':
      return call('sqrt', [read(d.of)]);
    case 'exponential':
      return exp(read(d.exponent));
    case 'call':
      return call(d.fn, d.args.map(read));
    case 'sum':
      return sum(d.index, d.range, read(d.body));
    case 'freeze':
      return freeze(read(d.of));
    case 'gradient':
      return grad(read(d.of));
    case 'group':
    case 'marked':
      return read(d.of);
  }
}
