/** The implicit rewards of a pair: the parts of the logit that belong to each response, as the loss writes them. */

import type { Expr } from '../expr/expr.ts';
import { add, apply, divide, log, minus, mul, num, variable } from '../expr/expr.ts';
import { nodes, some } from '../expr/walk.ts';
import type { Membership } from '../framework/membership.ts';
import type { Role } from '../numeric/batch.ts';
import { roleOf } from '../numeric/demand.ts';

/**
 * `logit`: out of the logit of the loss. `nearest`: out of the logit of the nearest logistic loss, where the loss
 * has none of its own. `log-ratio`: the loss implies no reward, and what stands here is the log-probability over
 * that of the reference, if there is one.
 */
export interface Rewards {
  readonly of: 'logit' | 'nearest' | 'log-ratio';
  readonly chosen: Expr;
  readonly rejected: Expr;
}

/** The rewards of a loss with its definitions unfolded. Margins, which belong to neither response, are left out. */
export function rewardsOf(loss: Expr, { outside }: Membership): Rewards {
  for (const u of logitsIn(loss)) {
    const found = divided(u);
    if (found !== undefined) return { of: 'logit', ...found };
  }
  const others = [
    outside?.inner?.logit,
    outside?.nearest?.logit,
    ...(outside?.members ?? []).map((m) => m.logit),
  ];
  for (const u of others) {
    const found = u && divided(u);
    if (found !== undefined) return { of: 'nearest', ...found };
  }
  return { of: 'log-ratio', chosen: logRatio(loss, 'w'), rejected: logRatio(loss, 'l') };
}

/** What stands under a log-sigmoid first, then under a sigmoid, in the order of the loss; monotone calls are looked into. */
function logitsIn(loss: Expr): readonly Expr[] {
  const inLogs: Expr[] = [];
  const plain: Expr[] = [];
  for (const [node] of nodes(loss)) {
    if (node.kind !== 'call') continue;
    const [u] = node.args;
    if (u === undefined) continue;
    if (node.fn === 'logsigmoid') inLogs.push(u);
    if (node.fn === 'softplus') inLogs.push(minus(u));
    if (node.fn === 'log' && u.kind === 'call' && u.fn === 'sigmoid') inLogs.push(...u.args);
    if (node.fn === 'sigmoid') plain.push(u);
  }
  return [...inLogs, ...plain].map(peeled);
}

/** The argument of a clamp or the like, again and again. */
function peeled(e: Expr): Expr {
  const [u] = e.kind === 'call' && (e.fn === 'clamp' || e.fn === 'tanh') ? e.args : [];
  return u === undefined ? e : peeled(u);
}

interface Divided {
  readonly chosen: Expr;
  readonly rejected: Expr;
}

/** u = chosen - rejected + the rest, the rest belonging to both or neither; undefined unless the policy is in both parts. */
function divided(u: Expr): Divided | undefined {
  const parts = termsByRole(u);
  const of = (role: Role): Expr | undefined => {
    const own = parts.filter((part) => part.role === role).map(({ term }) => term);
    return own.some((term) => some(term, isPolicy)) ? joined(own) : undefined;
  };
  const [chosen, rejected] = [of('chosen'), of('rejected')];
  return chosen && rejected && { chosen, rejected: withoutSign(minus(rejected)) };
}

interface Term {
  readonly term: Expr;
  readonly role: Role | undefined;
}

/** The terms of a sum, factors multiplied through it where it is about both responses. */
function termsByRole(e: Expr): readonly Term[] {
  const role = belongsTo(e);
  if (role !== 'both') return [{ term: e, role: role === 'neither' ? undefined : role }];
  if (e.kind === 'add') return e.terms.flatMap(termsByRole);
  if (e.kind === 'freeze') return termsByRole(e.body);
  if (e.kind === 'mul') {
    const mixed = e.factors.filter((factor) => belongsTo(factor) !== 'neither');
    const [only] = mixed;
    if (mixed.length === 1 && only !== undefined) {
      return termsByRole(only).map(({ term, role: of }) => ({
        term: withoutSign(mul(e.factors.map((factor) => (factor === only ? term : factor)))),
        role: of,
      }));
    }
  }
  return [{ term: e, role: undefined }];
}

/** The response whose policy occurs in `e`; without the policy, the response that occurs. */
function belongsTo(e: Expr): Role | 'both' | 'neither' {
  const [ofPolicy, ofAny] = [new Set<Role>(), new Set<Role>()];
  for (const [node] of nodes(e)) {
    const role = node.kind === 'apply' ? roleOf(node.args[0]) : roleOf(node);
    if (role === undefined) continue;
    ofAny.add(role);
    if (isPolicy(node)) ofPolicy.add(role);
  }
  const roles = ofPolicy.size > 0 ? ofPolicy : ofAny;
  const [first] = roles;
  return first === undefined ? 'neither' : roles.size > 1 ? 'both' : first;
}

const isPolicy = (e: Expr): boolean => e.kind === 'apply' && e.name === 'pi';

const joined = (terms: readonly Expr[]): Expr => {
  const [first] = terms;
  return terms.length === 1 && first !== undefined ? first : add(terms);
};

/** The same with the minus signs of nested products taken out: -(-a) is a. Products stay grouped as they are written. */
function withoutSign(e: Expr): Expr {
  const { negative, body } = unsigned(e);
  if (!negative) return body;
  return body.kind === 'add' ? add(body.terms.map((term) => withoutSign(minus(term)))) : minus(body);
}

function unsigned(e: Expr): { readonly negative: boolean; readonly body: Expr } {
  if (e.kind === 'add') return { negative: false, body: add(e.terms.map(withoutSign)) };
  if (e.kind !== 'mul') return { negative: false, body: e };
  const parts = e.factors.map((factor) =>
    isSign(factor) ? { negative: true, body: num(1) } : unsigned(factor),
  );
  const kept = parts.map(({ body }) => body).filter((body) => !isOne(body));
  const [first] = kept;
  const body = first === undefined ? num(1) : kept.length === 1 ? first : mul(kept);
  return { negative: parts.filter((part) => part.negative).length % 2 === 1, body };
}

const isOne = (e: Expr): boolean => e.kind === 'num' && e.value.n === e.value.d;
const isSign = (e: Expr): boolean => e.kind === 'num' && e.value.n === -e.value.d;

/** log(pi(y)/ref(y)) where the loss mentions the reference, log(pi(y)) where it does not. */
function logRatio(loss: Expr, response: string): Expr {
  const y = variable(response, 'response');
  const hasReference = some(loss, (node) => node.kind === 'apply' && node.name === 'ref');
  return log(hasReference ? divide(apply('pi', [y]), apply('ref', [y])) : apply('pi', [y]));
}
