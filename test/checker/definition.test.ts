/** Definitions: a name may be introduced, nothing that already means something may be laid down. */

import { describe, expect, test } from 'vitest';
import { check } from '../../src/checker/check.ts';
import type { DefinitionFlaw } from '../../src/checker/fault.ts';
import type { Datum, Declarations } from '../../src/expr/declare.ts';
import { BUILT_IN, FIXED_DISTRIBUTION } from '../../src/expr/declare.ts';
import type { Expr, Sort } from '../../src/expr/expr.ts';
import { apply, num, variable } from '../../src/expr/expr.ts';
import { parse } from '../../src/syntax/parse.ts';
import { stage, trace } from './traces.ts';

const score: Datum = {
  is: 'positive',
  shapes: [['response']],
  distribution: false,
  prompt: true,
  policy: false,
};
const DECLARED: Declarations = {
  parameters: { beta: 'positive', gamma: 'real' },
  data: { ...BUILT_IN, score, prev: FIXED_DISTRIBUTION, c: { ...score, shapes: [['prompt']] } },
  facts: [],
};
const DEFINED: Readonly<Record<string, readonly Sort[]>> = {
  h: ['response'],
  k: ['response'],
  two: ['response', 'response'],
};
/** An equation in the formula language; `_y`, `w`, `l` are responses. */
const read = (text: string): Expr =>
  parse(text, { declared: DECLARED, names: 'open', responses: ['_y', '_z', 'w', 'l'], definitions: DEFINED });

type Equation = readonly [lhs: string | Expr, rhs: string | Expr];
const verdictOn = (...equations: readonly Equation[]) => {
  const side = (e: string | Expr): Expr => (typeof e === 'string' ? read(e) : e);
  const definitions = equations.map(([lhs, rhs], i) => ({ id: `d${i}`, lhs: side(lhs), rhs: side(rhs) }));
  return check(trace([stage(num(0), [])], { declared: DECLARED, definitions }));
};

describe('accepted', () => {
  test.each<[what: string, ...equations: Equation[]]>([
    ['a prior', ['zeta(_y)', 'ref(_y) * exp(gamma)']],
    ['a prior that depends on the policy', ['zeta(_y)', 'pi(_y)^(1 - 1/len(_y))']],
    ['a prior by label', ['zeta(w)', 'ref(w)'], ['zeta(l)', 'ref(l) * exp(gamma)']],
    ['a weight', ['kl_weight()', 'beta']],
    ['a prior of the prompt', ['zeta(_y)', 'c(x) * ref(_y)']],
    ['an abbreviation of any sign', ['h(_y)', 'gamma * log(pi(_y))']],
    ['an abbreviation of another', ['h(_y)', 'score(_y)'], ['k(_y)', 'h(_y) + 1']],
    ['an abbreviation with a sum', ['h(_y)', 'sum(t, _y, log(pi(_y, t)))']],
    ['an abbreviation of the reward', ['h(_y)', 'gamma * r(_y)']],
    ['a prior that mentions the weight', ['zeta(_y)', 'ref(_y) * exp(score(_y) / kl_weight())']],
    ['an abbreviation of two', ['two(_y, _z)', 'score(_y) - score(_z)']],
  ])('%s', (_, ...equations) => expect(verdictOn(...equations)).toMatchObject({ kind: 'accepted' }));
});

const META = variable('_y', 'response');
describe('refused', () => {
  test.each<[what: string, why: DefinitionFlaw, ...equations: Equation[]]>([
    ['a sum as name', 'not-a-datum', ['h(_y) + 1', '2']],
    ['a number as name', 'not-a-datum', ['1', '0']],
    ['a hyper-parameter', 'not-a-datum', ['beta', '1']],
    ['a metavariable', 'not-a-datum', [META, '1']],
    ...['pi(_y)', 'ref(_y)', 'len(_y)', 'r(_y)', 'Z()', 'D(x)', 'prefers(_y, _z)'].map(
      (lhs): [string, DefinitionFlaw, Equation] => [`the built-in ${lhs}`, 'declared-already', [lhs, '1']],
    ),
    ['the policy at a fixed response', 'declared-already', ['pi(w)', '1']],
    ['a further distribution', 'declared-already', ['prev(_y)', 'ref(_y)']],
    ['data of the user', 'declared-already', ['score(_y)', '1']],
    ['one argument twice', 'repeated-argument', ['two(_y, _y)', '0']],
    ['a number as argument', 'repeated-argument', [apply('h', [num(1)]), '0']],
    ['a metavariable that is not bound', 'free-variable', ['h(_y)', 'score(_z)']],
    ['a number that is not bound', 'free-variable', ['h(_y)', '2 * _a']],
    ['a prior that looks at the pair', 'free-variable', ['zeta(_y)', 'ref(w) * ref(_y)']],
    ['a prior of the chosen that looks at the rejected', 'free-variable', ['zeta(w)', 'ref(l)']],
    ['a free index', 'free-variable', ['h(_y)', apply('pi', [META, variable('t', 'token')])]],
    ['itself', 'circular', ['h(_y)', 'h(_y) + 1']],
    ['itself at another response', 'circular', ['zeta(w)', 'exp(zeta(w))']],
    ['a later one', 'circular', ['h(_y)', 'k(_y) + 1'], ['k(_y)', '1']],
    ['a circle of two', 'circular', ['h(_y)', 'k(_y) + 1'], ['k(_y)', 'h(_y)']],
    ...['Z()', 'exp(r(_y))', 'pi_star(_y)', 'prefers(_y, _y)', 'exp(objective())'].map(
      (rhs): [string, DefinitionFlaw, Equation] => [`a prior made of ${rhs}`, 'circular', ['zeta(_y)', rhs]],
    ),
    ['a weight made of the partition function', 'circular', ['kl_weight()', 'Z()']],
    ['a prior by way of an abbreviation', 'circular', ['h(_y)', 'r(_y)'], ['zeta(_y)', 'exp(h(_y))']],
    ['the same twice', 'overlap', ['kl_weight()', '1'], ['kl_weight()', '2']],
    ['the same at renamed arguments', 'overlap', ['h(_y)', '1'], ['h(_z)', '2']],
    ['one response twice', 'overlap', ['zeta(w)', 'ref(w)'], ['zeta(w)', 'pi(w)']],
    ['all, then one', 'overlap', ['zeta(_y)', 'ref(_y)'], ['zeta(w)', 'pi(w)']],
    ['one, then all', 'overlap', ['zeta(w)', 'pi(w)'], ['zeta(_y)', 'ref(_y)']],
    ['a prior that may be negative', 'domain', ['zeta(_y)', 'gamma * ref(_y)']],
    ['a prior that is negative', 'domain', ['zeta(_y)', '-ref(_y)']],
    ['a prior of zero', 'domain', ['zeta(_y)', '0']],
    ['a weight of unknown sign', 'domain', ['kl_weight()', 'gamma']],
    ['a weight of zero', 'domain', ['kl_weight()', 'beta - beta']],
  ])('%s', (_, why, ...equations) => {
    expect(verdictOn(...equations)).toMatchObject({ fault: { reason: { kind: 'bad-definition', why } } });
  });
});
