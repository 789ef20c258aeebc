/** The operations of a graph as Python expressions of their operands' code. */

import type { Node, NodeId } from '../../numeric/graph.ts';
import type { Code, Term } from './code.ts';
import {
  aligned,
  atom,
  BATCH,
  BINDS,
  called,
  callOf,
  joined,
  negated,
  productOf,
  quotientOf,
  sumOf,
} from './code.ts';
import type { Dialect } from './dialect.ts';
import type { Leaves, Setting } from './leaves.ts';
import type { Loops, Outline } from './outline.ts';

/** How operands are come by. */
export interface Operands {
  readonly code: (id: NodeId, loops: Loops) => Code;
  readonly signedTerms: (terms: readonly NodeId[], loops: Loops) => readonly Term[];
}

/** Gives the code of a node in place, whatever name it may have. */
export function operationsOf(
  { nodeAt, axesOf, isSize }: Outline,
  { dialect, helpers }: Setting,
  { leaf, mask, lengthOf, vocabulary, use }: Leaves,
  { code, signedTerms }: Operands,
): (id: NodeId, loops: Loops) => Code {
  function written(id: NodeId, loops: Loops): Code {
    const node = nodeAt(id);
    const of = (operand: NodeId): Code => code(operand, loops);
    switch (node.op) {
      case 'sum':
        return sumOf(signedTerms(node.terms, loops));
      case 'negate':
        return negated(of(node.of));
      case 'times':
        return node.a === node.b ? squareOf(of(node.a)) : productOf(of(node.a), of(node.b));
      case 'over':
        return quotientOf(of(node.a), of(node.b));
      case 'gate':
        return gated(node.a, of(node.b), loops);
      case 'max':
      case 'min':
        return extreme(node.op, node.a, node.b, loops);
      case 'scalar':
        if (isSize(id)) return of(node.of);
        return node.fn === 'softplus'
          ? negated(scalar('logsigmoid', negated(of(node.of))))
          : scalar(node.fn, of(node.of));
      case 'compare': {
        const truth = comparison(id, loops);
        if (truth.axes.length === 0) return atom(`float(${truth.text})`, []);
        return atom(dialect.cast(`(${truth.text})`), truth.axes);
      }
      case 'log-sum':
        return logSum(node.terms.map(of), node.signs);
      case 'each':
        return each(node, loops);
      default:
        return leaf(node, loops);
    }
  }

  const squareOf = (a: Code): Code =>
    a.axes.length === 0 && dialect.plainNumbers ? productOf(a, a) : called(`${dialect.module}.square`, [a]);

  function scalar(fn: keyof Dialect['functions'] | 'relu', a: Code): Code {
    const plain = a.axes.length === 0 && dialect.plainNumbers;
    if (fn === 'relu')
      return plain ? called('max', [atom('0.0', []), a]) : atom(dialect.relu(a.text), a.axes);
    if (!plain) return called(use(dialect.functions[fn]), [a]);
    if (fn === 'abs') return called('abs', [a]);
    if (fn === 'sigmoid' || fn === 'logsigmoid' || fn === 'log1mexp') {
      const lifted = `torch.tensor(${a.text}, dtype=torch.float64)`;
      return atom(`float(${use(dialect.functions[fn])}(${lifted}))`, []);
    }
    return called(`math.${fn}`, [a]);
  }

  /** a <= b, as truth. */
  function comparison(id: NodeId, loops: Loops): Code {
    const node = nodeAt(id);
    if (node.op !== 'compare') throw new RangeError(`${node.op} is no comparison`);
    const [a, b] = [code(node.a, loops), code(node.b, loops)];
    const axes = joined(a.axes, b.axes);
    const sign = { le: '<=', lt: '<', eq: '==' }[node.fn];
    return { text: `${aligned(a, axes).text} ${sign} ${aligned(b, axes).text}`, binds: BINDS.sum, axes };
  }

  /** The value where the indicator is one, nought elsewhere, whatever the value is there. */
  function gated(indicator: NodeId, value: Code, loops: Loops): Code {
    const truth = comparison(indicator, loops);
    if (value.axes.length === 0 || truth.axes.length === 0) return productOf(code(indicator, loops), value);
    return called(`${dialect.module}.where`, [truth, value], ['0.0']);
  }

  function extreme(op: 'max' | 'min', a: NodeId, b: NodeId, loops: Loops): Code {
    const [left, right] = [code(a, loops), code(b, loops)];
    const numbers = [left, right].filter(({ axes }) => axes.length === 0);
    if (!dialect.plainNumbers || numbers.length === 0) {
      return called(op === 'max' ? dialect.maximum : dialect.minimum, [left, right]);
    }
    if (numbers.length === 2) return called(op, [left, right]);
    const [bound, moving] = left.axes.length === 0 ? [left, right] : [right, left];
    if (op === 'max' && bound.text === '0') return atom(dialect.relu(moving.text), moving.axes);
    return called('torch.clamp', [moving], [`${op === 'max' ? 'min' : 'max'}=${bound.text}`]);
  }

  function logSum(terms: readonly Code[], signs: readonly (1 | -1)[]): Code {
    const of = (sign: 1 | -1): Code | undefined => {
      const own = terms.filter((_, i) => signs[i] === sign);
      const [moving = own[0]] = own.filter(({ axes }) => axes.length > 0);
      const lifted = own.map((term) =>
        term.axes.length === 0 && moving !== undefined && dialect.plainNumbers
          ? called('torch.full_like', [moving], [term.text])
          : term,
      );
      return lifted.reduce<Code | undefined>(
        (sum, term) => (sum === undefined ? term : called(dialect.logaddexp, [sum, term])),
        undefined,
      );
    };
    const [more, less] = [of(1), of(-1)];
    if (more === undefined) return less === undefined ? atom('-math.inf', []) : atom('math.nan', []);
    if (less === undefined) return more;
    const difference = sumOf([
      { code: less, negative: false },
      { code: more, negative: true },
    ]);
    return sumOf([
      { code: more, negative: false },
      { code: scalar('log1mexp', difference), negative: false },
    ]);
  }

  function each(node: Extract<Node, { op: 'each' }>, loops: Loops): Code {
    const inner = [...loops.slice(0, node.level), node.over];
    const moves = axesOf(node.body).includes(node.level);
    const body = code(node.body, moves ? inner : loops);
    if (!moves) {
      const count = node.over === 'vocabulary' ? vocabulary() : lengthOf(node.over);
      if (!node.log) return isOne(node.body) ? count : productOf(count, body);
      return sumOf([
        { code: body, negative: false },
        { code: scalar('log', count), negative: false },
      ]);
    }
    const axes = body.axes.filter((axis) => axis !== node.level);
    if (node.over === 'vocabulary') {
      const name = node.log ? use(dialect.logsumexp) : `${dialect.module}.sum`;
      return callOf(name, [body.text, `${dialect.axis}=-1`], axes);
    }
    const helper = node.log ? 'masked-logsumexp' : 'masked-sum';
    helpers.add(helper);
    const counted: Code = { ...mask(node.over), axes: [BATCH, node.level] };
    const name = node.log ? '_masked_logsumexp' : '_masked_sum';
    const whole = joined(body.axes, counted.axes);
    const args = [aligned(body, whole).text, aligned(counted, whole).text];
    return callOf(name, args, joined([BATCH], axes));
  }

  const isOne = (id: NodeId): boolean => {
    const node = nodeAt(id);
    return node.op === 'rational' && node.value.n === node.value.d;
  };

  return written;
}
