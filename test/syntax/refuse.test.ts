import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NOTHING_DECLARED } from '../../src/expr/declare.ts';
import { readAssumption, readDatum, readHead } from '../../src/syntax/assume.ts';
import type { FormulaFault } from '../../src/syntax/fault.ts';
import { FormulaError } from '../../src/syntax/fault.ts';
import { parse } from '../../src/syntax/parse.ts';
import type { Scope } from '../../src/syntax/scope.ts';
import { FORMULA_SCOPE } from '../../src/syntax/scope.ts';

/** The fault that reading throws; anything else thrown, or nothing, fails the test. */
function faultOf(read: () => unknown): FormulaFault {
  try {
    read();
  } catch (error) {
    if (error instanceof FormulaError) return error.fault;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('refused in a formula', () => {
  test.each<[text: string, kind: FormulaFault['kind'], about: string]>([
    ['', 'empty', ''],
    ['  ', 'empty', '  '],
    ['2 beta', 'implicit-multiplication', '2 beta'],
    ['2beta', 'implicit-multiplication', '2beta'],
    ['1 + 2(a + b) - c', 'implicit-multiplication', '2(a + b)'],
    ['(a)(b)', 'implicit-multiplication', '(a)(b)'],
    ['exp(a)(b)', 'implicit-multiplication', 'exp(a)(b)'],
    ['a exp(b)', 'implicit-multiplication', 'a exp(b)'],
    ['(a) 2', 'implicit-multiplication', '(a) 2'],
    ['2 3', 'implicit-multiplication', '2 3'],
    ['a = 3', 'not-in-language', '='],
    ['f(a) = 3', 'not-in-language', '='],
    ['"a"', 'not-in-language', '"'],
    ["a'", 'not-in-language', "'"],
    ['[1, 2]', 'not-in-language', '['],
    ['a[1]', 'not-in-language', '['],
    ['{a: 1}', 'not-in-language', '{'],
    ['1:3', 'not-in-language', ':'],
    ['a ? b : c', 'not-in-language', '?'],
    ['a.b', 'not-in-language', '.'],
    ['a .* b', 'not-in-language', '.'],
    ['a!', 'not-in-language', '!'],
    ['50%', 'not-in-language', '%'],
    ['a; b', 'not-in-language', ';'],
    ['a # b', 'not-in-language', '#'],
    ['a & b', 'not-in-language', '&'],
    ['|a|', 'not-in-language', '|'],
    ['~a', 'not-in-language', '~'],
    ['a != b', 'not-in-language', '!='],
    ['a mod b', 'not-in-language', 'mod'],
    ['not a', 'not-in-language', 'not'],
    ['5 to a', 'not-in-language', 'to'],
    ['5 cm', 'implicit-multiplication', '5 cm'],
    ['a ** b', 'stray-character', '**'],
    ['β', 'stray-character', 'β'],
    ['a − b', 'stray-character', '−'],
    ['a × b', 'stray-character', '×'],
    ['a + 😀', 'stray-character', '😀'],
    ['a @ b', 'stray-character', '@'],
    ['a \\ b', 'stray-character', '\\'],
    ['(a', 'unbalanced', '('],
    ['exp((a)', 'unbalanced', '('],
    ['a)', 'unbalanced', ')'],
    [')a(', 'unbalanced', ')'],
    ['a +', 'value-expected', ''],
    ['a + * b', 'value-expected', '*'],
    ['* b', 'value-expected', '*'],
    ['()', 'value-expected', ')'],
    ['exp(a, )', 'value-expected', ')'],
    ['a, b', 'unexpected', ','],
    ['(a, b)', 'unexpected', ','],
    ['a < b', 'comparison-outside-indicator', 'a < b'],
    ['1 + (0 < a < 1)', 'comparison-outside-indicator', '0 < a < 1'],
    ['indicator(a)', 'comparison-expected', 'a'],
    ['indicator(a + b)', 'comparison-expected', 'a + b'],
    ['indicator(0 < a < 1)', 'comparison-expected', '0 < a < 1'],
    ['-log(sigmiod(beta * 2))', 'unknown-function', 'sigmiod'],
    ['score(y)', 'unknown-function', 'score'],
    ['import(a)', 'unknown-function', 'import'],
    ['createUnit(a)', 'unknown-function', 'createUnit'],
    ['evaluate(a)', 'unknown-function', 'evaluate'],
    ['parse(a)', 'unknown-function', 'parse'],
    ['simplify(a)', 'unknown-function', 'simplify'],
    ['derivative(a, b)', 'unknown-function', 'derivative'],
    ['constructor(a)', 'unknown-function', 'constructor'],
    ['__proto__(a)', 'unknown-function', '__proto__'],
    ['toString()', 'unknown-function', 'toString'],
    ['le(a, b)', 'unknown-function', 'le'],
    ['sin(a)', 'unknown-function', 'sin'],
    ['beta * beta(2)', 'not-a-function', 'beta'],
    ['w(2)', 'not-a-function', 'w'],
    ['exp(a, b)', 'wrong-arguments', 'exp(a, b)'],
    ['1 + exp() * 2', 'wrong-arguments', 'exp()'],
    ['max(a)', 'wrong-arguments', 'max(a)'],
    ['clamp(a, b)', 'wrong-arguments', 'clamp(a, b)'],
    ['sum(t, y)', 'wrong-arguments', 'sum(t, y)'],
    ['pi()', 'wrong-arguments', 'pi()'],
    ['pi(w, l, y, w)', 'wrong-arguments', 'pi(w, l, y, w)'],
    ['Z(y)', 'wrong-arguments', 'Z(y)'],
    ['pi', 'needs-arguments', 'pi'],
    ['2 * exp', 'needs-arguments', 'exp'],
    ['sum + 1', 'needs-arguments', 'sum'],
    ['log(w)', 'wrong-sort', 'w'],
    ['pi(y, y)', 'wrong-sort', 'y'],
    ['sum(t, y, pi(t))', 'wrong-sort', 't'],
    ['sum(v, V, v)', 'wrong-sort', 'v'],
    ['sum(v, V, pi(y, v))', 'wrong-sort', 'v'],
    ['D(y)', 'wrong-sort', 'y'],
    ['sum(t, x, 1)', 'wrong-sort', 'x'],
    ['pi(w, t)', 'unbound', 't'],
    ['pi(z)', 'unbound', 'z'],
    ['t * sum(t, y, pi(y, t))', 'unbound', 't'],
    ['sum(t, y, 1) + pi(y, t)', 'unbound', 't'],
    ['pi(w + l)', 'name-expected', 'w + l'],
    ['pi((w))', 'name-expected', '(w)'],
    ['pi(1)', 'name-expected', '1'],
    ['pi(w, 1, 2)', 'name-expected', '2'],
    ['pi(w, exp(1))', 'name-expected', 'exp(1)'],
    ['sum(1, y, a)', 'name-expected', '1'],
    ['sum(t + 1, y, a)', 'name-expected', 't + 1'],
    ['pi(w, 0)', 'token-number', '0'],
    ['pi(w, 1.5)', 'token-number', '1.5'],
    ['sum(t, k, a)', 'range-expected', 'k'],
    ['sum(t, 3, a)', 'range-expected', '3'],
    ['kl(beta, pi, y, 1)', 'not-a-distribution', 'beta'],
    ['entropy(len, y, 1)', 'not-a-distribution', 'len'],
    ['entropy(pi(y), y, 1)', 'not-a-distribution', 'pi(y)'],
    ['true', 'constant-name', 'true'],
    ['1 + NaN', 'constant-name', 'NaN'],
    ['-Infinity', 'constant-name', 'Infinity'],
    ['null', 'constant-name', 'null'],
    ['undefined', 'constant-name', 'undefined'],
    ['sum(pi, y, 1)', 'name-clash', 'pi'],
    ['sum(exp, y, 1)', 'name-clash', 'exp'],
    ['1.2.3', 'malformed-number', '1.2.3'],
    ['1..2', 'malformed-number', '1..2'],
    ['a + 1e401', 'too-many-digits', '1e401'],
    ['9'.repeat(401), 'too-many-digits', '9'.repeat(401)],
  ])('%s', (text, kind, about) => {
    const fault = faultOf(() => parse(text));
    expect([fault.kind, text.slice(fault.start, fault.end)]).toEqual([kind, about]);
  });

  test.each<[what: string, text: string, kind: FormulaFault['kind'], start: number]>([
    ['brackets', `${'('.repeat(201)}a${')'.repeat(201)}`, 'too-deep', 200],
    ['thousands of brackets', `${'('.repeat(90_000)}a${')'.repeat(90_000)}`, 'too-deep', 200],
    ['powers', `${'a^'.repeat(201)}a`, 'too-deep', 401],
    ['powers of negatives', `${'a^-'.repeat(101)}a`, 'too-deep', 301],
    ['signs', `${'-'.repeat(100_000)}a`, 'too-deep', 200],
    ['calls', `${'exp('.repeat(201)}a${')'.repeat(201)}`, 'too-deep', 803],
    ['characters', ' '.repeat(200_001), 'too-long', 200_000],
  ])('too many %s', (_, text, kind, start) => {
    expect(faultOf(() => parse(text))).toMatchObject({ kind, start });
  });
});

describe('what a fault knows', () => {
  const closed: Scope = {
    ...FORMULA_SCOPE,
    names: 'closed',
    declared: { ...NOTHING_DECLARED, parameters: { alpha: 'real', beta: 'positive', t: 'real' } },
    definitions: { h: ['response'] },
  };
  test.each<[text: string, scope: Scope, fault: object]>([
    ['sigmiod(a)', FORMULA_SCOPE, { suggestion: 'sigmoid', datum: false }],
    ['score(y)', FORMULA_SCOPE, { suggestion: undefined, datum: true }],
    // By what it is called elsewhere, not by its letters: those of `len` are nearer.
    ['ln(a)', FORMULA_SCOPE, { suggestion: 'log' }],
    ['expit(a)', FORMULA_SCOPE, { suggestion: 'sigmoid' }],
    ['Clip(a, 0, 1)', FORMULA_SCOPE, { suggestion: 'clamp' }],
    ['detach(a)', FORMULA_SCOPE, { suggestion: 'stopgrad' }],
    ['2 beta', FORMULA_SCOPE, { left: '2', right: 'beta', start: 0, end: 6 }],
    ['β', FORMULA_SCOPE, { suggestion: 'beta' }],
    ['a−b', FORMULA_SCOPE, { suggestion: '-' }],
    ['a×b', FORMULA_SCOPE, { suggestion: '*' }],
    ['a²', FORMULA_SCOPE, { suggestion: '^2' }],
    ['ａ', FORMULA_SCOPE, { suggestion: 'a' }],
    ['é', FORMULA_SCOPE, { suggestion: undefined }],
    ['clamp(a)', FORMULA_SCOPE, { found: 1, expected: ['clamp(a, b, c)'] }],
    ['log()', FORMULA_SCOPE, { found: 0, expected: ['log(a)'] }],
    ['pi()', FORMULA_SCOPE, { found: 0, expected: ['pi(y)', 'pi(y, t)', 'pi(y, t, v)'] }],
    ['log(w)', FORMULA_SCOPE, { found: 'response', expected: 'number' }],
    ['kl(p, reff, y, 1)', FORMULA_SCOPE, { name: 'p', suggestion: 'pi' }],
    ['alhpa + 1', closed, { kind: 'undeclared', name: 'alhpa', suggestion: 'alpha' }],
    ['constructor', closed, { kind: 'undeclared', suggestion: undefined }],
    ['beta(w)', closed, { kind: 'not-a-function', is: 'number' }],
    ['h', closed, { kind: 'needs-arguments', expected: ['h(y)'] }],
    ['h(w, l)', closed, { kind: 'wrong-arguments', expected: ['h(y)'] }],
    ['sum(t, y, 1)', closed, { kind: 'name-clash', with: 'parameter' }],
  ])('%s', (text, scope, fault) => {
    expect(faultOf(() => parse(text, scope))).toMatchObject(fault);
  });
});

describe('any text at all', () => {
  const words = fc.constantFrom(
    ...['a', 'w', 'y', 't', 'v', 'x', 'V', 'pi', 'ref', 'sum', 'kl', 'exp', 'max', 'indicator', 'stopgrad'],
    ...['1', '2.5', '1e9', '1e999', '(', ')', ',', '+', '-', '*', '/', '^', '<=', '<', '==', '=', '!=', '.'],
    ...[' ', '\n', '#', '"', 'β', '😀', 'constructor', '__proto__', 'integer', 'is', 'distribution'],
  );
  const texts = fc.oneof(
    fc.array(words, { maxLength: 24 }).map((parts) => parts.join('')),
    fc.array(words, { maxLength: 24 }).map((parts) => parts.join(' ')),
    fc.string({ unit: 'binary' }),
  );
  test.each<[what: string, read: (text: string) => unknown]>([
    ['formula', (text) => parse(text)],
    ['assumption', (text) => readAssumption(text, NOTHING_DECLARED)],
    ['datum', (text) => readDatum(text, NOTHING_DECLARED)],
    ['head', readHead],
  ])('as a %s is read, or refused at a place within it', (_, read) => {
    fc.assert(
      fc.property(texts, (text) => {
        try {
          read(text);
        } catch (error) {
          if (!(error instanceof FormulaError)) throw error;
          const { start, end } = error.fault;
          expect(0 <= start && start <= end && end <= text.length).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
