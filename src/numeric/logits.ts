/** The gradient of a loss in the policy's logits: through log-softmax, from the derivatives by log-probabilities. */

import type { Decimal } from 'decimal.js';
import type { Expr, Var } from '../expr/expr.ts';
import { apply, variable } from '../expr/expr.ts';
import { differentiate } from '../forms/differentiate.ts';
import type { Arithmetic } from './arithmetic.ts';
import { FLOAT } from './arithmetic.ts';
import { ARRANGED } from './arrangement.ts';
import type { Batch, BatchShape, Role } from './batch.ts';
import type { Bounded, Parameters } from './compile.ts';
import { bounded } from './compile.ts';
import type { CompileFault } from './demand.ts';
import { findFault } from './demand.ts';
import type { Point } from './exact.ts';
import { exactEvaluator } from './exact.ts';
import { decimals } from './exactness.ts';
import { derivativeByToken, RESPONSE, variableOutside } from './gradient.ts';
import type { Graph } from './graph.ts';
import { lower } from './lower.ts';
import type { Manner } from './lowering.ts';
import { machine } from './machine.ts';
import { logProbabilities } from './normalise.ts';
import { RUNNING } from './running.ts';

/** What a loss moves with at one token of a role: the token's own log-probability, and its whole distribution. */
export interface LogitDerivatives {
  readonly token: Var;
  readonly entry: Var;
  /** d loss / d log pi(y,t). */
  readonly ofToken: Expr;
  /** d loss / d log pi(y,t,v). */
  readonly ofEntry: Expr;
}

export function derivativesByLogit(loss: Expr, role: Role): LogitDerivatives {
  const { token, derivative } = derivativeByToken(loss, role);
  const entry = variable(variableOutside(loss, 'v'), 'vocab');
  return {
    token,
    entry,
    ofToken: derivative,
    ofEntry: differentiate(loss, apply('pi', [RESPONSE[role], token, entry])),
  };
}

interface Graphs {
  readonly token: Graph;
  readonly entry: Graph;
}

export interface LogitKernel {
  readonly kind: 'logit-kernel';
  /** d loss / d z(t,v), `vocabulary` numbers per token, in the order of the role's rows. */
  readonly run: (batch: Batch) => Float64Array;
  readonly runBounded: (batch: Batch) => Bounded;
}

/**
 * The symbolic gradient of one role, compiled for batches whose policy has rows. With G(v) the derivative by
 * log pi(v), that of the token itself counted at its label, log pi(v) = z(v) - log sum exp z gives
 * d/dz(u) = G(u) - pi(u) * sum of G.
 */
export function gradientByLogits(
  loss: Expr,
  role: Role,
  shape: BatchShape,
  parameters: Parameters,
): LogitKernel | CompileFault {
  const { token, entry, ofToken, ofEntry } = derivativesByLogit(loss, role);
  const fault =
    findFault(ofToken, shape, parameters, [token]) ?? findFault(ofEntry, shape, parameters, [token, entry]);
  if (fault !== undefined) return fault;
  const graphsIn = (manner: Manner): Graphs => ({
    token: lower(ofToken, shape, parameters, [token], manner),
    entry: lower(ofEntry, shape, parameters, [token, entry], manner),
  });
  const graphs = graphsIn('careful');
  const count = (batch: Batch): number => (batch[role].offsets[batch.pairs] ?? 0) * batch.vocabulary;
  return {
    kind: 'logit-kernel',
    run(batch) {
      const values = new Float64Array(count(batch));
      each(graphs, batch, role, FLOAT, (i, x) => {
        values[i] = x;
      });
      return values;
    },
    runBounded: (batch) =>
      bounded(
        count(batch),
        (put) => each(graphs, batch, role, RUNNING, put),
        (put) => each(graphsIn('literal'), batch, role, ARRANGED, put),
      ),
  };
}

function each<T>(
  graphs: Graphs,
  batch: Batch,
  role: Role,
  arithmetic: Arithmetic<T>,
  put: (i: number, x: T) => void,
): void {
  const { sum, negate, times, scalar } = arithmetic;
  const logProbs = logProbabilities(batch, arithmetic);
  const ofToken = machine(graphs.token, batch, arithmetic, logProbs);
  const ofEntry = machine(graphs.entry, batch, arithmetic, logProbs);
  const logProb = logProbs.ofEntry('pi', role);
  const { offsets, labels } = batch[role];
  const { vocabulary } = batch;
  for (let pair = 0; pair < batch.pairs; pair++) {
    const start = offsets[pair] ?? 0;
    for (let position = start; position < (offsets[pair + 1] ?? start); position++) {
      const t = position - start;
      const own = ofToken(pair, [t]);
      const moved = Array.from({ length: vocabulary }, (_, v) => {
        const slope = ofEntry(pair, [t, v]);
        return labels[position] === v ? sum(2, (i) => (i === 0 ? slope : own)) : slope;
      });
      const total = sum(vocabulary, (v) => moved[v] ?? own);
      for (const [v, slope] of moved.entries()) {
        const drawn = negate(times(scalar('exp', logProb(position, v)), total));
        put(
          position * vocabulary + v,
          sum(2, (i) => (i === 0 ? slope : drawn)),
        );
      }
    }
  }
}

/** Twice the digits that an exact value warrants. */
const DIGITS = 60;

/** Gives d loss / d z(t,v) at every entry of one token (0-based) of a pair, in decimal arithmetic. */
export function exactByLogits(
  loss: Expr,
  { batch, pair, parameters }: Point,
  role: Role,
): (token: number) => readonly Decimal[] {
  const derivatives = derivativesByLogit(loss, role);
  const value = exactEvaluator({ batch, pair, parameters });
  const share = apply('pi', [RESPONSE[role], derivatives.token, derivatives.entry]);
  const entries = Array.from({ length: batch.vocabulary }, (_, v) => v);
  return (token) => {
    const label = batch[role].labels[(batch[role].offsets[pair] ?? 0) + token];
    const at = (v: number) =>
      [
        [derivatives.token, token],
        [derivatives.entry, v],
      ] as const;
    const slopes = entries.map((v) => {
      const own = value(derivatives.ofEntry, at(v));
      return v === label ? own.plus(value(derivatives.ofToken, at(v))) : own;
    });
    const nought: Decimal = new (decimals(DIGITS))(0);
    const total = slopes.reduce((sum, g) => sum.plus(g), nought);
    return slopes.map((g, v) => g.minus(value(share, at(v)).times(total)));
  };
}
