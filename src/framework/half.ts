/** On which side of zero an expression stays: from its parts as they are written, then from its canonical form. */

import type { Declarations } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { signOfExpr } from '../forms/canonise.ts';

export type Half = 'nonnegative' | 'nonpositive' | 'unknown';

const OPPOSITE: Readonly<Record<Half, Half>> = {
  nonnegative: 'nonpositive',
  nonpositive: 'nonnegative',
  unknown: 'unknown',
};

/** Functions that are nowhere negative. */
const UPPER: ReadonlySet<string> = new Set([
  'exp',
  'sigmoid',
  'softplus',
  'relu',
  'abs',
  'sqrt',
  'le',
  'lt',
  'eq',
]);

/** Zero counts as nonnegative. `budget` is the work for one canonical form. */
export function halfOf(e: Expr, declared: Declarations, budget?: number): Half {
  const parts = ofParts(e, declared, budget);
  if (parts !== 'unknown') return parts;
  const sign = signOfExpr(e, declared, budget);
  if (sign === 'positive' || sign === 'nonnegative' || sign === 'zero') return 'nonnegative';
  return sign === 'negative' || sign === 'nonpositive' ? 'nonpositive' : 'unknown';
}

function ofParts(e: Expr, declared: Declarations, budget?: number): Half {
  const of = (part: Expr): Half => halfOf(part, declared, budget);
  switch (e.kind) {
    case 'num':
      return e.value.n >= 0n ? 'nonnegative' : 'nonpositive';
    case 'freeze':
      return of(e.body);
    case 'add': {
      const [first = 'unknown', ...others] = e.terms.map(of);
      return others.every((half) => half === first) ? first : 'unknown';
    }
    case 'mul': {
      const halves = e.factors.map(of);
      if (halves.includes('unknown')) return 'unknown';
      return halves.reduce((a, b) => (b === 'nonpositive' ? OPPOSITE[a] : a), 'nonnegative');
    }
    case 'call': {
      if (UPPER.has(e.fn)) return 'nonnegative';
      if (e.fn === 'logsigmoid') return 'nonpositive';
      if (e.fn !== 'max' && e.fn !== 'min') return 'unknown';
      const [one, all] = e.fn === 'max' ? UP : DOWN;
      const halves = e.args.map(of);
      if (halves.includes(one)) return one;
      return halves.every((half) => half === all) ? all : 'unknown';
    }
    default:
      return 'unknown';
  }
}

/** The greatest of several is up if one is, and down if all are; the least the other way round. */
const UP = ['nonnegative', 'nonpositive'] as const;
const DOWN = ['nonpositive', 'nonnegative'] as const;
