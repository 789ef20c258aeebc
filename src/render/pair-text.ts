/** One pair of a random batch in words: short enough to read, and whole where it is short. */

import type { PairInput, SideInput } from '../numeric/pair-input.ts';
import { plainText } from './escape.ts';

/** Longer lists are cut, and their sum is given. */
const MOST_TOKENS = 6;

export function pairText({ parameters, chosen, rejected, perPair }: PairInput): string {
  const whole = [...parameters, ...perPair].map(([name, x]) => `${plainText(name)} = ${x}`);
  const parts = [
    ...(whole.length === 0 ? [] : [whole.join(', ')]),
    `chosen, ${sideText(chosen)}`,
    `rejected, ${sideText(rejected)}`,
  ];
  return parts.join('; ');
}

function sideText({ tokens, logProbs, perToken, perResponse }: SideInput): string {
  const lists = [
    ...[...logProbs].map(([name, values]) => [`log ${name}`, values] as const),
    ...[...perToken].map(([name, values]) => [name, values] as const),
  ];
  return [
    `${tokens} ${tokens === 1 ? 'token' : 'tokens'}`,
    ...lists.map(([name, values]) => `${plainText(name)} ${listText(values)}`),
    ...[...perResponse].map(([name, x]) => `${plainText(name)} ${x}`),
  ].join(', ');
}

function listText(values: readonly number[]): string {
  const shown = values.slice(0, MOST_TOKENS).join(' ');
  if (values.length <= MOST_TOKENS) return `[${shown}]`;
  return `[${shown} ...] with the sum ${values.reduce((sum, x) => sum + x, 0)}`;
}
