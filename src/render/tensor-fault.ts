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

/** What is unpacked. */
const UNPACKED = {
  '.npz': '`numpy.savez` and `numpy.savez_compressed` make what is',
  Parquet: 'snappy, gzip, Brotli, Zstandard and LZ4 are',
} as const;

const amount = (n: number): string => (n >= 10_000_000 ? `${Math.round(n / 1e6)} million` : `${n}`);

interface Place {
  readonly row: number;
  readonly line?: number;
  readonly entry?: number;
  readonly vocabulary?: number;
}

/** Rows, tokens and entries of the vocabulary are counted from 0, lines from 1. */
const place = ({ row, line, entry, vocabulary }: Place): string =>
  [
    `row ${row}`,
    ...(line === undefined ? [] : [`line ${line}`]),
    ...(entry === undefined ? [] : [`token ${entry}`]),
    ...(vocabulary === undefined ? [] : [`entry ${vocabulary}`]),
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
  'unsupported-shape': ({ column, shape }) =>
    `${code(column)} has the shape (${shape.join(', ')}); per row one number is wanted, or one list of numbers, or for logits one row over the vocabulary for each token`,
  'unsupported-codec': ({ format, column, codec }) =>
    `${code(column)} is packed with ${plainText(codec)}, which is not read; ${UNPACKED[format === 'Parquet' ? 'Parquet' : '.npz']}`,
  'wrong-checksum': ({ format, part }) =>
    `damaged ${format} file: ${code(part)} does not have the checksum (CRC-32) that it was written with`,
  'different-rows': ({ column, rows, other, others }) =>
    `${code(column)} has ${rows} rows, and ${code(other)} has ${others}`,
  'same-column': ({ column }) =>
    `two files would be the column ${code(column)}: a \`.npy\` file is named after its column`,
  'several-files': () =>
    'several files can be read together if all are `.npy`, one column each; this one is not',
  'bad-line': ({ line, column, found }) =>
    /NaN|Infinity/.test(found)
      ? `line ${line}, column ${column}: ${code(found)} is not JSON, and no log-probability; the logit of an entry that is ruled out is written ${code('"-Infinity"')}`
      : `line ${line}, column ${column}: not JSON from here on${found === '' ? ' (the line ends)' : ` (${code(found)})`}; JSON Lines has one whole object to a line`,
  'not-utf8-line': ({ line }) => `line ${line} is not text in UTF-8`,
  'not-an-object': ({ line, found }) =>
    `line ${line} is ${plainText(found)}, not an object; JSON Lines has one to a line`,
  'lacks-column': ({ line, column }) => `line ${line} has no ${code(column)}, which the lines before have`,
  'not-numbers': ({ column, found, ...at }) =>
    `${code(column)}, ${place(at)}, is ${plainText(found)} where a number${at.entry === undefined ? ' or a list of numbers' : ''} is wanted`,
  'uneven-entries': ({ column, found, expected, ...at }) =>
    `${code(column)}, ${place(at)}, has ${entries(found)}, and the first token has ${expected}`,
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
  'needs-distributions': ({ columns }) =>
    `the loss asks for whole next-token distributions: add ${columns.map(code).join(', ')} (${[
      ...(columns.some((name) => name.endsWith('logits'))
        ? ['logits: a row over the vocabulary for each token']
        : []),
      ...(columns.some((name) => name.endsWith('labels'))
        ? ['labels: the id of the token that each row predicts']
        : []),
    ].join('; ')})`,
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
  logit: 'no logit: those are finite, or -Infinity where an entry is ruled out',
} as const;

const entries = (n: number): string => `${n} ${n === 1 ? 'entry' : 'entries'}`;

const shown = (x: number): string => `${Number(x.toPrecision(6))}`;

const ROWS: Sentences<RowsFault> = {
  'bad-number': ({ wanted, found }) => `it is ${found}, which is ${WANTED[wanted]}`,
  uneven: ({ found, expected, other }) => `it has ${entries(found)}, and ${code(other)} says ${expected}`,
  'no-tokens': () => 'no token counts in this row',
  'padding-unknown': ({ role, width }) =>
    `every row is padded to ${width} entries, and nothing says which of them are tokens: give ${code(`${role}_mask`)} or ${code(`${role}_lengths`)}`,
  'tokens-wanted': () => 'one number per response, where the loss needs those of the single tokens',
  'lengths-wanted': ({ role }) =>
    `one number per response, and the loss needs to know how many tokens it has: give ${code(`${role}_lengths`)}`,
  'list-unwanted': () => 'a list per row where one number is wanted',
  'logits-unwanted': () =>
    'rows over the vocabulary where one number per token is wanted; columns of such rows are called `chosen_logits`',
  'logits-wanted': () => 'no row over the vocabulary for each token, as logits are',
  'other-vocabulary': ({ found, expected, other }) =>
    `a vocabulary of ${found}, and ${other === undefined ? 'the rows before have one' : `${code(other)} has one`} of ${expected}`,
  'bad-label': ({ found, size }) =>
    `it is ${found}, which is no token id: those go from 0 to ${size - 1}, the size of the vocabulary less one`,
  'prompt-unknown': ({ role }) =>
    `nothing says which of these ids are the tokens of the response: give ${code(`${role}_mask`)}, or ${code(`${role}_labels`)} with -100 for all others`,
  'alignment-unknown': ({ role }) =>
    `the row does not begin with a token, so nothing says whether a label stands by the logits that predict it or one further: give ${code(`${role}_input_ids`)} too if it stands where its id does, or call the column ${code(`${role}_targets`)} if it stands by its logits`,
  'not-predicted': () => 'the first id of the row is a token of the response, and no logits stand before it',
  'other-label': ({ found, expected, other }) =>
    `it is ${found}, and ${code(other)} has ${expected} there; labels that are moved to the logits that predict them are called \`targets\`, without input ids`,
  'no-distribution': () => 'all logits of the token are -Infinity',
  'impossible-token': ({ label }) => `the logit of its own token, ${label}, is -Infinity`,
  disagrees: ({ found, expected, other }) =>
    `it is ${shown(found)}, and ${code(other)} gives ${shown(expected)}, further off than rounding explains; labels may stand one token off, or the two be of different models`,
};

/** What is wrong with a number, and where it stands. */
export const rowsFault = (fault: RowsFault): string =>
  `${code(fault.column)}, ${place(fault)}: ${say(ROWS, fault)}`;
