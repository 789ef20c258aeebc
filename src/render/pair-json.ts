/** One pair of a random batch as JSON, whole. */

import type { PairInput, SideInput } from '../numeric/pair-input.ts';
import type { Json } from '../trace/json.ts';

export const pairJson = ({ parameters, chosen, rejected, perPair }: PairInput): Json => ({
  parameters: Object.fromEntries(parameters),
  ...(perPair.size > 0 && { data: Object.fromEntries(perPair) }),
  chosen: sideJson(chosen),
  rejected: sideJson(rejected),
});

const sideJson = ({ tokens, logProbs, perToken, perResponse }: SideInput): Json => ({
  tokens,
  logProbs: Object.fromEntries(logProbs),
  ...(perToken.size > 0 && { perToken: Object.fromEntries(perToken) }),
  ...(perResponse.size > 0 && { perResponse: Object.fromEntries(perResponse) }),
});
