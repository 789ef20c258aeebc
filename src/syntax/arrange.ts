/** What is checked before the grammar sees the tokens: brackets, nesting, and values with no operator between. */

import type { Construct } from './fault.ts';
import { refuse } from './fault.ts';
import type { Token } from './token.ts';

/** The deepest nesting read; brackets, signs and towers of powers each count one. */
export const DEEPEST = 200;

/** Words that are operators in the syntax we borrow, not here: `a mod b` is not `a * mod * b`. */
const WORD_OPERATORS: ReadonlySet<string> = new Set([
  'and',
  'or',
  'xor',
  'not',
  'mod',
  'to',
  'in',
  'if',
  'is',
]);
const FOREIGN_MARKS: ReadonlyMap<string, Construct> = new Map([
  ['=', 'assignment'],
  ['!=', 'inequality'],
]);

/** For each bracket's token, the token of its partner; -1 elsewhere. */
export type Partners = readonly number[];

/** Whether a value ends with this token. */
export const endsValue = (token: Token | undefined): boolean =>
  token !== undefined && (token.kind !== 'mark' || token.text === ')');

/** Whether a call's argument list begins at token `i`. */
export const opensCall = (tokens: readonly Token[], i: number): boolean =>
  tokens[i]?.text === '(' && tokens[i - 1]?.kind === 'name';

/** Checks the arrangement of `tokens` and pairs the brackets. Throws FormulaError. */
export function arrange(text: string, tokens: readonly Token[]): Partners {
  const partners = pair(tokens);
  refuseDepth(tokens);
  for (const [i, token] of tokens.entries()) {
    const construct = token.kind === 'mark' ? FOREIGN_MARKS.get(token.text) : undefined;
    if (construct !== undefined) refuse(token, { kind: 'not-in-language', construct, text: token.text });
    const starts = token.kind !== 'mark' || token.text === '(';
    if (starts && endsValue(tokens[i - 1]) && !opensCall(tokens, i)) refuseGap(text, tokens, partners, i);
  }
  return partners;
}

function pair(tokens: readonly Token[]): Partners {
  const partners: number[] = tokens.map(() => -1);
  const open: number[] = [];
  for (const [i, token] of tokens.entries()) {
    if (token.text === '(') open.push(i);
    if (token.text !== ')') continue;
    const partner = open.pop();
    if (partner === undefined) return refuse(token, { kind: 'unbalanced', mark: ')' });
    partners[i] = partner;
    partners[partner] = i;
  }
  const left = tokens[open.pop() ?? -1];
  if (left !== undefined) refuse(left, { kind: 'unbalanced', mark: '(' });
  return partners;
}

/** The borrowed parser recurses on brackets, prefix signs and `^`; the count bounds its stack. */
function refuseDepth(tokens: readonly Token[]): void {
  const levels: { readonly outside: number; readonly inside: number }[] = [];
  let depth = 0;
  for (const [i, token] of tokens.entries()) {
    if (token.kind !== 'mark') continue;
    if (token.text === '(') {
      levels.push({ outside: depth, inside: depth + 1 });
      depth++;
    } else if (token.text === ')') {
      depth = levels.pop()?.outside ?? 0;
    } else if (token.text === '^' || !endsValue(tokens[i - 1])) {
      depth++;
    } else {
      // A binary operator or a comma ends every power and sign before it.
      depth = levels.at(-1)?.inside ?? 0;
    }
    if (depth > DEEPEST) refuse(token, { kind: 'too-deep', limit: DEEPEST });
  }
}

/** Refuses token `i`, which begins a value right after another. */
function refuseGap(text: string, tokens: readonly Token[], partners: Partners, i: number): never {
  const token = (at: number): Token => tokens[at] ?? { kind: 'mark', text: '', start: 0, end: 0 };
  for (const word of [token(i - 1), token(i)]) {
    if (WORD_OPERATORS.has(word.text)) {
      refuse(word, { kind: 'not-in-language', construct: 'word-operator', text: word.text });
    }
  }
  const group = token(i - 1).text === ')' ? (partners[i - 1] ?? i - 1) : i - 1;
  const start = token(opensCall(tokens, group) ? group - 1 : group).start;
  const bracket = opensCall(tokens, i + 1) ? i + 1 : i;
  const end = token(token(bracket).text === '(' ? (partners[bracket] ?? bracket) : i).end;
  return refuse(
    { start, end },
    {
      kind: 'implicit-multiplication',
      left: text.slice(start, token(i - 1).end),
      right: text.slice(token(i).start, end),
    },
  );
}
