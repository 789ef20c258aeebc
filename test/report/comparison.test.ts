/** Two claims compared end to end: the published R-DPO against code with the sign of its length term flipped. */

import { describe, expect, test } from 'vitest';
import { toNumber } from '../../src/expr/rational.ts';
import { reportComparison } from '../../src/report/comparison.ts';
import { print } from '../../src/syntax/print.ts';
import { formulaClaim } from '../../src/variant/claim.ts';
import { loadVariant } from '../../src/variant/files.ts';
import type { Variant } from '../../src/variant/variant.ts';

const variantOf = (found: ReturnType<typeof loadVariant | typeof formulaClaim>): Variant => {
  if (found.kind !== 'variant') throw new Error(JSON.stringify(found));
  return found;
};
const [RDPO, DPO, SIMPO] = [loadVariant('r-dpo'), loadVariant('dpo'), loadVariant('simpo')].map(variantOf);
const formula = (text: string, assume: readonly string[] = []): Variant =>
  variantOf(formulaClaim(text, { assume, ...(RDPO && { beside: RDPO }) }));
const FLIPPED = formula('-log(sigmoid(beta * (h(w) - h(l)) - alpha * (len(w) - len(l))))');

function compared(left: Variant | undefined, right: Variant | undefined) {
  const report = left && right && reportComparison(left, right);
  if (report === undefined || 'kind' in report) throw new Error(JSON.stringify(report));
  return report;
}
const whenOf = (decision: ReturnType<typeof compared>['values']): readonly string[] =>
  decision.answer === 'proved'
    ? []
    : decision.when.map((all) =>
        all.map(({ left, right }) => `${print(left)} = ${print(right)}`).join(' and '),
      );

describe('R-DPO with the sign of the length term flipped', () => {
  const { values, gradients } = compared(RDPO, FLIPPED);

  test('differs, and agrees without penalty or at equal lengths', () => {
    expect(values.answer).toBe('refuted');
    expect(gradients.answer).toBe('refuted');
    expect(whenOf(values)).toContain('alpha = 0');
  });

  test('at a witness that a reader can follow', () => {
    if (values.answer !== 'refuted') throw new Error('expected a witness');
    const { values: assignments, left, right } = values.witness;
    for (const { value } of assignments)
      expect(value.n.toString().length + value.d.toString().length).toBeLessThan(8);
    const amountOf = (name: string): number => {
      const found = assignments.find(({ of }) => print(of) === name);
      if (found === undefined) throw new Error(`no ${name}`);
      return toNumber(found.value);
    };
    // Worked again by hand, in doubles.
    const h = (y: string): number => Math.log(amountOf(`pi(${y})`) / amountOf(`ref(${y})`));
    const [base, extra] = [
      amountOf('beta') * (h('w') - h('l')),
      amountOf('alpha') * (amountOf('len(w)') - amountOf('len(l)')),
    ];
    const loss = (u: number): number => Math.log1p(Math.exp(-u));
    const encloses = ({ low, high }: typeof left, value: number): boolean =>
      Number(low) <= value && value <= Number(high);
    expect([encloses(left, loss(base + extra)), encloses(right, loss(base - extra))]).toEqual([true, true]);
    expect([encloses(left, loss(base - extra)), encloses(right, loss(base + extra))]).toEqual([false, false]);
  });
});

test('a loss is itself in another spelling, in value and gradient', () => {
  const respelled = formula('softplus(-(beta * (h(w) - h(l)) + alpha * (len(w) - len(l))))');
  const { values, gradients } = compared(RDPO, respelled);
  expect([values.answer, gradients.answer]).toEqual(['proved', 'proved']);
});

test('R-DPO is DPO exactly without its penalty', () => {
  const { values } = compared(RDPO, DPO);
  expect(values.answer).toBe('refuted');
  expect(whenOf(values)).toContain('alpha = 0');
});

test('a stop-gradient changes the gradient and not the value', () => {
  const frozen = formula(
    '-log(sigmoid(beta * (h(w) - h(l)) + alpha * (len(w) - len(l)))) + h(w) - stopgrad(h(w))',
  );
  const { values, gradients } = compared(RDPO, frozen);
  expect([values.answer, gradients.answer]).toEqual(['proved', 'refuted']);
});

test('a comparison is symmetric', () => {
  expect(compared(SIMPO, DPO).values.answer).toBe(compared(DPO, SIMPO).values.answer);
});

test('names declared in two ways are not compared', () => {
  const whole = formula('beta * len(w)');
  const report =
    RDPO &&
    reportComparison(RDPO, { ...whole, declared: { ...whole.declared, parameters: { beta: 'integer' } } });
  expect(report).toEqual({ kind: 'declared-differently', name: 'beta' });
});

test('what is granted to both sides is granted once', () => {
  const [left, right] = ['min(b, 1)', 'b'].map((text) => formula(text, ['b < 2', 'b > c']));
  expect(compared(left, right).declared.facts).toHaveLength(left?.declared.facts.length ?? 0);
});

test('a condition is told without divisors that cancel', () => {
  const right = formula('c * len(w)');
  const left = formula('(b * sigmoid(b) + b * sigmoid(-b)) * len(w)');
  expect(whenOf(compared(left, right).values)).toEqual(['c = b']);
});
