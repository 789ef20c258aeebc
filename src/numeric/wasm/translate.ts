/** From the graph of a formula to operations on pairs of doubles. */

import { toNumber } from '../../expr/rational.ts';
import type { Role } from '../batch.ts';
import type { Graph, Node, NodeId, TokenAt } from '../graph.ts';
import { PAIR } from '../graph.ts';
import { elementary } from './elementary.ts';
import { scalarFunctions } from './scalar.ts';
import type { PlanBuilder, VectorId } from './vector.ts';

/** How the data of a kernel are stored. */
export interface Layout {
  /** Whether everything is one number per pair; else responses have tokens, and lengths come from their offsets. */
  readonly flat: boolean;
  /** The distributions whose token log-probabilities are given, and not read off rows. */
  readonly given: ReadonlySet<string>;
}

export interface Translator {
  /** The operation that computes a node. */
  readonly of: (id: NodeId) => VectorId;
  /**
   * A gradient by logits z at the token of level 0 and the entry of level 1: with G(v) the derivative by log pi(v) and
   * `own` what the token itself adds to its entry, d/dz(u) = G(u) - pi(u) (own + sum of G), and `own` more at the token.
   */
  readonly throughSoftmax: (role: Role, own: VectorId, byEntry: VectorId) => VectorId;
}

