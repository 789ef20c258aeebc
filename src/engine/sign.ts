/** Signs at sight: from the shape of an expression, declared domains and granted facts, as far as the checker grants them too. */

import type { Declarations, Domain, Fact } from '../expr/declare.ts';
import { datumOf, domainOf } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { sameUpToOrder } from '../expr/flat.ts';

const POSITIVE: readonly Domain[] = ['positive', 'open-unit'];
const NONNEGATIVE: readonly Domain[] = [...POSITIVE, 'nonnegative', 'unit', 'boolean'];

/** Whether an expression is visibly positive. */
export function isPositive(e: Expr, declared: Declarations): boolean {
  if (isGranted(['positive'], e, declared)) return true;
  const positive = (part: Expr): boolean => isPositive(part, declared);
  const nonnegative = (part: Expr): boolean => isNonnegative(part, declared);
  switch (e.kind) {
    case 'num':
      return e.value.n > 0n;
    case 'sym':
    case 'apply':
      return POSITIVE.includes(domain(e, declared));
    case 'add':
      return (
        (e.terms.every(nonnegative) && e.terms.some(positive)) || isComplement(e, POSITIVE_SHARE, declared)
      );
    case 'mul':
      return e.factors.every(positive);
    case 'pow':
      return positive(e.base);
    case 'call':
      return e.fn === 'exp' || e.fn === 'sigmoid' || e.fn === 'softplus';
    case 'sum':
    case 'freeze':
      return positive(e.body);
    case 'var':
    case 'grad':
      return false;
  }
}

/** Whether an expression is visibly not negative. */
export function isNonnegative(e: Expr, declared: Declarations): boolean {
  if (isPositive(e, declared) || isGranted(['nonnegative'], e, declared)) return true;
  const inner = (part: Expr): boolean => isNonnegative(part, declared);
  switch (e.kind) {
    case 'num':
      return e.value.n === 0n;
    case 'sym':
    case 'apply':
      return NONNEGATIVE.includes(domain(e, declared));
    case 'add':
      return e.terms.every(inner) || isComplement(e, SHARE, declared);
    case 'mul':
      return e.factors.every(inner);
    case 'sum':
    case 'freeze':
      return inner(e.body);
    default:
      return false;
  }
}

const domain = (e: Extract<Expr, { readonly kind: 'sym' | 'apply' }>, declared: Declarations): Domain =>
  e.kind === 'sym' ? domainOf(declared, e.name) : (datumOf(declared, e.name)?.is ?? 'real');

const isGranted = (kinds: readonly Fact['kind'][], e: Expr, { facts }: Declarations): boolean =>
  facts.some(({ kind, of }) => kinds.includes(kind) && sameUpToOrder(of, e));

const POSITIVE_SHARE: readonly Domain[] = ['open-unit'];
const SHARE: readonly Domain[] = [...POSITIVE_SHARE, 'unit', 'boolean'];

/** Whether a sum is 1 - p for a p declared to lie in one of the domains. */
function isComplement(e: Expr, domains: readonly Domain[], declared: Declarations): boolean {
  const [a, b, further] = e.kind === 'add' ? e.terms : [];
  const [whole, less] = a?.kind === 'num' ? [a, b] : [b, a];
  const [sign, share, another] = less?.kind === 'mul' ? less.factors : [];
  if (further !== undefined || another !== undefined || !isNumber(whole, 1n) || !isNumber(sign, -1n))
    return false;
  if (share?.kind === 'call') return share.fn === 'sigmoid';
  return (share?.kind === 'sym' || share?.kind === 'apply') && domains.includes(domain(share, declared));
}

const isNumber = (e: Expr | undefined, n: bigint): boolean =>
  e?.kind === 'num' && e.value.n === n && e.value.d === 1n;
