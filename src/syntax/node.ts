/** The grammar is mathjs's: this file hands it the tokens and looks at what comes back, one level at a time. */

import type { Partners } from './arrange.ts';
import { arrange, endsValue } from './arrange.ts';
import type { Span } from './fault.ts';
import { refuse } from './fault.ts';
import type { Tree } from './grammar.ts';
import { grammar } from './grammar.ts';
import type { Token } from './token.ts';
import { tokenise } from './token.ts';

/** A text that is grammatical, as a tree whose leaves are the numbers of its tokens. */
export interface Reading {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly partners: Partners;
  readonly root: Tree;
}

/** One level of the tree. Numbers in it are token numbers. */
export type Node =
  | { readonly kind: 'leaf'; readonly token: Token }
  | { readonly kind: 'group'; readonly inner: Tree }
  | { readonly kind: 'sign'; readonly mark: string; readonly of: Tree }
  | { readonly kind: 'binary'; readonly mark: string; readonly left: Tree; readonly right: Tree }
  | { readonly kind: 'call'; readonly name: Token; readonly args: readonly Tree[] }
  | { readonly kind: 'comparisons'; readonly first: Tree; readonly last: Tree };

/**
 * Reads the grammar of `text`. Throws FormulaError.
 *
 * Every name and number goes to mathjs as `t<token number>`: so no name has a meaning there (constants,
 * units, `mod`, `end`, prototypes), no literal is rounded to a double, and each leaf knows its place.
 */
export function readNodes(text: string): Reading {
  const tokens = tokenise(text);
  if (tokens.length === 0) refuse({ start: 0, end: text.length }, { kind: 'empty' });
  const partners = arrange(text, tokens);
  const words = tokens.map((token, i) => (token.kind === 'mark' ? token.text : `t${i}`));
  try {
    return { text, tokens, partners, root: grammar(words.join(' ')) };
  } catch (error) {
    if (!(error instanceof SyntaxError && 'char' in error && typeof error.char === 'number')) throw error;
    return refuseAt(tokens, words, error.char - 1);
  }
}

/** Refuses the token that mathjs stumbled over, given the offset in the text it was handed. */
function refuseAt(tokens: readonly Token[], words: readonly string[], offset: number): never {
  let i = 0;
  for (let end = 0; i < words.length; i++) {
    end += words[i]?.length ?? 0;
    if (offset < end) break;
    end++;
  }
  const token = tokens[i];
  const after = tokens.at(-1)?.end ?? 0;
  if (token === undefined) {
    return refuse({ start: after, end: after }, { kind: 'value-expected', found: undefined });
  }
  if (endsValue(tokens[i - 1])) return refuse(token, { kind: 'unexpected', text: token.text });
  return refuse(token, { kind: 'value-expected', found: token.text });
}

/** Looks at the top of a tree. */
export function look(reading: Reading, tree: Tree): Node {
  switch (tree.kind) {
    case 'leaf':
      return { kind: 'leaf', token: tokenAt(reading, tree.token) };
    case 'group':
      return tree;
    case 'operator': {
      const [left, right] = operands(tree.args);
      return right === undefined
        ? { kind: 'sign', mark: tree.mark, of: left }
        : { kind: 'binary', mark: tree.mark, left, right };
    }
    case 'comparisons': {
      const [first] = operands(tree.args);
      return { kind: 'comparisons', first, last: tree.args.at(-1) ?? first };
    }
    case 'call':
      return { kind: 'call', name: tokenAt(reading, firstToken(reading, tree.of)), args: tree.args };
  }
}

function operands([first, second]: readonly Tree[]): readonly [Tree, Tree?] {
  if (first === undefined) throw new Error('an operator of nothing');
  return second === undefined ? [first] : [first, second];
}

function tokenAt({ tokens }: Reading, i: number): Token {
  const token = tokens[i];
  if (token === undefined) throw new RangeError(`no token ${i}`);
  return token;
}

/** The stretch of text that a node was read from, brackets included. */
export function spanOf(reading: Reading, node: Tree): Span {
  return {
    start: tokenAt(reading, firstToken(reading, node)).start,
    end: tokenAt(reading, lastToken(reading, node)).end,
  };
}

function firstToken(reading: Reading, node: Tree): number {
  let before = 0;
  for (let here = node; ; ) {
    const seen = look(reading, here);
    if (seen.kind === 'leaf') return reading.tokens.indexOf(seen.token) - before;
    if (seen.kind === 'call') return reading.tokens.indexOf(seen.name) - before;
    if (seen.kind === 'binary') here = seen.left;
    else if (seen.kind === 'comparisons') here = seen.first;
    else {
      // A sign and an opening bracket are the token just before what they stand for.
      before++;
      here = seen.kind === 'group' ? seen.inner : seen.of;
    }
  }
}

function lastToken(reading: Reading, node: Tree): number {
  let after = 0;
  for (let here = node; ; ) {
    const seen = look(reading, here);
    if (seen.kind === 'leaf') return reading.tokens.indexOf(seen.token) + after;
    if (seen.kind === 'call') {
      const close = reading.partners[reading.tokens.indexOf(seen.name) + 1] ?? 0;
      return close + after;
    }
    if (seen.kind === 'binary') here = seen.right;
    else if (seen.kind === 'comparisons') here = seen.last;
    else if (seen.kind === 'sign') here = seen.of;
    else {
      after++;
      here = seen.inner;
    }
  }
}
