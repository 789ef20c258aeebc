/** Values of hyper-parameters from the command line: `beta=0.1`. */

import type { Variant } from '../index.ts';
import { readPairs, unknown } from './mapping.ts';
import type { Outcome } from './outcome.ts';
import { refusal } from './outcome.ts';

/** Reads the values of `--set`: each names a hyper-parameter of the claim, once. */
export function readSettings(
  claim: Variant,
  texts: readonly string[],
): ReadonlyMap<string, number> | Outcome {
  return readPairs('--set', 'beta=0.1', texts, (name, text) => {
    if (!claim.parameters.has(name)) return unknown('hyper-parameter', name, claim.parameters.keys());
    const value = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
    return Number.isFinite(value)
      ? value
      : refusal(`--set gives ${name} the value '${text}', which is no number`);
  });
}
