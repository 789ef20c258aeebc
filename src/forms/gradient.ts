/** Equality as functions to differentiate: the gradients with respect to the policy's log-probabilities agree. */

import { freeNames, substitute } from '../expr/binder.ts';
import type { Declarations } from '../expr/declare.ts';
import { datumOf } from '../expr/declare.ts';
import type { Apply, Expr } from '../expr/expr.ts';
import { add, apply, minus, mul, sum, variable } from '../expr/expr.ts';
import { nodes, rebuild, some } from '../expr/walk.ts';
import type { Decision, Judgement } from './decide.ts';
import { DEFAULT_BUDGET, decide, judge, supported } from './decide.ts';
import { differentiate } from './differentiate.ts';
import type { Pair } from './solve.ts';
import { conditions } from './solve.ts';

/** One family of log-probabilities that a gradient is taken by, such as log pi(w,j) at every token j of w. */
export interface Coordinate {
  readonly of: Apply;
  /** The derivative at this coordinate; by logits where it is a whole distribution over the vocabulary. */
  readonly derivative: (e: Expr) => Expr;
}

/** Names for the token and vocabulary entry at which a derivative is taken: bound by nothing else. */
const TOKEN = variable('j', 'token');
const ENTRY = variable('u', 'vocab');
const OTHER = variable('k', 'vocab');

/** With stop-gradients opened: their values, after differentiation has treated them as constants. */
export const thaw = (e: Expr): Expr => rebuild(e, (node) => (node.kind === 'freeze' ? node.body : node));

/** The coordinates of the policy that an expression moves with: token by token where tokens occur, else by sequence. */
export function coordinates(exprs: readonly Expr[], declared: Declarations): readonly Coordinate[] {
  const found: Coordinate[] = [];
  for (const name of Object.keys(declared.data).filter((n) => datumOf(declared, n)?.policy === true)) {
    const uses = (arity: number): boolean =>
      exprs.some((e) =>
        some(e, (node) => node.kind === 'apply' && node.name === name && node.args.length === arity),
      );
    for (const response of responsesOf(exprs, name)) {
      if (uses(3)) found.push(byLogit(apply(name, [response, TOKEN, ENTRY])));
      const token = apply(name, [response, TOKEN]);
      if (uses(2)) found.push({ of: token, derivative: (e) => thaw(differentiate(e, token)) });
      else if (uses(1)) {
        const whole = apply(name, [response]);
        found.push({ of: whole, derivative: (e) => thaw(differentiate(e, whole)) });
      }
    }
  }
  return found;
}

/**
 * A distribution over the vocabulary moves by its logits z: with g_v = df/dlog pi(v), df/dz_u =
 * g_u - pi(u) sum_v g_v, because log pi(v) = z_v - log sum exp z.
 */
function byLogit(of: Apply): Coordinate {
  return {
    of,
    derivative: (e) => {
      const g = thaw(differentiate(e, of));
      const all = sum(OTHER, { kind: 'vocabulary' }, substitute(g, [[ENTRY, OTHER]]));
      return add([g, minus(mul([of, all]))]);
    },
  };
}

/** The free responses at which a datum is evaluated, and those that sums of tokens run over. */
function responsesOf(exprs: readonly Expr[], name: string): readonly Expr[] {
  const free = exprs.flatMap((e) => freeNames(e).filter((v) => v.kind === 'var' && v.sort === 'response'));
  const names = [...new Set(free.map((v) => v.name))];
  return names
    .map((n) => variable(n, 'response'))
    .filter((y) =>
      exprs.some((e) =>
        [...nodes(e)].some(([node]) => {
          const [first] = node.kind === 'apply' && node.name === name ? node.args : [];
          return first?.kind === 'var' && first.name === y.name;
        }),
      ),
    );
}

/**
 * Whether two expressions have the same gradient by the policy, stop-gradients constant. The answer for
 * all coordinates together: refuted with the first that differs, proved only if all are.
 */
export function decideGradients(a: Expr, b: Expr, declared: Declarations): Decision {
  const frozen = some(a, isFreeze) || some(b, isFreeze);
  if (!frozen) {
    // The same function has the same derivatives.
    const values = decide(a, b, declared);
    if (values.answer === 'proved') return values;
  }
  const pairs = coordinates([a, b], declared).map(({ derivative }): Pair => [derivative(a), derivative(b)]);
  const judgements = pairs.map(([left, right]) => judge(left, right, declared));
  const apart =
    judgements.find(({ answer }) => answer === 'refuted') ??
    judgements.find(({ answer }) => answer === 'undecided');
  if (apart === undefined || apart.answer === 'proved') return proofOfAll(judgements);
  // All coordinates must agree at once.
  return { ...apart, ...supported(conditions(pairs, declared, DEFAULT_BUDGET), apart) };
}

const isFreeze = (e: Expr): boolean => e.kind === 'freeze';

function proofOfAll(decisions: readonly Judgement[]): Decision {
  const licences = decisions.flatMap((d) => (d.answer === 'proved' ? [d.licences] : []));
  return {
    answer: 'proved',
    licences: {
      used: licences.flatMap(({ used }) => used),
      onlyLeft: licences.flatMap(({ onlyLeft }) => onlyLeft),
      onlyRight: licences.flatMap(({ onlyRight }) => onlyRight),
    },
  };
}
