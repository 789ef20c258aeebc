/** Text to expression: the formula language of the command line and of derivation files. */

import type { Expr } from '../expr/expr.ts';
import { apply, call, grad, num, pow } from '../expr/expr.ts';
import type { FnName } from '../expr/function.ts';
import { FUNCTIONS, isFnName } from '../expr/function.ts';
import { argument } from './argument.ts';
import { sumChain } from './chain.ts';
import { refuse } from './fault.ts';
import { FORM_READERS } from './form.ts';
import type { Tree } from './grammar.ts';
import type { Reading } from './node.ts';
import { look, readNodes, spanOf } from './node.ts';
import type { Names, Scope } from './scope.ts';
import { FORMULA_SCOPE, namesOf, numberNamed, refuseCall, shapesOf } from './scope.ts';
import type { Token } from './token.ts';
import { literal } from './token.ts';
import { isForm, isFunction, shapesOfData, shapesOfFunction } from './word.ts';

/**
 * The expression that `text` writes, as it is written: nothing is simplified. Numbers are exact.
 * Throws FormulaError on anything that is not a formula in this scope; texts beyond 200,000 characters
 * or 200 levels of nesting are refused.
 */
export function parse(text: string, scope: Scope = FORMULA_SCOPE): Expr {
  const reading = readNodes(text);
  return build(reading, reading.root, namesOf(reading.tokens, scope));
}

function build(reading: Reading, node: Tree, names: Names): Expr {
  const seen = look(reading, node);
  const inner = (part: Tree): Expr => build(reading, part, names);
  switch (seen.kind) {
    case 'leaf':
      return seen.token.kind === 'number' ? num(literal(seen.token)) : numberNamed(names, seen.token);
    case 'group':
      return inner(seen.inner);
    case 'sign':
      return sumChain(reading, node, inner);
    case 'binary':
      if (seen.mark === '^') return pow(inner(seen.left), inner(seen.right));
      if ('+-*/'.includes(seen.mark)) return sumChain(reading, node, inner);
      return refuse(spanOf(reading, node), { kind: 'comparison-outside-indicator' });
    case 'comparisons':
      return refuse(spanOf(reading, node), { kind: 'comparison-outside-indicator' });
    case 'call':
      return buildCall(reading, seen.name, seen.args, node, names);
  }
}

function buildCall(reading: Reading, head: Token, args: readonly Tree[], node: Tree, names: Names): Expr {
  const name = head.text;
  const wrongNumber = (expected: readonly string[]): never =>
    refuse(spanOf(reading, node), { kind: 'wrong-arguments', name, found: args.length, expected });

  const shapes = shapesOf(names.scope, name);
  if (shapes !== undefined) {
    const sorts =
      shapes.find((shape) => shape.length === args.length) ?? wrongNumber(shapesOfData(name, shapes));
    return apply(
      name,
      args.flatMap((arg, i) => {
        const sort = sorts[i];
        return sort === undefined ? [] : [argument(reading, names, arg, sort)];
      }),
    );
  }
  const [body, another] = args;
  if (name === 'grad' && names.scope.gradients && body !== undefined) {
    return another === undefined ? grad(build(reading, body, names)) : wrongNumber(['grad(e)']);
  }
  if (isForm(name)) {
    const form = FORM_READERS[name];
    if (args.length !== form.takes) wrongNumber(shapesOfFunction(name));
    return form.read({ reading, names, args, build: (part, inside) => build(reading, part, inside) });
  }
  if (isFnName(name) && isFunction(name)) {
    if (!takes(name, args.length)) wrongNumber(shapesOfFunction(name));
    return call(
      name,
      args.map((arg) => build(reading, arg, names)),
    );
  }
  return refuseCall(names, head, args.length > 0 && args.every((arg) => isVariable(reading, arg, names)));
}

function takes(name: FnName, count: number): boolean {
  const { min, max } = FUNCTIONS[name];
  return count >= min && (max === undefined || count <= max);
}

function isVariable(reading: Reading, node: Tree, { variables }: Names): boolean {
  const seen = look(reading, node);
  return seen.kind === 'leaf' && variables.has(seen.token.text);
}
