/** What a local of exported code is called: by the definition it is, else by what it computes. */

import type { ScalarName } from '../../numeric/functions.ts';
import type { Node, NodeId } from '../../numeric/graph.ts';
import { operands } from '../../numeric/graph.ts';
import { distributionName } from './inputs.ts';
import type { Loops, Outline } from './outline.ts';

/** `own` are the names that the file gives to some nodes. */
export function localName(
  { program, nodeAt, isLogistic, roleBelow }: Outline,
  own: ReadonlyMap<NodeId, string>,
): (id: NodeId, loops: Loops) => string {
  function nameFor(id: NodeId, loops: Loops): string {
    const given = own.get(id);
    const node = nodeAt(id);
    const role = roleBelow(id, loops);
    const side = role === undefined ? '' : `${role}_`;
    if (isLogRatio(node, 'sequence')) return `${side}logratio`;
    if (isLogRatio(node, 'log-prob') || isLogRatio(node, 'row')) return `${side}logratios`;
    const mean = node.op === 'over' && nodeAt(node.b).op === 'length' ? nodeAt(node.a) : undefined;
    if (mean?.op === 'sequence') return `${distributionName(mean.name)}_${side}mean_logp`;
    if (given !== undefined) return given;
    const isLogit = program.nodes.some((other, i) => isLogistic(i) && operands(other).includes(id));
    if (isLogit) return role === undefined ? 'logits' : `${side}logit`;
    if (node.op === 'each') return `${side}${node.over === 'vocabulary' ? 'per_token' : 'total'}`;
    if (node.op === 'sum')
      return `${side}${node.terms.some((term) => nodeAt(term).op === 'negate') ? 'difference' : 'sum'}`;
    return `${side}${node.op === 'scalar' ? CALLED_FN[node.fn] : (CALLED[node.op] ?? 'part')}`;
  }

  /** log(p/q): a log-probability less another one of the same response. */
  function isLogRatio(node: Node, op: 'sequence' | 'log-prob' | 'row'): boolean {
    if (node.op !== 'sum' || node.terms.length !== 2) return false;
    const [a, b] = node.terms.map(nodeAt);
    const other = b?.op === 'negate' ? nodeAt(b.of) : undefined;
    return a?.op === op && other?.op === op && a.role === other.role;
  }

  return nameFor;
}

const CALLED: Readonly<Partial<Record<Node['op'], string>>> = {
  times: 'term',
  over: 'ratio',
  negate: 'negative',
  gate: 'gated',
  max: 'largest',
  min: 'least',
  compare: 'indicator',
  'log-sum': 'log_sum',
};

const CALLED_FN: Readonly<Record<ScalarName, string>> = {
  exp: 'exponential',
  log: 'log',
  log1p: 'log1p',
  expm1: 'expm1',
  sqrt: 'root',
  tanh: 'tanh',
  abs: 'size',
  sigmoid: 'probability',
  logsigmoid: 'log_probability',
  softplus: 'softplus',
  log1mexp: 'log1mexp',
  relu: 'positive_part',
};
