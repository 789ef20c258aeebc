/** The canonical form: one for equal things, whatever their order, their names of indices and the way they were made. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { freshName, substitute } from '../../src/expr/binder.ts';
import type { Declarations, Domain } from '../../src/expr/declare.ts';
import { NOTHING_DECLARED } from '../../src/expr/declare.ts';
import type { Expr } from '../../src/expr/expr.ts';
import { add, apply, mul, sum, variable } from '../../src/expr/expr.ts';
import { rebuild, some } from '../../src/expr/walk.ts';
import { canonical, logisticLogit, signOfExpr, termsOf } from '../../src/forms/canonise.ts';
import { provesEqual } from '../../src/forms/decide.ts';
import { differentiate } from '../../src/forms/differentiate.ts';
import { monomial } from '../../src/forms/element.ts';
import { withCanonical } from '../../src/forms/granted.ts';
import { parse } from '../../src/syntax/parse.ts';
import { print } from '../../src/syntax/print.ts';
import { GROUND, groundExpressions, KINKED, runs, SMOOTH, sameInWorlds } from './ground.ts';
import { plainMoves, rewritten } from './rewriting.ts';

const TOKEN = apply('pi', [variable('w', 'response'), variable('j', 'token')]);

/** The canonical form as text; fails where there is none. */
function form(e: Expr): string {
  const found = canonical(e, GROUND);
  if (found === undefined) throw new RangeError(`no canonical form of ${print(e)}`);
  return print(found);
}
const canonised = (e: Expr): Expr => canonical(e, GROUND) ?? e;

/** Terms and factors turned round everywhere. */
const reversed = (e: Expr): Expr =>
  rebuild(e, (node) => {
    if (node.kind === 'add') return add(node.terms.toReversed());
    return node.kind === 'mul' ? mul(node.factors.toReversed()) : node;
  });
/** Every index under another name. */
const renamed = (e: Expr): Expr =>
  rebuild(e, (node) => {
    if (node.kind !== 'sum') return node;
    const index = freshName(variable('z', node.index.sort), [node]);
    return sum(index, node.range, substitute(node.body, [[node.index, index]]));
  });

describe.each([
  ['smooth', SMOOTH, 300],
  ['with kinks', { ...KINKED, functions: ['abs', 'relu', 'logsigmoid'] }, 200],
] as const)('%s', (_, language, count) => {
  const ground = groundExpressions(language);

  test('keeps the value', () => {
    fc.assert(
      fc.property(ground, (e) => sameInWorlds(e, canonised(e), GROUND, 2)),
      runs(count),
    );
  });
  test('is equal to its own canonical form', () => {
    fc.assert(
      fc.property(ground, (e) => provesEqual(canonised(canonised(e)), e, GROUND)),
      runs(count),
    );
  });
  test('does not depend on the order of terms and factors', () => {
    fc.assert(
      fc.property(ground, (e) => {
        expect(form(reversed(e))).toBe(form(e));
      }),
      runs(count),
    );
  });
  test('does not depend on the names of indices', () => {
    fc.assert(
      fc.property(ground, (e) => {
        expect(form(renamed(e))).toBe(form(e));
      }),
      runs(count),
    );
  });
  test('of a sum or product is that of the canonical parts', () => {
    fc.assert(
      fc.property(ground, ground, (a, b) => {
        expect(provesEqual(add([a, b]), add([canonised(a), canonised(b)]), GROUND)).toBe(true);
        expect(provesEqual(mul([a, b]), mul([canonised(a), canonised(b)]), GROUND)).toBe(true);
      }),
      runs(count / 4),
    );
  });
});

test('is its own canonical form, to the letter where nothing is divided by a sum', () => {
  // A divisor that is a sum is brought to another place by reading the form again.
  const plain = { ...SMOOTH, functions: ['abs', 'relu'] as const };
  const divided = (e: Expr): boolean =>
    some(
      e,
      (node) =>
        (node.kind === 'pow' && node.base.kind !== 'apply' && node.base.kind !== 'sym') ||
        (node.kind === 'call' && ['sigmoid', 'logsigmoid'].includes(node.fn)),
    );
  fc.assert(
    fc.property(groundExpressions(plain), (e) => {
      fc.pre(!divided(e));
      expect(form(canonised(e))).toBe(form(e));
    }),
    runs(300),
  );
});

test('the derivative of the canonical form is the derivative', () => {
  // By the log-probability of a token, which moves sequences too: normal form may write one for the other.
  fc.assert(
    fc.property(groundExpressions({ ...SMOOTH, height: 2 }), plainMoves(2), (e, moves) => {
      const expected = differentiate(e, TOKEN);
      expect(provesEqual(differentiate(canonised(e), TOKEN), expected, GROUND)).toBe(true);
      expect(provesEqual(differentiate(rewritten(e, moves, GROUND), TOKEN), expected, GROUND)).toBe(true);
    }),
    runs(150),
  );
});

describe('what was asked before changes no answer about one expression', () => {
  const declaring = (domain: Domain): Declarations => ({
    ...NOTHING_DECLARED,
    parameters: { a: domain, b: 'positive' },
  });
  const e = parse('a * b');

  test('other declarations', () => {
    const [positive, real] = [declaring('positive'), declaring('real')];
    expect(signOfExpr(e, positive)).toBe('positive');
    expect(signOfExpr(e, real)).toBe('unknown');
    expect(signOfExpr(e, positive)).toBe('positive');
  });

  test('a smaller budget, or a larger one', () => {
    const declared = declaring('real');
    expect(canonical(e, declared, 1)).toBeUndefined();
    expect(canonical(e, declared)).toBeDefined();
    expect(canonical(e, declared, 1)).toBeUndefined();
  });

  test('what a question adds is not there for the next', () => {
    const [asked, fresh] = [parse('a * b + log(b)'), parse('a * b + log(b)')];
    const declared = declaring('real');
    logisticLogit(asked, declared);
    termsOf(asked, declared);
    let left: readonly number[] = [];
    for (const one of [asked, fresh]) {
      withCanonical(one, declared, 1_000, (ring, poly) => {
        left = [...left, ring.budget, ring.monos.size, poly.size];
        monomial(ring, [], poly);
      });
    }
    const [budget, monos, terms, ...again] = left;
    expect(again).toEqual([budget, monos, terms]);
  });
});
