/** Whether a loss falls as the chosen response becomes likelier, and rises as the rejected one does. */

import { occursFree, same, substitute } from '../expr/binder.ts';
import type { Declarations } from '../expr/declare.ts';
import { datumOf } from '../expr/declare.ts';
import type { Expr, Var } from '../expr/expr.ts';
import { add, apply, minus, mul, num, subtract, sum, variable } from '../expr/expr.ts';
import { rebuild, some } from '../expr/walk.ts';
import { needs } from '../forms/definedness.ts';
import { differentiate } from '../forms/differentiate.ts';
import type { Coordinate } from '../forms/gradient.ts';
import { coordinates, thaw } from '../forms/gradient.ts';
import type { Assignment } from '../forms/witness.ts';
import type { Answer } from './claim.ts';
import { all, nowhereNegative, nowherePositive } from './claim.ts';
import { coreOf } from './core.ts';
import type { Membership } from './membership.ts';
import { CHOSEN, REJECTED } from './score.ts';

/**
 * The sign of the gradient by the log-probabilities of one response; where whole distributions over the vocabulary
 * enter, by the logits of the response's own tokens, which raise these tokens and lower all others.
 */
export function along(label: 'w' | 'l', loss: Expr, membership: Membership, declared: Declarations): Answer {
  const of = falling(loss, membership);
  const response = label === 'w' ? CHOSEN : REJECTED;
  const slopes = slopesOf(of, response, declared);
  if (slopes === undefined) return { answer: 'undecided' };
  const sign = label === 'w' ? nowherePositive : nowhereNegative;
  // A slope is asked for where the loss is defined.
  const known = { ...declared, facts: [...declared.facts, ...needs(loss, declared)] };
  const answer = all(slopes.map((slope) => sign(slope, known)));
  if (answer.answer !== 'undecided') return answer;
  const values = turningValues(membership, declared);
  return values.length === 0 ? answer : withValues(slopes, values, (slope) => sign(slope, known));
}

/** Minus the logit where the loss falls with it: it has the signs of the loss's slopes, and is the simpler one. */
function falling(loss: Expr, membership: Membership): Expr {
  if (some(loss, (node) => node.kind === 'freeze')) return loss;
  const core = coreOf(membership);
  if (core === undefined || core.link === 'unknown') return loss;
  const falls = core.link === 'logistic' || core.link.decreasing.answer === 'proved';
  return falls ? minus(core.logit) : loss;
}

/** Hyper-parameters for which the link is known to turn: there the loss is most likely to turn too. */
function turningValues(membership: Membership, declared: Declarations): readonly Assignment[] {
  const link = coreOf(membership)?.link;
  const turn = typeof link === 'object' ? link.decreasing : undefined;
  if (turn?.answer !== 'refuted') return [];
  return turn.witness.values.filter(
    ({ of }) => of.kind === 'sym' && Object.hasOwn(declared.parameters, of.name),
  );
}

/** The answer for slopes with these values put in, if that refutes. */
function withValues(
  slopes: readonly Expr[],
  values: readonly Assignment[],
  answerFor: (slope: Expr) => Answer,
): Answer {
  const put = values.flatMap(({ of, value }) => (of.kind === 'sym' ? [[of, num(value)] as const] : []));
  const answer = all(slopes.map((slope) => answerFor(substitute(slope, put))));
  if (answer.answer !== 'refuted') return { answer: 'undecided' };
  const { witness } = answer;
  return { answer: 'refuted', witness: { ...witness, values: [...values, ...witness.values] } };
}

/** The slopes at every token of a response; undefined where that of a whole distribution cannot be written down. */
function slopesOf(of: Expr, response: Var, declared: Declarations): readonly Expr[] | undefined {
  const own = coordinates([of], declared).filter(({ of: { args } }) => same(args[0] ?? of, response));
  const isRow = ({ of: { args } }: Coordinate): boolean => args.length > 2;
  // Distributions that occur under stop-gradients only do not move.
  const rows = own.filter((row) => isRow(row) && !isNought(differentiate(of, row.of)));
  if (rows.length === 0) return own.filter((one) => !isRow(one)).map(({ derivative }) => derivative(of));
  const made = rows.map(({ of: { name } }) => ownTokenSlope(of, name, response, declared));
  return made.every((slope) => slope !== undefined) ? made : undefined;
}

const isNought = (e: Expr): boolean => e.kind === 'num' && e.value.n === 0n;

const [TOKEN, ENTRY, OTHER] = [
  variable('j', 'token'),
  variable('u', 'vocab'),
  variable('k', 'vocab'),
] as const;

/**
 * With g = df/dlog p(y,j) and g_v = df/dlog p(y,j,v), the logit of the token itself has the derivative
 * g (1 - p) + g_token - p sum_v g_v: its own entry of the distribution is p = p(y,j), and others go by p(y,j,v).
 */
function ownTokenSlope(e: Expr, name: string, y: Var, declared: Declarations): Expr | undefined {
  const token = apply(name, [y, TOKEN]);
  const byToken = thaw(differentiate(e, token));
  const byEntry = thaw(differentiate(e, apply(name, [y, TOKEN, ENTRY])));
  const atToken = rebuild(byEntry, (node) =>
    node.kind === 'apply' &&
    datumOf(declared, node.name)?.distribution === true &&
    node.args.length === 3 &&
    same(node.args[2] ?? node, ENTRY)
      ? apply(node.name, node.args.slice(0, 2))
      : node,
  );
  if (occursFree(atToken, ENTRY)) return undefined;
  const everywhere = sum(OTHER, { kind: 'vocabulary' }, substitute(byEntry, [[ENTRY, OTHER]]));
  return add([mul([byToken, subtract(num(1), token)]), atToken, minus(mul([token, everywhere]))]);
}
