/** The words for what is wrong with a formula: what, where, the line with a caret, and what would be right. */

import type { Sort } from '../expr/expr.ts';
import type { Construct, FormulaFault, FormulaFaultKind } from '../syntax/fault.ts';
import { excerpt } from './excerpt.ts';

interface Sentence {
  readonly wrong: string;
  /** What would be right, if that is known. */
  readonly right?: string | undefined;
}
type FaultOf<K extends FormulaFaultKind> = Extract<FormulaFault, { readonly kind: K }>;

const code = (text: string): string => `\`${text.length > 60 ? `${text.slice(0, 57)}...` : text}\``;
const either = (shapes: readonly string[]): string => shapes.map(code).join(' or ');
const didYouMean = (name: string | undefined): string | undefined => name && `did you mean ${code(name)}?`;

const SORTS: Readonly<Record<Sort | 'number', string>> = {
  response: 'a response',
  token: 'a token index',
  vocab: 'a vocabulary index',
  prompt: 'a prompt',
  number: 'a number',
};
const BIND: Readonly<Record<Sort | 'number', string>> = {
  response: 'the responses are named in the claim, such as `w` and `l`, or bound by `sum(y, Y, ...)`',
  token: 'bind it by `sum(t, y, ...)`, the sum over the tokens of `y`, or give the number of a token',
  vocab: 'bind it by `sum(v, V, ...)`, the sum over the vocabulary',
  prompt: 'the prompt is `x`, or bound by `sum(x, X, ...)`',
  number: 'an index means something within its own `sum(...)` only',
};

const CONSTRUCTS: Readonly<Record<Construct, Sentence>> = {
  assignment: { wrong: 'no assignment in a formula', right: 'equality is written `indicator(a == b)`' },
  string: { wrong: 'no quotation marks in a formula' },
  matrix: { wrong: 'no square brackets in a formula', right: 'data take their arguments in `(...)`' },
  object: { wrong: 'no braces in a formula', right: 'group with `(...)`' },
  conditional: { wrong: 'no `?` in a formula', right: 'choose with `indicator(a <= b)`' },
  range: { wrong: 'no `:` in a formula', right: 'sum over tokens with `sum(t, y, ...)`' },
  accessor: { wrong: 'a stray `.`', right: 'multiply with `*`; decimals are written `0.5`' },
  factorial: { wrong: 'no `!` in a formula' },
  transpose: { wrong: "no `'` in a formula" },
  percent: { wrong: 'no `%` in a formula', right: '50% is written `0.5`' },
  statement: { wrong: 'no `;` in a formula', right: 'give one expression' },
  comment: { wrong: 'no comments in a formula' },
  logic: { wrong: 'no logical operators in a formula', right: 'absolute values are written `abs(a)`' },
  inequality: { wrong: 'no `!=` in a formula', right: 'write `1 - indicator(a == b)`' },
  'word-operator': { wrong: 'no operators that are words in a formula' },
};

