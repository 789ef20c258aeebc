/** Each operation of a plan as an expression: arithmetic, and what is loaded from memory. */

import type { Role } from '../batch.ts';
import { ROLES } from '../batch.ts';
import type { TokenAt } from '../graph.ts';
import type { Assembly, Frame, Ref } from './assembly.ts';
import { VOCABULARY } from './assembly.ts';
import type { Logit } from './elsewhere.ts';
import type { VectorNode } from './vector.ts';

type Token = Extract<VectorNode, { op: 'token' }>;

/** Positions beyond this are beyond the end of every response. */
const FARTHEST = 2 ** 30;

export interface Loads {
  readonly compute: (node: VectorNode) => Ref;
  /** Has the row of the current token of a role in memory, calling for it and those after it where it is not. */
  readonly fetchRow: (role: Role, frame: Frame) => readonly Ref[];
  /** The vocabulary entry that the current token of a role is. */
  readonly label: (role: Role) => Ref;
}

export function loads(flat: boolean, assembly: Assembly): Loads {
  const { m, operation, int, get, pointer, pair, start, length, rows } = assembly;
  const { constant, asDouble, eights, fours, loadAt } = assembly;

  function compute(node: VectorNode): Ref {
    switch (node.op) {
      case 'bits':
        return operation.pattern(new Int32Array([node.low, node.high, node.low, node.high]));
      case 'apply':
        return operation.apply(node, node.args.map(get));
      case 'column': {
        const { column } = node;
        if (!flat && column.store === 'length') return asDouble(int(length[column.role]));
        const base = pointer({ kind: 'column', column });
        return loadAt(m.i32.add(base, flat ? int(pair) : eights(int(pair))), flat);
      }
      case 'token':
        return token(node);
      case 'logit':
        return logit(node);
      case 'position':
        return positionOf(frameOf(node.level));
      case 'reduce':
        throw new RangeError('a loop is no operation');
    }
  }

  function frameOf(level: number): Frame {
    const frame = assembly.frames.get(level);
    if (frame === undefined) throw new RangeError(`no loop at level ${level}`);
    return frame;
  }

  /** The 1-based index. */
  const positionOf = ({ index, lanes }: Frame): Ref =>
    m.f64x2.add(asDouble(int(index)), operation.pattern(new Float64Array([1, lanes ? 2 : 1])));

  function token({ store, name, role, token: at }: Token): Ref {
    const base = pointer({ kind: 'token', store, name, role });
    const load = (index: Ref, lanes: boolean): Ref =>
      loadAt(m.i32.add(base, eights(m.i32.add(int(start[role]), index))), lanes);
    const frame = at.kind === 'bound' ? frameOf(at.level) : undefined;
    if (frame?.over === role) return load(int(frame.index), frame.lanes);
    // A token of another response, or a fixed one: beyond the end it is NaN, and nothing beyond the end is read.
    const index = (): Ref => (frame === undefined ? m.i32.const(fixed(at) - 1) : int(frame.index));
    const inside = m.select(m.i32.lt_u(index(), int(length[role])), index(), int(length[role]));
    const position = frame === undefined ? constant(fixed(at)) : positionOf(frame);
    return m.v128.bitselect(
      load(inside, frame?.lanes ?? false),
      constant(Number.NaN),
      m.f64x2.le(position, asDouble(int(length[role]))),
    );
  }

  const fixed = (at: TokenAt): number => (at.kind === 'fixed' ? Math.min(at.position, FARTHEST) : 1);

  function logit({ name, role, entry }: Logit): Ref {
    const row = m.i32.add(pointer({ kind: 'rows', name, role }), int(rows[role].offset));
    if (entry === 'own') return loadAt(m.i32.add(row, eights(label(role))), false);
    const { index, lanes } = frameOf(entry);
    return loadAt(m.i32.add(row, eights(int(index))), lanes);
  }

  function label(role: Role): Ref {
    const base = pointer({ kind: 'labels', role });
    return m.i32.load(0, 4, m.i32.add(base, fours(int(rows[role].position))));
  }

  function fetchRow(role: Role, { index }: Frame): readonly Ref[] {
    const { from, count, position, offset } = rows[role];
    const past = (): Ref => m.i32.sub(int(position), int(from));
    const fetch = [
      m.local.set(
        count,
        m.call('fetch', [m.i32.const(ROLES.indexOf(role)), int(position)], assembly.integer),
      ),
      m.local.set(from, int(position)),
    ];
    return [
      m.local.set(position, m.i32.add(int(start[role]), int(index))),
      m.if(m.i32.ge_u(past(), int(count)), m.block(null, fetch)),
      m.local.set(offset, eights(m.i32.mul(past(), int(VOCABULARY)))),
    ];
  }

  return { compute, fetchRow, label };
}
