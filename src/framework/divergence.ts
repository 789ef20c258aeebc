/** Scores that are a function of the ratio pi/ref alone: the derivative f' of an f-divergence, and which one (f-DPO). */

import type { Datum, Declarations } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { add, apply, divide, log, minus, mul, num, sym, variable } from '../expr/expr.ts';
import { rebuild, some } from '../expr/walk.ts';
import { canonical } from '../forms/canonise.ts';
import { collect } from '../forms/collect.ts';
import { provesEqual } from '../forms/decide.ts';
import { differentiate } from '../forms/differentiate.ts';
import { nowhereNegative } from './claim.ts';
import { RESPONSE } from './score.ts';

export const DIVERGENCES = [
  'reverse-kl',
  'forward-kl',
  'jensen-shannon',
  'alpha',
  'chi-squared',
  'chi-squared-kl',
  'other',
] as const;
export type DivergenceName = (typeof DIVERGENCES)[number];

export interface Divergence {
  readonly name: DivergenceName;
  /** f' up to a positive factor and a constant, in the ratio `r`. */
  readonly derivative: Expr;
  /** alpha, where f'(r) = (1 - r^(-alpha))/alpha up to a positive factor. */
  readonly order: Expr | undefined;
  /** Whether f' is known to rise, as the derivative of a convex f does. */
  readonly convex: boolean;
}

/** The ratio as a positive datum: what has a derivative here are data. */
const RATIO = 'probability_ratio';
const POINT = apply(RATIO, [variable('w', 'response')]);
const RATIO_DATUM: Datum = {
  is: 'positive',
  shapes: [['response']],
  distribution: false,
  prompt: false,
  policy: false,
};
const BUDGET = 60_000;

const isDatum = (e: Expr, name: string): boolean => e.kind === 'apply' && e.name === name;

/** The distributions besides the policy that an expression uses. */
export const referencesIn = (e: Expr, declared: Declarations): readonly string[] =>
  Object.entries(declared.data)
    .filter(([, datum]) => datum.distribution && !datum.policy)
    .map(([name]) => name)
    .filter((name) => some(e, (node) => isDatum(node, name)));

/**
 * Undefined where the score depends on more than the ratio of the policy to one reference, or falls with it somewhere:
 * then it is the derivative of no convex function.
 */
export function divergenceOf(score: Expr, declared: Declarations): Divergence | undefined {
  const [reference, another] = referencesIn(score, declared);
  if (reference === undefined || another !== undefined) return undefined;
  const policy = apply('pi', [RESPONSE]);
  const inRatio = rebuild(score, (node) =>
    node.kind === 'apply' && node.name === policy.name && node.args.length === 1
      ? mul([POINT, apply(reference, node.args)])
      : node,
  );
  const known: Declarations = { ...declared, data: { ...declared.data, [RATIO]: RATIO_DATUM } };
  const form = canonical(inRatio, known, BUDGET);
  if (form === undefined || some(form, (node) => node.kind === 'apply' && node.name !== RATIO))
    return undefined;
  const rises = nowhereNegative(differentiate(form, POINT), known).answer;
  if (rises === 'refuted') return undefined;
  const written = collect(form, known) ?? form;
  const derivative = rebuild(written, (node) => (isDatum(node, RATIO) ? sym('r') : node));
  return { ...named(form, known), derivative, convex: rises === 'proved' };
}

function named(f: Expr, declared: Declarations): Pick<Divergence, 'name' | 'order'> {
  const isZero = (e: Expr): boolean => provesEqual(e, num(0), declared, BUDGET);
  const d = (e: Expr): Expr => differentiate(e, POINT);
  // By log r: f' = c r^k + d has the derivative c k r^k, whose own logarithmic derivative is k.
  const slope = d(f);
  const order = divide(d(slope), slope);
  if (isZero(d(order))) {
    const k = canonical(order, declared, BUDGET) ?? order;
    const is = (n: number): boolean => isZero(add([k, num(-n)]));
    if (is(0)) return { name: 'reverse-kl', order: undefined };
    if (is(-1)) return { name: 'forward-kl', order: undefined };
    if (is(1)) return { name: 'chi-squared', order: undefined };
    return { name: 'alpha', order: canonical(minus(k), declared, BUDGET) ?? minus(k) };
  }
  const sameUpToScale = (g: Expr): boolean => isZero(d(divide(slope, d(g))));
  if (sameUpToScale(log(divide(mul([num(2), POINT]), add([num(1), POINT])))))
    return { name: 'jensen-shannon', order: undefined };
  if (sameUpToScale(add([POINT, log(POINT)]))) return { name: 'chi-squared-kl', order: undefined };
  return { name: 'other', order: undefined };
}