const SENTENCES: { readonly [K in FormulaFaultKind]: (fault: FaultOf<K>) => Sentence } = {
  empty: () => ({ wrong: 'nothing to read', right: 'write a formula, such as `-log(sigmoid(beta * u))`' }),
  'too-long': ({ limit }) => ({ wrong: `more than ${limit} characters` }),
  'too-deep': ({ limit }) => ({ wrong: `more than ${limit} levels of nesting` }),
  'too-many-digits': ({ limit }) => ({ wrong: `a number of more than ${limit} digits` }),
  'malformed-number': ({ text }) => ({ wrong: `not a number: ${code(text)}` }),
  'stray-character': ({ text, suggestion }) => ({
    wrong: `stray character ${code(text)}`,
    right: suggestion && `write ${code(suggestion)}`,
  }),
  'not-in-language': ({ construct, text }) =>
    construct === 'word-operator'
      ? { ...CONSTRUCTS[construct], right: `${code(text)} cannot stand between values` }
      : CONSTRUCTS[construct],
  unbalanced: ({ mark }) => ({
    wrong: mark === '(' ? 'this `(` is never closed' : 'this `)` closes nothing',
  }),
  'implicit-multiplication': ({ left, right }) => ({
    wrong: 'no operator between two values',
    right: `write ${code(`${left} * ${right}`)}`,
  }),
  'value-expected': ({ found }) => ({
    wrong:
      found === undefined
        ? 'the formula ends where a value should follow'
        : `a value should stand before ${code(found)}`,
  }),
  unexpected: ({ text }) => ({
    wrong: `unexpected ${code(text)}`,
    right: text === ',' ? 'commas separate the arguments of a call only' : undefined,
  }),
  'comparison-outside-indicator': () => ({
    wrong: 'a comparison is not a number',
    right: 'write `indicator(a <= b)`, which is 1 where it holds and 0 elsewhere',
  }),
  'comparison-expected': () => ({
    wrong: '`indicator` takes one comparison',
    right: 'write `indicator(a <= b)`; `<`, `==`, `>=` and `>` serve too',
  }),
  'unknown-function': ({ name, suggestion, datum }) => ({
    wrong: `unknown function ${code(name)}`,
    right: didYouMean(suggestion) ?? (datum ? 'if these are data, declare them' : undefined),
  }),
  'wrong-arguments': ({ name, found, expected }) => ({
    wrong: `${code(name)} does not take ${found === 1 ? '1 argument' : `${found} arguments`}`,
    right: `write ${either(expected)}`,
  }),
  'not-a-function': ({ name, is }) => ({
    wrong: `${code(name)} is ${SORTS[is]}, not a function`,
    right: is === 'number' ? `to multiply, write ${code(`${name} * (...)`)}` : undefined,
  }),
  'needs-arguments': ({ name, expected }) => ({
    wrong: `${code(name)} without its arguments`,
    right: `write ${either(expected)}; a hyper-parameter needs another name`,
  }),
  'wrong-sort': ({ name, found, expected }) => ({
    wrong: `${code(name)} is ${SORTS[found]} where ${SORTS[expected]} is wanted`,
    right:
      found === 'response' && expected === 'number' ? `its probability is ${code(`pi(${name})`)}` : undefined,
  }),
  unbound: ({ name, expected }) => ({ wrong: `${code(name)} is not bound here`, right: BIND[expected] }),
  'name-expected': ({ expected }) => ({
    wrong: `the name of ${SORTS[expected]} is wanted here`,
    right: BIND[expected],
  }),
  'token-number': ({ text }) => ({
    wrong: `no token has the number ${code(text)}`,
    right: 'tokens are counted from 1',
  }),
  'range-expected': () => ({
    wrong: 'a sum does not run over this',
    right:
      'it runs over the tokens of a response, or over `V` (vocabulary), `Y` (responses) or `X` (prompts)',
  }),
  'not-a-distribution': ({ name, suggestion }) => ({
    wrong: `${code(name)} is not a next-token distribution`,
    right: didYouMean(suggestion) ?? 'name one such as `pi` or `ref`, without arguments',
  }),
  'constant-name': ({ name }) => ({ wrong: `${code(name)} is no name and no number here` }),
  undeclared: ({ name, suggestion }) => ({
    wrong: `undeclared hyper-parameter ${code(name)}`,
    right: didYouMean(suggestion) ?? 'declare it under `parameters`',
  }),
  'name-clash': ({ name, with: other }) => ({
    wrong: `${code(name)} is already the name of ${other === 'data' ? 'data' : `a ${other === 'parameter' ? 'hyper-parameter' : other}`}`,
    right: 'choose another name',
  }),
  'not-an-assumption': () => ({
    wrong: 'not an assumption',
    right: 'write one such as `beta > 0`, `0 < p < 1`, `alpha != 0` or `n integer`',
  }),
  contradiction: ({ about }) => ({
    wrong:
      about === ''
        ? 'this never holds'
        : `nothing is left for ${code(about)}: this contradicts what is granted`,
  }),
  'not-a-declaration': () => ({
    wrong: 'not a declaration of data',
    right: 'write one such as `score(y)`, `m(y,t) >= 0` or `prev(y) distribution`',
  }),
  'unknown-argument': ({ name }) => ({
    wrong: `${code(name)} does not say what kind of argument it is`,
    right: 'responses are w, l, y, a, b; tokens t, s, k; vocabulary entries v, u; the prompt x',
  }),
  'repeated-argument': ({ name }) => ({ wrong: `the argument ${code(name)} is there twice` }),
  'conflicting-domain': ({ name, is }) => ({
    wrong: `${code(name)} is already declared otherwise`,
    right: `as ${is}; data of one name share their properties`,
  }),
};

/** What is wrong and, if known, what would be right, without the place. */
function sentenceFor<K extends FormulaFaultKind>(fault: FaultOf<K>): Sentence {
  const sentence: (fault: FaultOf<K>) => Sentence = SENTENCES[fault.kind as K];
  return sentence(fault);
}

/**
 * The message for a fault: one line without `source`; with it also the line and column (both from 1, columns
 * in characters), the offending line with carets under the exact text, and below what would be right.
 */
export function formulaFault(fault: FormulaFault, source?: string): string {
  const { wrong, right } = sentenceFor(fault);
  if (source === undefined) return right === undefined ? wrong : `${wrong}; ${right}`;

  const before = source.slice(0, fault.start).split(/\r\n|[\n\r\u2028\u2029]/);
  const line = source.slice(fault.start).split(/[\n\r\u2028\u2029]/, 1)[0] ?? '';
  const lead = before.at(-1) ?? '';
  const place = `line ${before.length}, column ${Array.from(lead).length + 1}`;
  const marked = line.slice(0, fault.end - fault.start);
  const shown = excerpt(lead, marked, line.slice(marked.length));
  return [
    `${wrong} at ${place}`,
    ...shown.map((row) => `  ${row}`),
    ...(right === undefined ? [] : [right]),
  ].join('\n');
}
