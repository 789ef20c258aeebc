/** The words for what is wrong with a file of numbers, and with the numbers in it. */

import type { FindFault } from '../numeric/column-find.ts';
import type { PlanFault } from '../numeric/column-plan.ts';
import type { RowsFault } from '../numeric/rows-fault.ts';
import type { Foreign, TensorDetail } from '../variant/tensors/fault.ts';
import { TENSOR_FORMATS } from '../variant/tensors/fault.ts';
import { plainText } from './escape.ts';
import type { Sentences } from './sentence.ts';
import { code, say } from './sentence.ts';

const FORMATS = `${TENSOR_FORMATS.slice(0, -1).join(', ')} and ${TENSOR_FORMATS.at(-1)} are read`;

const FOREIGN: Readonly<Record<Foreign, string>> = {
  pickle:
    'a pickle (`torch.save`, `pickle.dump`), which is never opened because that runs its code: save with safetensors',
  zip: 'an archive without arrays (`torch.save` makes such): save with safetensors or `numpy.savez`',
  gzip: 'compressed with gzip: unpack it first',
  hdf5: `an HDF5 file; ${FORMATS}`,
  arrow: `an Arrow file; ${FORMATS}`,
  'json-array':
    'one JSON list; JSON Lines has one object to a line, as `jq -c .[]` makes of a list of objects',
  text: `text that is not JSON Lines; ${FORMATS}`,
  empty: 'empty',
  binary: `in a format that is not known; ${FORMATS}`,
};

const amount = (n: number): string => (n >= 10_000_000 ? `${Math.round(n / 1e6)} million` : `${n}`);

/** Rows and tokens are counted from 0, lines from 1. */
const place = ({ row, line, entry }: { row: number; line?: number; entry?: number }): string =>
  [
    `row ${row}`,
    ...(line === undefined ? [] : [`line ${line}`]),
    ...(entry === undefined ? [] : [`token ${entry}`]),
  ].join(', ');

const TENSORS: Sentences<TensorDetail> = {
  'foreign-format': ({ found }) => `this is ${FOREIGN[found]}`,
  'not-as-named': ({ format }) => `its name says ${format}, and its content is something else`,
  'not-a-plain-file': ({ format }) =>
    `${format} is read from several places of a file, which a pipe does not have; JSON Lines may be piped`,
  truncated: ({ what, wanted, size }) =>
    `the file is cut short: ${code(what)} goes to byte ${wanted}, and the file has ${size}`,
  'too-much': ({ what, found, limit }) =>
    `${code(what)} has a size of ${amount(found)}, where ${amount(limit)} is the most that is read`,
  'bad-header': ({ format, at, found }) =>
    `malformed ${format} header, ${code(at)}: ${plainText(found).slice(0, 120)}`,
  damaged: ({ format, says }) => `damaged ${format} file: ${plainText(says).slice(0, 120)}`,
  'unsupported-type': ({ column, type }) =>
    /O/.test(type)
      ? `${code(column)} holds pickled Python objects (${code(type)}), which are never opened because that runs their code; save numbers, padded lists with a mask or with lengths`
      : `${code(column)} is of type ${code(type)}; numbers are wanted (float64 to float16, bfloat16, whole numbers, truth values)`,
  'unsupported-order': ({ column }) =>
    `${code(column)} is stored column after column; save \`numpy.ascontiguousarray(${plainText(column)})\``,
  'unsupported-shape': ({ column, shape }) =>
    `${code(column)} has the shape (${shape.join(', ')}); one number per row is wanted, or one list of numbers per row`,
  'unsupported-codec': ({ column, codec }) =>
    `${code(column)} is packed with ${plainText(codec)}; write the file with \`compression='snappy'\` or none`,
  'different-rows': ({ column, rows, other, others }) =>
    `${code(column)} has ${rows} rows, and ${code(other)} has ${others}`,
  'same-column': ({ column }) =>
    `two files would be the column ${code(column)}: a \`.npy\` file is named after its column`,
  'several-files': () =>
    'several files can be read together if all are `.npy`, one column each; this one is not',
  'bad-line': ({ line, column, found }) =>
    /NaN|Infinity/.test(found)
      ? `line ${line}, column ${column}: ${code(found)} is not JSON, and no log-probability`
      : `line ${line}, column ${column}: not JSON from here on${found === '' ? ' (the line ends)' : ` (${code(found)})`}; JSON Lines has one whole object to a line`,
  'not-utf8-line': ({ line }) => `line ${line} is not text in UTF-8`,
  'not-an-object': ({ line, found }) =>
    `line ${line} is ${plainText(found)}, not an object; JSON Lines has one to a line`,
  'lacks-column': ({ line, column }) => `line ${line} has no ${code(column)}, which the lines before have`,
  'not-numbers': ({ column, found, ...at }) =>
    `${code(column)}, ${place(at)}, is ${plainText(found)} where a number${at.entry === undefined ? ' or a list of numbers' : ''} is wanted`,
  'mixed-rows': ({ column, ...at }) =>
    `${code(column)} has numbers in some rows and lists in others: see ${place(at)}`,
};

