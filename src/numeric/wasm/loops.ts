/** A scope of a plan as statements: operations and loops in the order of its schedule. */

import type { Role } from '../batch.ts';
import { ROLES } from '../batch.ts';
import type { Over } from '../graph.ts';
import type { Assembly, Frame, Local, Ref } from './assembly.ts';
import { VOCABULARY } from './assembly.ts';
import { readsRowAt } from './elsewhere.ts';
import type { Loads } from './load.ts';
import type { Loop, Store } from './schedule.ts';
import { schedule } from './schedule.ts';
import type { Plan, VectorId } from './vector.ts';

export interface Loops {
  /** Computes the roots, and writes what is to be written at each index of the loops inside. */
  readonly scope: (scope: number, roots: readonly VectorId[], stores: readonly Store[]) => readonly Ref[];
  /** `body` while the counter, raised by `step` each time, is below a limit. */
  readonly counting: (index: Local, step: number, limit: () => Ref, body: readonly Ref[]) => Ref;
}

export function loops(plan: Plan, assembly: Assembly, { compute, fetchRow, label }: Loads): Loops {
  const { m, operation, int, get, set, outputPointer, start, length, rows } = assembly;
  const { constant, eights, loadAt, storeAt } = assembly;
  let labels = 0;

  function counting(index: Local, step: number, limit: () => Ref, body: readonly Ref[]): Ref {
    const name = `loop${labels++}`;
    const more = (): Ref => m.i32.lt_s(int(index), limit());
    const next = m.local.set(index, m.i32.add(int(index), m.i32.const(step)));
    return m.if(more(), m.loop(name, m.block(null, [...body, next, m.br(name, more())])));
  }

  function scope(level: number, roots: readonly VectorId[], stores: readonly Store[]): readonly Ref[] {
    return schedule(plan, level, roots, stores).flatMap(({ operations, loops: inside }) => [
      ...operations.map((id) => {
        const node = plan.nodes[id];
        if (node === undefined) throw new RangeError(`no operation ${id}`);
        return set(id, compute(node));
      }),
      ...inside.flatMap(loop),
    ]);
  }

  const readsRows = (over: Over, level: number): over is Role =>
    over !== 'vocabulary' && plan.nodes.some((node) => readsRowAt(node, level) && node.role === over);

  /** A loop with no other inside goes two steps at a time, a last odd one with its upper lane left out. */
  function loop({ over, level, reduces, stores }: Loop): readonly Ref[] {
    const roots = [...reduces.map(([, { body }]) => body), ...stores.map(({ root }) => root)];
    const inner = stores.flatMap(({ output, entries }): readonly Store[] =>
      entries === undefined ? [] : [{ output, over: 'vocabulary', root: entries }],
    );
    const nested = schedule(plan, level, roots, inner).some(({ loops: inside }) => inside.length > 0);
    const rowByRow = readsRows(over, level);
    const frame: Frame = { over, index: assembly.counter(), lanes: !nested && !rowByRow };
    assembly.frames.set(level, frame);
    const size = (): Ref => int(over === 'vocabulary' ? VOCABULARY : length[over]);
    const totals = reduces.map(([id, { by, body }]) => ({
      id,
      by,
      body,
      nothing: by === 'add' ? 0 : -Infinity,
    }));
    const body = (last: boolean): readonly Ref[] => [
      ...(rowByRow ? fetchRow(over, frame) : []),
      ...scope(level, roots, inner),
      ...totals.map(({ id, by, body: term, nothing }) => {
        const lower = operation.pattern(new Int32Array([-1, -1, 0, 0]));
        const next = last ? m.v128.bitselect(get(term), constant(nothing), lower) : get(term);
        return set(id, operation.named(by, get(id), next));
      }),
      ...stores.flatMap((store) => write(store, frame)),
    ];
    const begin = [
      ...totals.map(({ id, nothing }) => set(id, constant(nothing))),
      m.local.set(frame.index, m.i32.const(0)),
    ];
    if (!frame.lanes) return [...begin, counting(frame.index, 1, size, body(false))];
    const even = (): Ref => m.i32.and(size(), m.i32.const(-2));
    return [
      ...begin,
      counting(frame.index, 2, even, body(false)),
      m.if(m.i32.and(size(), m.i32.const(1)), m.block(null, [...body(true)])),
      ...totals.map(({ id, by }) => set(id, operation.named(by, get(id), operation.swapped(get(id))))),
    ];
  }

  /** What is written beyond the end of a response is overwritten by the next one, or lies beyond the array. */
  function write({ output, over, root, entries }: Store, { index, lanes }: Frame): readonly Ref[] {
    if (over !== 'vocabulary' && entries !== undefined) return finishRow(output, over, root);
    const position = over === 'vocabulary' ? int(index) : m.i32.add(int(start[over]), int(index));
    return [storeAt(m.i32.add(outputPointer(output), eights(position)), get(root), lanes)];
  }

  /** The row of a gradient is there but for what the token itself adds. */
  function finishRow(output: number, role: Role, own: VectorId): readonly Ref[] {
    const address = (): Ref => m.i32.add(outputPointer(output), eights(label(role)));
    return [
      storeAt(address(), m.f64x2.add(loadAt(address(), false), get(own)), false),
      m.call('take', [m.i32.const(ROLES.indexOf(role)), int(rows[role].position)], assembly.nothing),
    ];
  }

  return { scope, counting };
}
