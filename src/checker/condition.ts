/** Side conditions, judged from declarations by structure alone. What does not follow here does not hold. */

import type { Declarations, Domain, Fact } from '../expr/declare.ts';
import { datumOf, domainOf } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { isInteger } from '../expr/rational.ts';
import { children } from '../expr/walk.ts';
import { alike } from './substitute.ts';

const POSITIVE: readonly Domain[] = ['positive', 'open-unit'];
const NONNEGATIVE: readonly Domain[] = ['positive', 'open-unit', 'nonnegative', 'unit', 'boolean'];

/** Whether a fact follows from what is declared. */
export function follows({ kind, of }: Fact, declared: Declarations): boolean {
  if (declared.facts.some((fact) => fact.kind === kind && alike(fact.of, of))) return true;
  switch (kind) {
    case 'positive':
      return isPositive(of, declared);
    case 'nonnegative':
      return isNonnegative(of, declared);
    case 'nonzero':
      return isNonzero(of, declared);
    case 'integer':
      return of.kind === 'num'
        ? isInteger(of.value)
        : of.kind === 'sym' && ['integer', 'boolean'].includes(domainOf(declared, of.name));
  }
}

const declaredDomain = (e: Expr, declared: Declarations): Domain | undefined =>
  e.kind === 'sym'
    ? domainOf(declared, e.name)
    : e.kind === 'apply'
      ? datumOf(declared, e.name)?.is
      : undefined;

function isPositive(e: Expr, declared: Declarations): boolean {
  const inner = (part: Expr): boolean => follows({ kind: 'positive', of: part }, declared);
  switch (e.kind) {
    case 'num':
      return e.value.n > 0n;
    case 'sym':
    case 'apply':
      return POSITIVE.includes(declaredDomain(e, declared) ?? 'real');
    case 'add':
      return e.terms.every((term) => isNonnegative(term, declared)) && e.terms.some(inner);
    case 'mul':
      return e.factors.every(inner);
    case 'pow':
      return inner(e.base);
    case 'call':
      return e.fn === 'exp' || e.fn === 'sigmoid' || e.fn === 'softplus';
    case 'sum': // every range is non-empty
    case 'freeze':
      return inner(e.body);
    default:
      return false;
  }
}

function isNonnegative(e: Expr, declared: Declarations): boolean {
  const inner = (part: Expr): boolean => follows({ kind: 'nonnegative', of: part }, declared);
  if (follows({ kind: 'positive', of: e }, declared)) return true;
  switch (e.kind) {
    case 'num':
      return e.value.n >= 0n;
    case 'sym':
    case 'apply':
      return NONNEGATIVE.includes(declaredDomain(e, declared) ?? 'real');
    case 'add':
      return e.terms.every(inner);
    case 'mul':
      return e.factors.every(inner);
    case 'sum':
    case 'freeze':
      return inner(e.body);
    default:
      return false;
  }
}

function isNonzero(e: Expr, declared: Declarations): boolean {
  if (follows({ kind: 'positive', of: e }, declared)) return true;
  if (e.kind === 'num') return e.value.n !== 0n;
  if (e.kind === 'mul')
    return e.factors.every((factor) => follows({ kind: 'nonzero', of: factor }, declared));
  return e.kind === 'pow' && follows({ kind: 'nonzero', of: e.base }, declared);
}

/** Whether a variable or hyper-parameter of this name occurs free. */
export function mentions(e: Expr, name: string): boolean {
  if (e.kind === 'sym' || e.kind === 'var') return e.name === name;
  if (e.kind === 'sum' && e.index.name === name)
    return e.range.kind === 'tokens' && mentions(e.range.of, name);
  return children(e).some((part) => mentions(part, name));
}
