/** A stage about the generic response y is used of every response, unless something is granted about y itself. */

import { describe, expect, test } from 'vitest';
import type { Expr } from '../../src/expr/expr.ts';
import { num, variable } from '../../src/expr/expr.ts';
import type { Trace } from '../../src/trace/trace.ts';
import { DECLARED, outcome, positive, read, W, Y } from './formulas.ts';
import { stage, step, trace } from './traces.ts';

/** log(exp(e)) = e, then that equation used: `from` becomes `to`. */
const generic = (
  e: string,
  from: string,
  to: string,
  bindings: Readonly<Record<string, Expr>>,
  at: readonly number[] = [],
  more: Partial<Trace> = {},
): Trace =>
  trace(
    [
      stage(read(`log(exp(${e}))`), [step('log-exp', read(e), { bindings: { _a: read(e) } })], {
        id: 'first',
      }),
      stage(read(from), [step('first', read(to), { bindings, at })], { uses: ['first'] }),
    ],
    { declared: DECLARED, ...more },
  );
const AT_Y = { definitions: [{ id: 'at-y', lhs: read('zeta(y)'), rhs: num(1) }] };

describe('a stage about the generic response', () => {
  const SUM = 'sum(z, Y, phi(y, z))';
  test.each<[what: string, forged: Trace, outcome: string]>([
    ['used of another', generic('g(y)', 'log(exp(g(w)))', 'g(w)', { _y: W }), 'accepted'],
    ['used of itself', generic('g(y)', 'log(exp(g(y)))', 'g(y)', { _y: Y }), 'accepted'],
    [
      'used of all',
      generic('g(y)', 'sum(z, Y, log(exp(g(z))))', 'sum(z, Y, g(z))', { _y: variable('z', 'response') }, [0]),
      'accepted',
    ],
    [
      'used of all, under the index of its own sum',
      generic(
        SUM,
        'sum(z, Y, log(exp(sum(y, Y, phi(z, y)))))',
        'sum(z, Y, sum(y, Y, phi(z, y)))',
        { _y: variable('z', 'response') },
        [0],
      ),
      'accepted',
    ],
    [
      'caught by its own sum',
      generic(
        SUM,
        'sum(z, Y, log(exp(sum(y, Y, phi(z, y)))))',
        'sum(z, Y, sum(z, Y, phi(z, z)))',
        { _y: variable('z', 'response') },
        [0],
      ),
      'wrong-result',
    ],
    [
      'caught from the start',
      generic(
        SUM,
        'sum(z, Y, log(exp(sum(z, Y, phi(z, z)))))',
        'sum(z, Y, sum(y, Y, phi(z, y)))',
        { _y: variable('z', 'response') },
        [0],
      ),
      'does-not-match',
    ],
    [
      'of which a fact speaks',
      generic('g(y)', 'log(exp(g(w)))', 'g(w)', { _y: W }, [], positive('g(y)')),
      'needless-binding',
    ],
    [
      'of which a fact speaks, as it is',
      generic('g(y)', 'log(exp(g(w)))', 'g(w)', {}, [], positive('g(y)')),
      'does-not-match',
    ],
    [
      'of which a fact speaks, under a sum of its name',
      generic('g(y)', 'sum(y, Y, log(exp(g(y))))', 'sum(y, Y, g(y))', {}, [0], positive('g(y)')),
      'index-captured',
    ],
    [
      'of which a fact speaks in passing',
      generic('g(y)', 'log(exp(g(w)))', 'g(w)', { _y: W }, [], positive('g(w) - g(y)')),
      'needless-binding',
    ],
    [
      'of which a definition speaks',
      generic('zeta(y)', 'log(exp(zeta(w)))', 'zeta(w)', { _y: W }, [], AT_Y),
      'needless-binding',
    ],
    ['with nothing in its place', generic('g(y)', 'log(exp(g(w)))', 'g(w)', {}), 'unbound-metavariable'],
    [
      'with a prompt in its place',
      generic('g(y)', 'log(exp(g(w)))', 'g(w)', { _y: variable('w', 'prompt') }),
      'unbound-metavariable',
    ],
    [
      'with a number in its place',
      generic('g(y)', 'log(exp(g(w)))', 'g(w)', { _y: num(1) }),
      'unbound-metavariable',
    ],
    [
      'with another that it speaks of',
      generic('g(y) + g(w)', 'log(exp(g(l) + g(l)))', 'g(l) + g(l)', { _y: variable('l', 'response') }),
      'does-not-match',
    ],
    [
      'a stage about the chosen',
      generic('g(w)', 'log(exp(g(l)))', 'g(l)', { _y: variable('l', 'response') }),
      'needless-binding',
    ],
  ])('%s', (_, forged, expected) => expect(outcome(forged)).toBe(expected));

  test('two definitions by response do not meet in one equation', () => {
    const definitions = [
      { id: 'at-y', lhs: read('zeta(y)'), rhs: num(1) },
      { id: 'at-w', lhs: read('zeta(w)'), rhs: num(2) },
    ];
    const one = stage(read('zeta(y)'), [step('at-y', num(1))], { id: 'one', uses: ['at-y'] });
    const [w, two] = [read('zeta(w)'), num(2)];
    const steps = [step('one', w, { direction: 'backward', bindings: { _y: W } }), step('at-w', two)];
    const absurd = stage(num(1), steps, { uses: ['one', 'at-w'] });
    expect(outcome(trace([one, absurd], { declared: DECLARED, definitions }))).toBe('needless-binding');
  });
});
