/** Where an expression is defined: the facts its logarithms, divisions and roots need. */

import { substitute } from '../expr/binder.ts';
import type { Declarations, Fact } from '../expr/declare.ts';
import { datumOf, domainOf } from '../expr/declare.ts';
import type { Call, Expr, Pow } from '../expr/expr.ts';
import { add, num } from '../expr/expr.ts';
import { compareRationals, isInteger, ZERO } from '../expr/rational.ts';
import { children } from '../expr/walk.ts';
import { indexAt, nesting } from './leaf.ts';

/**
 * The facts that `e` needs and that do not follow at sight from declared domains, innermost first.
 * Bound indices are named as in canonical form.
 */
export function needs(e: Expr, declared: Declarations): readonly Fact[] {
  const found: Fact[] = [];
  const need = (kind: Fact['kind'], of: Expr): void => {
    if (kind === 'nonnegative' ? !plainly(of, declared, true) : !plainly(of, declared, false))
      found.push({ kind, of });
  };
  const visit = (node: Expr): void => {
    if (node.kind === 'sum') {
      const index = indexAt(nesting(node.body), node.range);
      visit(substitute(node.body, [[node.index, index]]));
      return;
    }
    for (const part of children(node)) visit(part);
    if (node.kind === 'call') needsOfCall(node, need);
    if (node.kind === 'pow') needsOfPower(node, need);
  };
  visit(e);
  return found;
}

function needsOfCall(e: Call, need: (kind: Fact['kind'], of: Expr) => void): void {
  const [u = num(0)] = e.args;
  if (e.fn === 'log') need('positive', u);
  if (e.fn === 'log1p') need('positive', add([num(1), u]));
  if (e.fn === 'sqrt') need('nonnegative', u);
}

/**
 * A negative base has a power where the exponent is a whole number at that very point, so an exponent
 * that is not a literal says nothing about its base.
 */
function needsOfPower({ base, exponent }: Pow, need: (kind: Fact['kind'], of: Expr) => void): void {
  if (exponent.kind !== 'num') return;
  const negative = compareRationals(exponent.value, ZERO) < 0;
  if (!isInteger(exponent.value)) need(negative ? 'positive' : 'nonnegative', base);
  else if (negative) need('nonzero', base);
}

/** Positive (or, if `zeroToo`, nonnegative) by the shape of the expression and declared domains alone. */
export function plainly(e: Expr, declared: Declarations, zeroToo: boolean): boolean {
  const inner = (part: Expr): boolean => plainly(part, declared, zeroToo);
  switch (e.kind) {
    case 'num':
      return zeroToo ? e.value.n >= 0n : e.value.n > 0n;
    case 'sym':
    case 'apply': {
      const is = e.kind === 'sym' ? domainOf(declared, e.name) : (datumOf(declared, e.name)?.is ?? 'real');
      if (is === 'positive' || is === 'open-unit') return true;
      return zeroToo && (is === 'nonnegative' || is === 'unit' || is === 'boolean');
    }
    case 'var':
      return true;
    case 'grad':
      return false;
    case 'add':
      return e.terms.every(inner);
    case 'mul':
      return e.factors.every(inner);
    case 'pow':
      return inner(e.base) && (!zeroToo || plainly(e.base, declared, false) || e.exponent.kind === 'num');
    case 'call':
      if (e.fn === 'exp' || e.fn === 'sigmoid' || e.fn === 'softplus') return true;
      return (
        zeroToo && (e.fn === 'relu' || e.fn === 'abs' || e.fn === 'le' || e.fn === 'lt' || e.fn === 'eq')
      );
    case 'sum':
    case 'freeze':
      return inner(e.body);
  }
}