/** Of graphs that share their nodes with this one. */
export function translator({ nodes, scopes }: Graph, build: PlanBuilder, layout: Layout): Translator {
  const { apply, constant } = build;
  const basic = elementary(build);
  const scalar = scalarFunctions(build, basic);
  const known = new Map<NodeId, VectorId>();
  const zero = constant(0);
  const one = constant(1);
  const least = constant(Number.NEGATIVE_INFINITY);

  function of(id: NodeId): VectorId {
    const done = known.get(id);
    if (done !== undefined) return done;
    const node = nodes[id];
    if (node === undefined) throw new RangeError(`no node ${id}`);
    const made = translate(node, scopes[id] ?? PAIR);
    known.set(id, made);
    return made;
  }

  function translate(node: Node, scope: number): VectorId {
    switch (node.op) {
      case 'rational':
        return constant(toNumber(node.value));
      case 'number':
        return constant(node.value);
      case 'position':
        return build.add({ op: 'position', level: node.level });
      case 'sum':
        return sum(node.terms);
      case 'negate':
        return apply('neg', of(node.of));
      case 'times':
        return apply('mul', of(node.a), of(node.b));
      case 'over':
        return apply('div', of(node.a), of(node.b));
      case 'max':
      case 'min':
        return apply(node.op, of(node.a), of(node.b));
      case 'gate': {
        const gate = of(node.a);
        return apply('select', zero, apply('mul', gate, of(node.b)), apply('eq', gate, zero));
      }
      case 'compare':
        return apply('and', one, apply(node.fn, of(node.a), of(node.b)));
      case 'scalar':
        return scalar[node.fn](of(node.of));
      case 'log-sum':
        return logSum(node.terms.map(of), node.signs);
      case 'each': {
        const { over, level, log } = node;
        const body = of(node.body);
        if (!log) return build.add({ op: 'reduce', by: 'add', over, level, body });
        const top = build.add({ op: 'reduce', by: 'max', over, level, body });
        const share = shareOf(body, top);
        const total = build.add({ op: 'reduce', by: 'add', over, level, body: share });
        return apply('select', apply('add', top, scalar.log(total)), top, finite(top));
      }
      default:
        return load(node, scope);
    }
  }

  /** From left to right; a negated term is taken away. */
  function sum([first = 0, ...others]: readonly NodeId[]): VectorId {
    return others.reduce((total, id) => {
      const term = nodes[id];
      return term?.op === 'negate' ? apply('sub', total, of(term.of)) : apply('add', total, of(id));
    }, of(first));
  }

  function load(
    node: Extract<Node, { op: 'length' | `per-${string}` | 'sequence' | 'log-prob' | 'row' }>,
    scope: number,
  ): VectorId {
    switch (node.op) {
      case 'length':
        return build.add({ op: 'column', column: { store: 'length', name: 'len', role: node.role } });
      case 'per-response':
        return build.add({ op: 'column', column: { store: node.op, name: node.name, role: node.role } });
      case 'per-pair':
      case 'per-prompt':
        // About both responses: stored once.
        return build.add({ op: 'column', column: { store: node.op, name: node.name, role: 'chosen' } });
      case 'per-token':
        return build.add({ ...node, op: 'token', store: 'per-token' });
      case 'sequence':
        return sequence(node.name, node.role, scope + 1);
      case 'log-prob':
        return logProb(node.name, node.role, node.token);
      case 'row': {
        const { name, role, token, level } = node;
        return normalised(build.add({ op: 'logit', name, role, token, entry: level }), name, role, token);
      }
    }
  }

  function sequence(name: string, role: Role, level: number): VectorId {
    if (layout.flat) return build.add({ op: 'column', column: { store: 'sequence', name, role } });
    const body = logProb(name, role, { kind: 'bound', level });
    return build.add({ op: 'reduce', by: 'add', over: role, level, body });
  }

  function logProb(name: string, role: Role, token: TokenAt): VectorId {
    if (layout.given.has(name)) return build.add({ op: 'token', store: 'log-prob', name, role, token });
    return normalised(build.add({ op: 'logit', name, role, token, entry: 'own' }), name, role, token);
  }

  /** A logit less the log of the sum of the exponentials of its row; one NaN makes that NaN, whatever is largest. */
  function normalised(logit: VectorId, name: string, role: Role, token: TokenAt): VectorId {
    const level = token.kind === 'bound' ? token.level + 1 : 0;
    const body = build.add({ op: 'logit', name, role, token, entry: level });
    const top = build.add({ op: 'reduce', by: 'greatest', over: 'vocabulary', level, body });
    const share = shareOf(body, top);
    const total = build.add({ op: 'reduce', by: 'add', over: 'vocabulary', level, body: share });
    return apply('sub', apply('sub', logit, top), scalar.log(total));
  }

  /** exp(x - top), where top is the largest. */
  const shareOf = (x: VectorId, top: VectorId): VectorId => basic.expFalling(apply('sub', x, top));
  const finite = (x: VectorId): VectorId => apply('lt', apply('abs', x), constant(Number.POSITIVE_INFINITY));

  /** log(sum of signs[i]*exp(terms[i])) with the largest term taken out; NaN where the sum is negative. */
  function logSum(terms: readonly VectorId[], signs: readonly (1 | -1)[]): VectorId {
    const [first = least, ...others] = terms;
    const sign = (i: number): VectorId => constant(signs[i] ?? 1);
    let top = first;
    let signOfTop = sign(0);
    for (const [i, x] of others.entries()) {
      const larger = apply('lt', top, x);
      top = apply('select', x, top, larger);
      signOfTop = apply('select', sign(i + 1), signOfTop, larger);
    }
    // All terms vanish, or one is infinite: the largest one is the answer.
    const limit = apply('select', top, constant(Number.NaN), apply('lt', zero, signOfTop));
    if (others.length === 0) return limit;
    return apply('select', ofFinite(terms, signs, top), limit, finite(top));
  }

  function ofFinite(terms: readonly VectorId[], signs: readonly (1 | -1)[], top: VectorId): VectorId {
    const [a, b] = terms;
    if (terms.length === 2 && a !== undefined && b !== undefined && signs[0] !== signs[1]) {
      const [above, below] = signs[0] === 1 ? [a, b] : [b, a];
      return apply('add', above, scalar.log1mexp(apply('sub', below, above)));
    }
    if (terms.length === 2 && a !== undefined && b !== undefined && signs[0] === 1) {
      const distance = apply('neg', apply('abs', apply('sub', a, b)));
      return apply('add', top, scalar.softplus(distance));
    }
    const shares = terms.map((x, i) => {
      const share = shareOf(x, top);
      return signs[i] === -1 ? apply('neg', share) : share;
    });
    return apply('add', top, scalar.log(shares.reduce((x, y) => apply('add', x, y))));
  }

  function throughSoftmax(role: Role, own: VectorId, byEntry: VectorId): VectorId {
    const sum = (body: VectorId): VectorId =>
      build.add({ op: 'reduce', by: 'add', over: 'vocabulary', level: 1, body });
    const total = byEntry === zero ? own : apply('add', own, sum(byEntry));
    const token: TokenAt = { kind: 'bound', level: 0 };
    const logit = build.add({ op: 'logit', name: 'pi', role, token, entry: 1 });
    const share = scalar.exp(normalised(logit, 'pi', role, token));
    return apply('sub', byEntry, apply('mul', share, total));
  }

  return { of, throughSoftmax };
}
