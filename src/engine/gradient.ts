/** Taking a gradient: by the rules of the gradient, down to those of log-probabilities and of what has no rule. */

import type { Declarations } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import type { Step } from '../trace/trace.ts';
import type { Row } from './rewrite.ts';
import { exhaust, rowNamed } from './rewrite.ts';

/** The gradient of the logarithm of a datum is what gradients are written in. */
const isScore = (e: Expr): boolean => {
  const of = e.kind === 'grad' && e.body.kind === 'call' && e.body.fn === 'log' ? e.body.args[0] : undefined;
  return of?.kind === 'apply';
};

/** Logarithms apart, then the gradient inwards; constants before products, the product rule last. */
const ROWS: readonly Row[] = [
  'log-sigmoid-definition',
  'softplus-definition',
  'log-one-plus-definition',
  'exp-minus-one-definition',
  'root-definition',
  'log-exp',
  'log-quotient',
  'log-product',
  'log-power',
  'grad-constant',
  'grad-scale',
  'grad-add',
  'grad-log-sigmoid',
  'grad-sigmoid',
  'grad-exp',
  'grad-power',
  'grad-log',
  'grad-token-sum',
  'grad-vocabulary-sum',
  'grad-policy',
  'grad-policy-token',
  'grad-policy-entry',
  'grad-product',
].map((id) => (id === 'grad-log' ? { ...rowNamed(id), unless: isScore } : rowNamed(id)));

/** The steps from the gradient of something to gradients of log-probabilities. */
export const differentiated = (e: Expr, declared: Declarations): readonly Step[] =>
  exhaust(e, ROWS, declared);
