/** The arrangement keeps the value, needs no second pass, and puts parentheses where reading needs them. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { add, minus, mul, num, sym } from '../../src/expr/expr.ts';
import { rational } from '../../src/expr/rational.ts';
import type { Layout } from '../../src/render/arrange.ts';
import { arrange } from '../../src/render/arrange.ts';
import type { Display } from '../../src/render/display.ts';
import { parts, someDisplay, width } from '../../src/render/display.ts';
import { evaluate, expressions, read } from './arbitrary.ts';

const LAYOUTS: readonly Layout[] = ['stacked', 'inline'];
const RUNS = { numRuns: 2000 };

/** Equal up to what reordering a few dozen roundings can do to well-conditioned parts of the expression. */
function agree(a: number, b: number): boolean {
  return Object.is(a, b) || Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a), Math.abs(b));
}

describe.each(LAYOUTS)('%s', (layout) => {
  test('the value stays', () => {
    fc.assert(
      fc.property(expressions({ sums: true }), (e) => {
        const value = evaluate(e);
        // Beyond this, cancellation decides the digits.
        fc.pre(Number.isFinite(value) && Math.abs(value) < 1e6);
        expect(evaluate(read(arrange(e, layout)))).toSatisfy((other: number) => agree(value, other));
      }),
      RUNS,
    );
  });

  test('what is read back is arranged the same way', () => {
    fc.assert(
      fc.property(expressions({ sums: true }), (e) => {
        const once = arrange(e, layout);
        expect(arrange(read(once), layout)).toEqual(once);
      }),
      RUNS,
    );
  });

  /** What would be read wrongly if it stood there without parentheses. */
  const misread = (d: Display): boolean => {
    switch (d.kind) {
      case 'terms':
        return d.terms.length === 0 || d.terms.some(({ of }) => of.kind === 'terms');
      case 'product':
        return d.factors.some((part, i) => {
          const inside = i < d.factors.length - 1;
          const reachesOn = part.kind === 'sum' || (part.kind === 'call' && part.bare);
          const loose = part.kind === 'terms' || part.kind === 'product';
          return loose || (inside && reachesOn) || (part.kind === 'fraction' && part.inline);
        });
      case 'fraction':
        return (
          d.inline &&
          (['terms', 'sum', 'fraction'].includes(d.over.kind) ||
            ['terms', 'sum', 'fraction', 'product'].includes(d.under.kind))
        );
      case 'power':
        return (
          ['terms', 'product', 'fraction', 'power', 'sum', 'root', 'exponential'].includes(d.base.kind) ||
          (d.base.kind === 'call' && d.base.bare)
        );
      case 'sum':
        return d.body.kind === 'terms';
      case 'call':
        return d.bare && d.args.some(({ kind }) => ['terms', 'product', 'power', 'sum'].includes(kind));
      default:
        return false;
    }
  };

  test('parentheses stand where reading needs them, and not twice', () => {
    fc.assert(
      fc.property(expressions({ sums: true }), (e) => {
        const d = arrange(e, layout);
        expect(someDisplay(d, misread)).toBe(false);
        const doubled = (part: Display): boolean => part.kind === 'group' && part.of.kind === 'group';
        expect(someDisplay(d, doubled)).toBe(false);
        expect(d.kind).not.toBe('group');
      }),
      RUNS,
    );
  });

  test('widths are positive and a whole is no narrower than its widest part on the line', () => {
    fc.assert(
      fc.property(expressions({ sums: true }), (e) => {
        const d = arrange(e, layout);
        const wrong = (part: Display): boolean =>
          width(part) <= 0 ||
          (part.kind !== 'exponential' && parts(part).some((p) => width(p) * 0.7 > width(part)));
        expect(someDisplay(d, wrong)).toBe(false);
      }),
    );
  });
});

test('the order of terms does not depend on how they come, where their roles differ', () => {
  const terms = [num(1), minus(sym('gamma')), mul([sym('beta'), sym('beta')])];
  fc.assert(
    fc.property(fc.shuffledSubarray(terms, { minLength: 3 }), (shuffled) => {
      const d = arrange(add(shuffled));
      expect(d.kind === 'terms' && d.terms[0]?.of).toEqual({ kind: 'number', digits: '1' });
    }),
  );
});

test.each<[n: bigint, d: bigint, digits: string | undefined]>([
  [7n, 1n, '7'],
  [1n, 10n, '0.1'],
  [5n, 100_000n, '0.00005'],
  [1n, 2n, undefined],
  [1n, 3n, undefined],
  [-1n, 10n, undefined],
])('%s/%s is written as digits: %s', (n, d, digits) => {
  const display = arrange(num(rational(n, d)));
  expect(display.kind === 'number' ? display.digits : undefined).toBe(digits);
});
