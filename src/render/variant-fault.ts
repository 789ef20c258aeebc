/** The words for what is wrong with a derivation file, with a file at all, or with a claim. */

import type { Domain } from '../expr/declare.ts';
import { REASONS } from '../framework/outside.ts';
import { TIERS } from '../framework/tier.ts';
import type {
  ClaimFault,
  Construct,
  Detail,
  Expected,
  FileFault,
  FormulaClaimFault,
  Found,
  Holder,
  VariantFault,
} from '../variant/fault.ts';
import type { Place } from '../variant/place.ts';
import { plainText } from './escape.ts';
import { excerpt } from './excerpt.ts';
import { formulaFault } from './formula-fault.ts';

type Sentences<F extends { readonly kind: string }> = {
  readonly [K in F['kind']]: (fault: Extract<F, { readonly kind: K }>) => string;
};
type YamlProblem = Extract<Detail, { readonly kind: 'bad-yaml' }>['problem'];

const code = (text: string): string => {
  const plain = plainText(text);
  return `\`${plain.length > 60 ? `${plain.slice(0, 57)}...` : plain}\``;
};
const hint = (suggestion: string | undefined): string =>
  suggestion === undefined ? '' : `; did you mean ${code(suggestion)}?`;
const oneOf = (words: readonly string[]): string => `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
const megabytes = (bytes: number): string => `${bytes / 1_000_000} MB`;

const WANTED: Readonly<Record<Expected, string>> = {
  mapping: 'a mapping of names to values',
  list: 'a list',
  text: 'text of at most 4000 printable characters',
  line: 'one line of at most 300 printable characters',
  formula: 'a formula',
  number: 'a number such as `0.1`, or a reduced fraction such as `1/3`',
  domain: 'real, positive, nonnegative, unit, open-unit, integer or boolean',
  dependence: 'prompt or response',
  tier: oneOf(TIERS),
  reason: oneOf(REASONS),
  year: 'a year',
  arxiv: 'an arXiv number in quotation marks, such as `"2305.18290"`',
  'web-address': 'an address that begins with `https://`',
  'case-value': 'text, a number, true, false or null',
  'not-a-number': '`nan`',
  transcription: 'one of the losses transcribed by hand, which go by their ids in `midpo list`',
  mark: "LaTeX in single quotes, such as `'\\pi_\\phi'`, or `{ latex: ..., text: ... }`",
};
const FOUND: Readonly<Record<Found, string>> = {
  nothing: 'nothing',
  mapping: 'a mapping',
  list: 'a list',
  number: 'a number',
  'truth-value': 'a truth value',
  text: 'other text',
};
/** Text that YAML takes for something else without quotation marks. */
const QUOTABLE: readonly Expected[] = ['text', 'line'];

const CONSTRUCTS: Readonly<Record<Construct, string>> = {
  alias: 'no aliases (`*name`) in a derivation file; write the value out',
  anchor: 'no anchors (`&name`) in a derivation file',
  tag: 'no tags (`!name`) in a derivation file',
  'merge-key': 'no merge keys (`<<`) in a derivation file; write the fields out',
  directive: 'no `%YAML` line in a derivation file; it is YAML 1.2',
  'non-text-key': 'the name of a field must be text; put it in quotation marks',
};

const HOLDERS: Readonly<Record<Holder, string>> = {
  function: 'a function',
  constant: 'a constant',
  response: 'a response',
  parameter: 'a hyper-parameter',
  data: 'data',
  distribution: 'a distribution',
  definition: 'a definition',
};

/** What a number of each domain has to be. */
export const DOMAINS: Readonly<Record<Domain, string>> = {
  real: 'any number',
  positive: 'greater than 0',
  nonnegative: 'at least 0',
  unit: 'from 0 to 1',
  'open-unit': 'strictly between 0 and 1',
  integer: 'a whole number',
  boolean: '0 or 1',
};

const YAML: Readonly<Record<YamlProblem, string>> = {
  ALIAS_PROPS: 'an alias takes no tag and no anchor',
  BAD_ALIAS: 'not an alias; text that begins with `*` needs quotation marks',
  BAD_COLLECTION_TYPE: 'the tag does not fit its value',
  BAD_DIRECTIVE: 'a malformed `%` line',
  BAD_DQ_ESCAPE: 'an unknown escape in double quotes; single quotes take a backslash as it is',
  BAD_INDENT: 'wrong indentation, or a bracket that is never closed',
  BAD_PROP_ORDER: 'anchors and tags must stand before the indicators `?`, `-` and `:`',
  BAD_SCALAR_START: 'text cannot begin with this character; put it in quotation marks',
  BLOCK_AS_IMPLICIT_KEY: 'a second `:` on one line; put the text in quotation marks',
  BLOCK_IN_FLOW: 'an indented block within brackets',
  DUPLICATE_KEY: 'this field is there twice',
  IMPOSSIBLE: 'this is not YAML',
  KEY_OVER_1024_CHARS: 'the name of a field has more than 1024 characters',
  MISSING_CHAR: 'a bracket, comma, colon, space or quotation mark is missing',
  MULTILINE_IMPLICIT_KEY: 'the name of a field must stand on one line; is a `:` missing?',
  MULTIPLE_ANCHORS: 'more than one anchor',
  MULTIPLE_DOCS: 'a second document in one file',
  MULTIPLE_TAGS: 'more than one tag',
  NON_STRING_KEY: 'the name of a field must be text',
  RESOURCE_EXHAUSTION: 'nested too deeply',
  TAB_AS_INDENT: 'a tab as indentation; use spaces',
  TAG_RESOLVE_FAILED: 'no tags (`!name`) in a derivation file',
  UNEXPECTED_TOKEN: 'unexpected here',
};

