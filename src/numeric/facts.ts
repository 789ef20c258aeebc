/** Whether values of hyper-parameters meet what is granted of them: domains and further facts. */

import { freeNames } from '../expr/binder.ts';
import type { Domain, Fact } from '../expr/declare.ts';
import { shapeOf } from './batch.ts';
import type { Parameters } from './compile.ts';
import { compile } from './compile.ts';
import { sampleBatch } from './sample.ts';

/** Facts about hyper-parameters and nothing else. */
export const aboutParameters = (facts: readonly Fact[]): readonly Fact[] =>
  facts.filter(({ of }) => freeNames(of).every(({ kind }) => kind === 'sym'));

/** Whether each fact about hyper-parameters holds at these values; one that they do not decide is passed over. */
export function meetsFacts(facts: readonly Fact[], parameters: Parameters): boolean {
  return aboutParameters(facts).every(({ kind, of }) => {
    const nowhere = sampleBatch({ seed: 0, pairs: 1, tokens: 1 });
    const kernel = compile(of, shapeOf(nowhere), parameters);
    // A fact about data, or about hyper-parameters that have no value here.
    if (kernel.kind !== 'kernel') return true;
    const value = kernel.run(nowhere)[0] ?? Number.NaN;
    if (kind === 'integer') return Number.isInteger(value);
    return kind === 'positive' ? value > 0 : kind === 'nonnegative' ? value >= 0 : value !== 0;
  });
}

/** Whether a number is of a domain. */
export function isOf(is: Domain, x: number): boolean {
  switch (is) {
    case 'real':
      return Number.isFinite(x);
    case 'positive':
      return x > 0;
    case 'nonnegative':
      return x >= 0;
    case 'unit':
      return x >= 0 && x <= 1;
    case 'open-unit':
      return x > 0 && x < 1;
    case 'integer':
      return Number.isInteger(x);
    case 'boolean':
      return x === 0 || x === 1;
  }
}
