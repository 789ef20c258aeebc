/** The words for what keeps a numerical check from running: vectors, batches, names that are missing. */

import type { Sort } from '../expr/expr.ts';
import type { SampledFault } from '../numeric/draws.ts';
import type { BatchFault } from '../numeric/validate.ts';
import type { VectorsFault } from '../numeric/vectors.ts';
import type { VerifyFault } from '../numeric/verify.ts';
import type { Sentences } from './sentence.ts';
import { code, say } from './sentence.ts';

/** Pairs and tokens are counted from 0, as in the file. */
function place(field: string, pair: number | undefined, token: number | undefined): string {
  const at = [
    ...(pair === undefined ? [] : [`pair ${pair}`]),
    ...(token === undefined ? [] : [`token ${token}`]),
  ];
  return [code(field), ...at].join(', ');
}

const BATCH: Sentences<BatchFault> = {
  'wrong-count': ({ field, pair, token, expected, found }) =>
    `${place(field, pair, token)} has ${found} entries where ${expected} are needed`,
  'bad-value': ({ field, pair, token, expected, found }) =>
    `${place(field, pair, token)} is ${found}, which is no ${expected}`,
  'no-labels': ({ field }) => `${code(field)} has full distributions without the labels of the tokens`,
};

const VECTORS: Sentences<VectorsFault> = {
  'other-schema': ({ expected, found }) =>
    `not a file of reference vectors: its \`schema\` is ${typeof found === 'string' ? code(found) : 'missing'} instead of ${code(expected)}`,
  malformed: ({ path, expected, found }) =>
    `malformed reference vectors: at ${code(path)} there is ${code(found)} where ${code(expected)} is wanted`,
  'malformed-batch': ({ path, fault }) =>
    `malformed reference vectors: the batch ${code(path)} cannot be used, ${say(BATCH, fault)}`,
  'unknown-batch': ({ path, name }) =>
    `malformed reference vectors: ${code(path)} names the batch ${code(name)}, which the file does not have`,
  'wrong-count': ({ path, expected, found }) =>
    `malformed reference vectors: ${code(path)} has ${found} entries where ${expected.join(' or ')} are needed`,
};

/** What is wrong with a file of reference vectors. */
export const vectorsFault = (fault: VectorsFault): string => say(VECTORS, fault);

const SORTS: Readonly<Record<Sort, string>> = {
  response: 'response',
  token: 'token',
  vocab: 'vocabulary entry',
  prompt: 'prompt',
};

const RUN: Sentences<VerifyFault | SampledFault> = {
  'missing-data': ({ name, shape }) =>
    shape.length === 0
      ? `there are no values of ${code(name)} to evaluate with`
      : `there are no values of ${code(name)} by ${shape.map((sort) => SORTS[sort]).join(' and ')} to evaluate with`,
  'missing-parameter': ({ name, available }) =>
    `the hyper-parameter ${code(name)} has no value; there are ${available.length === 0 ? 'none' : available.map(code).join(', ')}`,
  'free-variable': ({ name, sort }) =>
    `the ${SORTS[sort]} ${code(name)} is bound by no sum, and a batch has only the responses \`w\` and \`l\``,
  'unsupported-range': ({ range }) =>
    `a batch has two responses to each prompt, so a sum over ${range} cannot be evaluated`,
  'unsupported-arguments': ({ name }) => `${code(name)} cannot be evaluated with these arguments`,
  'no-such-path': ({ name, path }) =>
    `the reference vectors have nothing at ${code(path)}, where the values of ${code(name)} should be`,
  'malformed-data': ({ name, path, fault }) =>
    `the values of ${code(name)} at ${code(path)} cannot be used: ${say(BATCH, fault)}`,
  'no-cases': () => 'no case of the reference vectors has the hyper-parameters that are asked for',
  'not-by-response': ({ case: index }) =>
    `case ${index} of the reference vectors gives one loss for each response, and the formula has terms about both responses, or neither`,
  'no-losses': ({ case: index }) => `case ${index} of the reference vectors gives no losses`,
  'no-parameters': ({ tries }) =>
    `in ${tries} tries no hyper-parameters were found that meet what is assumed; give less tight assumptions`,
};

/** What keeps one check from running. */
export const runFault = (fault: VerifyFault | SampledFault): string => say(RUN, fault);