/** What is wrong with a file of numbers, without its path. */
export const tensorFault = (fault: TensorDetail): string => say(TENSORS, fault);

const hint = (suggestion: string | undefined): string =>
  suggestion === undefined ? '' : `; did you mean ${code(suggestion)}?`;
const listed = (names: readonly string[]): string =>
  names.length === 0
    ? 'no columns'
    : names.slice(0, 12).map(code).join(', ') + (names.length > 12 ? ', ...' : '');

const PLAN: Sentences<PlanFault | FindFault> = {
  'needs-distributions': () =>
    'the loss asks for whole next-token distributions, which columns of log-probabilities do not hold; reference vectors do (`--vectors`)',
  'no-such-column': ({ of, wanted, suggestion, names }) =>
    `no column for ${code(of)}: looked for ${code(wanted)}${hint(suggestion)}${suggestion === undefined ? `; there are ${listed(names)} (\`--map-data '${plainText(of)} = COLUMN'\` names another)` : ''}`,
  'two-columns': ({ of, columns: [one, other] }) =>
    `both ${code(one)} and ${code(other)} may be ${code(of)}; \`--map-data\` says which, or leave one out`,
};
/** What keeps the columns of a file from being those a loss needs. */
export const planFault = (fault: PlanFault): string => say(PLAN, fault);

const WANTED = {
  'log-probability': 'no log-probability: those are finite and at most 0',
  number: 'no finite number',
  mask: 'neither 0 nor 1, as a mask is',
  length: 'no number of tokens: those are whole and at least 1',
} as const;

const ROWS: Sentences<RowsFault> = {
  'bad-number': ({ wanted, found }) => `it is ${found}, which is ${WANTED[wanted]}`,
  uneven: ({ found, expected, other }) =>
    `it has ${found} ${found === 1 ? 'entry' : 'entries'}, and ${code(other)} says ${expected}`,
  'no-tokens': () => 'no token counts in this row',
  'padding-unknown': ({ role, width }) =>
    `every row is padded to ${width} entries, and nothing says which of them are tokens: give ${code(`${role}_mask`)} or ${code(`${role}_lengths`)}`,
  'tokens-wanted': () => 'one number per response, where the loss needs those of the single tokens',
  'lengths-wanted': ({ role }) =>
    `one number per response, and the loss needs to know how many tokens it has: give ${code(`${role}_lengths`)}`,
  'list-unwanted': () => 'a list per row where one number is wanted',
};

/** What is wrong with a number, and where it stands. */
export const rowsFault = (fault: RowsFault): string =>
  `${code(fault.column)}, ${place(fault)}: ${say(ROWS, fault)}`;
