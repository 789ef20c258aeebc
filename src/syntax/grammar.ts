/** The grammar of formulas is mathjs's: its parser alone, which builds trees of ours instead of its own nodes. */

import { createParse } from 'mathjs/number';

/** A text by its grammar. A leaf is known by the number of its token. */
export type Tree =
  | { readonly kind: 'leaf'; readonly token: number }
  | { readonly kind: 'group'; readonly inner: Tree }
  | { readonly kind: 'operator'; readonly mark: string; readonly args: readonly Tree[] }
  | { readonly kind: 'comparisons'; readonly args: readonly Tree[] }
  | { readonly kind: 'call'; readonly of: Tree; readonly args: readonly Tree[] };

declare module 'mathjs/number' {
  /** Takes the constructors of its nodes, each called with `new`; its types leave it out. */
  export function createParse(parts: Readonly<Record<string, unknown>>): (text: string) => Tree;
}

/** By these mathjs knows a name, after which a bracket opens the arguments of a call. */
const NAME = { isSymbolNode: true, constructor: { prototype: { isNode: true } } } as const;

function SymbolNode(name: string): Tree {
  return { kind: 'leaf', token: Number(name.slice(1)), ...NAME };
}
function ParenthesisNode(inner: Tree): Tree {
  return { kind: 'group', inner };
}
function OperatorNode(mark: string, _: string, args: readonly Tree[]): Tree {
  return { kind: 'operator', mark, args };
}
function RelationalNode(_: readonly string[], args: readonly Tree[]): Tree {
  return { kind: 'comparisons', args };
}
function FunctionNode(of: Tree, args: readonly Tree[]): Tree {
  return { kind: 'call', of, args };
}
function Unreachable(): never {
  throw new Error('a node from tokens that cannot make one');
}

/** What mathjs overloads, it offers here for one text. */
const typed = Object.assign(
  (_: string, { string }: Readonly<Record<'string', (text: string) => Tree>>) => string,
  { addConversion: () => undefined },
);

/**
 * The tree of a text of names `t<token number>`, operators, brackets and commas. Throws a SyntaxError with
 * `char`, the place in the text from 1.
 */
export const grammar: (text: string) => Tree = createParse({
  typed,
  SymbolNode,
  ParenthesisNode,
  OperatorNode,
  RelationalNode,
  FunctionNode,
  config: {},
  numeric: Unreachable,
  AccessorNode: Unreachable,
  ArrayNode: Unreachable,
  AssignmentNode: Unreachable,
  BlockNode: Unreachable,
  ConditionalNode: Unreachable,
  ConstantNode: Unreachable,
  FunctionAssignmentNode: Unreachable,
  IndexNode: Unreachable,
  ObjectNode: Unreachable,
  RangeNode: Unreachable,
});