const DETAILS: Sentences<Detail> = {
  'too-long': ({ limit }) => `more than ${limit} characters`,
  'too-many-parts': ({ limit }) => `more than ${limit} marks and words`,
  'too-deep': ({ limit }) => `more than ${limit} levels of nesting`,
  empty: () => 'nothing in this file; `title` and `loss` are needed',
  'bad-yaml': ({ problem }) => YAML[problem],
  'not-allowed': ({ construct }) => CONSTRUCTS[construct],
  'duplicate-field': ({ name }) => `${code(name)} is there twice`,
  'unknown-field': ({ name, suggestion, known }) =>
    `unknown field ${code(name)}${hint(suggestion) || `; there are ${known.join(', ')}`}`,
  'missing-field': ({ name }) => `the field ${code(name)} is missing`,
  'excluded-field': ({ name, by }) => `${code(name)} cannot stand beside ${code(by)}`,
  'wrong-value': ({ expected, found }) => {
    const quotes = QUOTABLE.includes(expected) && (found === 'number' || found === 'truth-value');
    return `${FOUND[found]} where there should be ${WANTED[expected]}${quotes ? '; put it in quotation marks' : ''}`;
  },
  'outside-domain': ({ name, is }) => `the default of ${code(name)} is not ${DOMAINS[is]}`,
  'not-a-name': ({ name }) =>
    `${code(name)} is not a name; names are made of letters, digits and underscores and begin with a letter`,
  'split-name': ({ name }) =>
    `${code(name)} was cut at a comma; within braces, a name such as \`'m(y,t)'\` needs quotation marks`,
  'name-taken': ({ name, by }) => `${code(name)} is already the name of ${HOLDERS[by]}; choose another name`,
  'conflicting-data': ({ name }) =>
    `${code(name)} is already declared otherwise, or with the same arguments; data of one name share their properties`,
  'undeclared-parameter': ({ name, suggestion }) =>
    `undeclared hyper-parameter ${code(name)}${hint(suggestion) || '; declare it under `parameters`'}`,
  'undeclared-data': ({ name, suggestion }) =>
    `undeclared data ${code(name)}${hint(suggestion) || '; declare them under `data`'}`,
  'not-yet-defined': ({ name }) =>
    `${code(name)} is not defined yet; a definition uses those before it, and never itself`,
  'expands-too-far': ({ limit }) => `with its definitions unfolded, this has more than ${limit} parts`,
  'pair-in-prior': ({ name }) =>
    `${code(name)} in a prior, which is of a response ${code('y')} whatever its label`,
  'loss-without-pair': () => 'a loss that mentions neither `w` nor `l`',
  'empty-notation': () => "nothing in this file; an entry is, for example, `pi: '\\pi_\\phi'`",
  'not-a-symbol': ({ latex }) =>
    `${code(latex)} is more than a symbol: letters, Greek letters, styles such as \`\\mathrm{...}\`, sub- and superscripts may stand there`,
  'mark-taken': ({ latex, by }) =>
    `${code(latex)} already stands for ${code(by)}; a reader could not tell them apart`,
  formula: ({ fault }) => formulaFault(fault),
};

const FILES: Sentences<FileFault> = {
  'no-such-file': ({ path, suggestion }) => `no file ${code(path)}${hint(suggestion)}`,
  'is-a-directory': ({ path }) => `${code(path)} is a directory`,
  unreadable: ({ path, reason }) =>
    `${code(path)} cannot be read${reason === 'EACCES' ? ': no permission' : ` (${plainText(reason)})`}`,
  'file-too-large': ({ path, limit }) => `${code(path)} has more than ${megabytes(limit)}`,
  'not-utf8': ({ path }) => `${code(path)} is not text in UTF-8`,
  'not-json': ({ path, at }) => placed(path, '', at, 'not JSON from here on'),
  'no-such-vectors': ({ name, suggestion }) => `no reference vectors ${code(name)}${hint(suggestion)}`,
};

const PARTS: Readonly<Record<FormulaClaimFault['part'], string>> = {
  formula: 'in the formula',
  assumption: 'in an assumption',
  data: 'in a declaration of data',
};

/** The message for a fault in a claim or a file: what is wrong and where, then the line with carets beneath. */
export function claimFault(fault: ClaimFault): string {
  if (isInFile(fault)) return placed(fault.file, fault.field, fault.at, say(DETAILS, fault));
  if (fault.kind === 'formula-claim') return `${PARTS[fault.part]}: ${formulaFault(fault.fault, fault.text)}`;
  if (fault.kind === 'unknown-claim') {
    const other = hint(fault.suggestion) || '; a file is named by its path, a formula begins with `=`';
    return `nothing by the name of ${code(fault.name)} in the catalogue${other}`;
  }
  return say(FILES, fault);
}

const isInFile = (fault: ClaimFault): fault is VariantFault => 'file' in fault;

function say<F extends { readonly kind: string }, K extends F['kind']>(
  sentences: Sentences<F>,
  fault: Extract<F, { readonly kind: K }>,
): string {
  const sentence: (fault: Extract<F, { readonly kind: K }>) => string = sentences[fault.kind as K];
  return sentence(fault);
}

function placed(file: string, field: string, at: Place, wrong: string): string {
  const within = field === '' ? '' : `, in ${code(field)}`;
  const rows = excerpt(at.lead, at.marked, at.tail).map((row) => `  ${row}`.trimEnd());
  return [`${plainText(file)}, line ${at.line}, column ${at.column}${within}: ${wrong}`, ...rows].join('\n');
}
