/** Sums and products as they are written: an unbracketed chain becomes one n-ary node, signs and quotients have one spelling. */

import type { Expr } from '../expr/expr.ts';
import { add, mul, num, reciprocal } from '../expr/expr.ts';
import type { Rational } from '../expr/rational.ts';
import { isOne, isZero, negate, rational } from '../expr/rational.ts';
import type { Tree } from './grammar.ts';
import type { Reading } from './node.ts';
import { look } from './node.ts';
import { literal } from './token.ts';

/** Reads any node; what the chains here are made of. */
export type Build = (node: Tree) => Expr;

interface Link {
  readonly mark: string;
  readonly node: Tree;
}

/** The left-deep chain of these operators under `node`: 10,000 terms are 10,000 links, not 10,000 stack frames. */
function chainOf(reading: Reading, node: Tree, marks: string): readonly [Tree, readonly Link[]] {
  const links: Link[] = [];
  for (let head = node; ; ) {
    const seen = look(reading, head);
    if (seen.kind !== 'binary' || !marks.includes(seen.mark)) return [head, links.reverse()];
    links.push({ mark: seen.mark, node: seen.right });
    head = seen.left;
  }
}

/** Reads a chain of `+` and `-`; `a - b * c` is `a + (-b * c)`. */
export function sumChain(reading: Reading, node: Tree, build: Build): Expr {
  const [head, links] = chainOf(reading, node, '+-');
  const terms = links.map((link) => productChain(reading, link.node, build, link.mark === '-'));
  const first = productChain(reading, head, build);
  return terms.length === 0 ? first : add([first, ...terms]);
}

/**
 * Reads a chain of `*` and `/` with the signs before it. `a / b` is `a * b^(-1)`; at its head a sign goes
 * into a literal, a quotient of two whole literals is one number, and `1 / b` is `b^(-1)`.
 */
function productChain(reading: Reading, node: Tree, build: Build, negated = false): Expr {
  const [start, links] = chainOf(reading, node, '*/');
  let head = start;
  let signs = negated ? 1 : 0;
  for (let seen = look(reading, head); seen.kind === 'sign'; seen = look(reading, head)) {
    if (seen.mark === '-') signs++;
    head = seen.of;
  }

  const factors: Expr[] = [];
  let rest = links;
  const value = literalOf(reading, head);
  if (value === undefined) {
    factors.push(build(head));
  } else {
    const quotient = quotientOf(reading, head, links[0]);
    if (quotient !== undefined) rest = links.slice(1);
    const size = quotient ?? value;
    const isReciprocal = quotient === undefined && signs === 0 && isOne(value) && links[0]?.mark === '/';
    if (!isReciprocal) factors.push(num(signs > 0 ? negate(size) : size));
    if (signs > 0) signs--;
  }
  for (const { mark, node: right } of rest) {
    // A sign within a chain belongs to its own factor: a * -b is a * (-1 * b).
    const factor = productChain(reading, right, build);
    factors.push(mark === '/' ? reciprocal(factor) : factor);
  }
  const all = [...Array.from({ length: signs }, () => num(-1)), ...factors];
  const [only] = all;
  return all.length === 1 && only !== undefined ? only : mul(all);
}

function literalOf(reading: Reading, node: Tree): Rational | undefined {
  const seen = look(reading, node);
  return seen.kind === 'leaf' && seen.token.kind === 'number' ? literal(seen.token) : undefined;
}

/** The number `2/3` at the head of a chain, if it is written with plain digits and is one. */
function quotientOf(reading: Reading, head: Tree, next: Link | undefined): Rational | undefined {
  if (next?.mark !== '/') return undefined;
  const [above, below] = [wholeOf(reading, head), wholeOf(reading, next.node)];
  return above === undefined || below === undefined || isZero(below) ? undefined : rational(above.n, below.n);
}

function wholeOf(reading: Reading, node: Tree): Rational | undefined {
  const seen = look(reading, node);
  return seen.kind === 'leaf' && /^\d+$/.test(seen.token.text) ? literal(seen.token) : undefined;
}
