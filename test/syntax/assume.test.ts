import { describe, expect, test } from 'vitest';
import type { Datum, Declarations, Domain } from '../../src/expr/declare.ts';
import { FIXED_DISTRIBUTION, NOTHING_DECLARED } from '../../src/expr/declare.ts';
import { readAssumption, readDatum, readHead } from '../../src/syntax/assume.ts';
import type { FormulaFault } from '../../src/syntax/fault.ts';
import { FormulaError } from '../../src/syntax/fault.ts';
import { print } from '../../src/syntax/print.ts';

const assume = (...texts: readonly string[]): Declarations =>
  texts.reduce((declared, text) => readAssumption(text, declared), NOTHING_DECLARED);
const declare = (...texts: readonly string[]): Declarations =>
  texts.reduce((declared, text) => readDatum(text, declared), NOTHING_DECLARED);

function faultOf(read: () => unknown): FormulaFault {
  try {
    read();
  } catch (error) {
    if (error instanceof FormulaError) return error.fault;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('assumptions', () => {
  test.each<[texts: readonly string[], domains: Record<string, Domain>, facts: readonly string[]]>([
    [['beta > 0'], { beta: 'positive' }, []],
    [['0 < beta'], { beta: 'positive' }, []],
    [['beta >= 0'], { beta: 'nonnegative' }, []],
    [['0 < p < 1'], { p: 'open-unit' }, []],
    [['1 > p > 0'], { p: 'open-unit' }, []],
    [['0 <= p <= 1'], { p: 'unit' }, []],
    [['0 < p <= 1'], { p: 'positive' }, ['nonnegative 1 - p']],
    [['n integer'], { n: 'integer' }, []],
    [['n is integer'], { n: 'integer' }, []],
    [['z boolean'], { z: 'boolean' }, []],
    [['p open-unit'], { p: 'open-unit' }, []],
    [['alpha real'], { alpha: 'real' }, []],
    [['alpha != 0'], { alpha: 'real' }, ['nonzero alpha']],
    [['beta > 1'], { beta: 'positive' }, ['positive beta - 1']],
    [['beta - 1 > 0'], { beta: 'positive' }, ['positive beta - 1']],
    [['beta < 0'], { beta: 'real' }, ['positive -beta']],
    [['a > b'], {}, ['positive a - b']],
    [['a <= b + c'], {}, ['nonnegative (b + c) - a']],
    [['a != b'], {}, ['nonzero a - b']],
    [['0 < a < b'], { a: 'positive' }, ['positive b - a']],
    [['len(w) >= len(l)'], {}, ['nonnegative len(w) - len(l)']],
    [['1 < 2'], {}, []],
    // Several about one name are combined to the strongest.
    [['beta >= 0', 'beta > 0'], { beta: 'positive' }, []],
    [['beta > 0', 'beta >= 0'], { beta: 'positive' }, []],
    [['p > 0', 'p < 1'], { p: 'open-unit' }, []],
    [['p < 1', 'p > 0'], { p: 'open-unit' }, []],
    [['alpha >= 0', 'alpha != 0'], { alpha: 'positive' }, []],
    [['alpha != 0', 'alpha >= 0'], { alpha: 'positive' }, []],
    [['beta > 0', 'beta != 0'], { beta: 'positive' }, []],
    [['n integer', 'n > 0'], { n: 'positive' }, ['integer n']],
    [['n integer', '0 <= n <= 1'], { n: 'boolean' }, []],
    [['beta > 2', 'beta > 1'], { beta: 'positive' }, ['positive beta - 2']],
    [['beta > 0', 'beta real'], { beta: 'positive' }, []],
    [
      ['constructor > 0', '__proto__ >= 0'],
      Object.fromEntries([
        ['constructor', 'positive'],
        ['__proto__', 'nonnegative'],
      ]),
      [],
    ],
  ])('%j', (texts, domains, facts) => {
    const { parameters, facts: found, data } = assume(...texts);
    expect(Object.entries(parameters)).toEqual(Object.entries(domains));
    expect(found.map((fact) => `${fact.kind} ${print(fact.of)}`)).toEqual(facts);
    expect(data).toBe(NOTHING_DECLARED.data);
  });

  test.each<[texts: readonly string[], kind: FormulaFault['kind'], about: string]>([
    [['beta > 0', 'beta < 0'], 'contradiction', 'beta < 0'],
    [['beta > 0', ' beta <= 0 '], 'contradiction', 'beta <= 0'],
    [['beta > 2', 'beta < 1'], 'contradiction', 'beta < 1'],
    [['n integer', '0 < n < 1'], 'contradiction', '0 < n < 1'],
    [['p open-unit', 'p boolean'], 'contradiction', 'p boolean'],
    [['2 < 1'], 'contradiction', '2 < 1'],
    [['beta >= 0', 'beta <= 0', 'beta != 0'], 'contradiction', 'beta != 0'],
    [['beta'], 'not-an-assumption', 'beta'],
    [['beta positiv'], 'implicit-multiplication', 'beta positiv'],
    [['2 integer'], 'not-an-assumption', '2'],
    [['a < b > c'], 'not-an-assumption', 'a < b > c'],
    [['a < b < c < d'], 'not-an-assumption', 'a < b < c < d'],
    [['a != b != c'], 'not-an-assumption', 'a != b != c'],
    [['beta = 1'], 'not-in-language', '='],
    [['beta == 1'], 'comparison-outside-indicator', 'beta == 1'],
    [['beta >'], 'value-expected', ''],
    [['> 0'], 'value-expected', '>'],
    [['w > 0'], 'wrong-sort', 'w'],
    [['0 < sigmiod(a)'], 'unknown-function', 'sigmiod'],
    [[''], 'empty', ''],
  ])('%j is refused', (texts, kind, about) => {
    const last = texts.at(-1) ?? '';
    const before = assume(...texts.slice(0, -1));
    const fault = faultOf(() => readAssumption(last, before));
    expect([fault.kind, last.slice(fault.start, fault.end)]).toEqual([kind, about]);
  });
});

describe('data', () => {
  const datum = (is: Domain, shapes: Datum['shapes'], prompt = true): Datum => ({
    is,
    shapes,
    distribution: false,
    prompt,
    policy: false,
  });
  test.each<[texts: readonly string[], name: string, datum: Datum]>([
    [['score(y)'], 'score', datum('real', [['response']])],
    [['m(y,t) >= 0'], 'm', datum('nonnegative', [['response', 'token']])],
    [['m(y, t) > 0'], 'm', datum('positive', [['response', 'token']])],
    [['0 <= m(y,t) <= 1'], 'm', datum('unit', [['response', 'token']])],
    [['z(y,t) boolean'], 'z', datum('boolean', [['response', 'token']])],
    [['phi(w,l)'], 'phi', datum('real', [['response', 'response']])],
    [['c(x)'], 'c', datum('real', [['prompt']])],
    [['g(y1, s, u)'], 'g', datum('real', [['response', 'token', 'vocab']])],
    [['k()'], 'k', datum('real', [[]])],
    [['q(y) >= 0 response-only'], 'q', datum('nonnegative', [['response']], false)],
    [['prev(y) distribution'], 'prev', FIXED_DISTRIBUTION],
    [['prev(y) distribution response-only'], 'prev', { ...FIXED_DISTRIBUTION, prompt: false }],
    [['m(y)', 'm(y,t)', 'm(y)'], 'm', datum('real', [['response'], ['response', 'token']])],
    [['constructor(y)'], 'constructor', datum('real', [['response']])],
    [['__proto__(y)'], '__proto__', datum('real', [['response']])],
  ])('%j', (texts, name, wanted) => {
    const { data } = declare(...texts);
    expect(Object.hasOwn(data, name) && data[name]).toEqual(wanted);
    expect(Object.keys(data)).toEqual([...Object.keys(NOTHING_DECLARED.data), name]);
  });

  test.each<[texts: readonly string[], kind: FormulaFault['kind'], about: string]>([
    [['score'], 'not-a-declaration', 'score'],
    [['score(y'], 'not-a-declaration', 'score(y'],
    [['score(y,)'], 'not-a-declaration', ','],
    [['score(y t)'], 'not-a-declaration', 't'],
    [['score(2)'], 'not-a-declaration', '2'],
    [['score(q)'], 'unknown-argument', 'q'],
    [['phi(w,w)'], 'repeated-argument', 'w'],
    [['pi(y)'], 'name-clash', 'pi'],
    [['exp(y)'], 'name-clash', 'exp'],
    [['sum(y)'], 'name-clash', 'sum'],
    [['true(y)'], 'constant-name', 'true'],
    [['m(y) > 1'], 'not-a-declaration', 'm(y) > 1'],
    [['m(y) > beta'], 'not-a-declaration', 'beta'],
    [['1 < m(y) < 0'], 'contradiction', '1 < m(y) < 0'],
    [['c(x) distribution'], 'not-a-declaration', 'c(x) distribution'],
    [['prev(y) boolean distribution'], 'not-a-declaration', 'prev(y) boolean distribution'],
    [['m(y)', 'm(y,t) > 0'], 'conflicting-domain', 'm(y,t) > 0'],
    [[''], 'empty', ''],
  ])('%j is refused', (texts, kind, about) => {
    const last = texts.at(-1) ?? '';
    const before = declare(...texts.slice(0, -1));
    const fault = faultOf(() => readDatum(last, before));
    expect([fault.kind, last.slice(fault.start, fault.end)]).toEqual([kind, about]);
  });

  test('a hyper-parameter is not declared again as data', () => {
    const fault = faultOf(() => readDatum('beta(y)', assume('beta > 0')));
    expect(fault).toMatchObject({ kind: 'name-clash', with: 'parameter' });
  });
});

test('a head has a name and parameters, their sorts by their letters', () => {
  expect(readHead(' h(w, t, v, x) ')).toEqual({
    name: 'h',
    params: [
      { kind: 'var', name: 'w', sort: 'response' },
      { kind: 'var', name: 't', sort: 'token' },
      { kind: 'var', name: 'v', sort: 'vocab' },
      { kind: 'var', name: 'x', sort: 'prompt' },
    ],
  });
});
