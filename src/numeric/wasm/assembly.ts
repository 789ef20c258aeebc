/** A kernel's function while it is put together: its locals, its pointers, and expressions over them. */

import type binaryen from 'binaryen';
import type { Role } from '../batch.ts';
import type { Over } from '../graph.ts';
import type { Instructions } from './instruction.ts';
import { instructions } from './instruction.ts';
import type { Source } from './source.ts';
import { sourceKey } from './source.ts';
import type { VectorId } from './vector.ts';

export type Binaryen = typeof binaryen;
/** An expression of the module. It stands in one place: whoever needs it twice makes it twice. */
export type Ref = binaryen.ExpressionRef;
/** The number of a local. */
export type Local = number;

/** The loop that binds an index. */
export interface Frame {
  readonly over: Over;
  /** What counts, from 0. */
  readonly index: Local;
  /** Whether the lanes are at neighbouring indices; else both are at the same. */
  readonly lanes: boolean;
}

/** The rows of a role that are in memory. */
export interface RowLocals {
  /** The position of the first one, and how many there are. */
  readonly from: Local;
  readonly count: Local;
  /** The position of the current one, and its place in bytes. */
  readonly position: Local;
  readonly offset: Local;
}

/** The first parameters; pointers follow, to sources and then to outputs. */
export const PAIRS: Local = 0;
export const VOCABULARY: Local = 1;
const POINTERS: Local = 2;

export interface Assembly {
  readonly m: binaryen.Module;
  readonly operation: Instructions;
  readonly parameters: readonly binaryen.Type[];
  readonly locals: readonly binaryen.Type[];
  /** The types of what called functions give. */
  readonly integer: binaryen.Type;
  readonly nothing: binaryen.Type;
  /** A new local that counts or points. */
  readonly counter: () => Local;
  readonly int: (of: Local) => Ref;
  readonly get: (id: VectorId) => Ref;
  readonly set: (id: VectorId, value: Ref) => Ref;
  readonly pointer: (source: Source) => Ref;
  readonly outputPointer: (output: number) => Ref;
  /** The current pair; in a kernel of columns, its place in bytes. */
  readonly pair: Local;
  /** The first token of the current pair's responses, and their lengths. */
  readonly start: Readonly<Record<Role, Local>>;
  readonly length: Readonly<Record<Role, Local>>;
  readonly rows: Readonly<Record<Role, RowLocals>>;
  readonly frames: Map<number, Frame>;
  readonly constant: (value: number) => Ref;
  /** An integer as a double in both lanes. */
  readonly asDouble: (value: Ref) => Ref;
  /** The place in bytes of a double, and of an integer, by its index. */
  readonly eights: (index: Ref) => Ref;
  readonly fours: (index: Ref) => Ref;
  /** Two neighbouring doubles, or one in both lanes. */
  readonly loadAt: (address: Ref, lanes: boolean) => Ref;
  /** Both lanes, or the lower one. */
  readonly storeAt: (address: Ref, value: Ref, lanes: boolean) => Ref;
}

export function assembly(
  { i32, v128, none }: Binaryen,
  m: binaryen.Module,
  read: readonly Source[],
  outputs: number,
): Assembly {
  const parameters = Array.from({ length: POINTERS + read.length + outputs }, () => i32);
  const locals: binaryen.Type[] = [];
  const local = (type: binaryen.Type): Local => parameters.length + locals.push(type) - 1;
  const counter = (): Local => local(i32);
  const int = (of: Local): Ref => m.local.get(of, i32);
  const places = new Map(read.map((source, i) => [sourceKey(source), POINTERS + i] as const));
  const values = new Map<VectorId, Local>();
  const operation = instructions(m);
  const byRole = <T>(make: () => T): Readonly<Record<Role, T>> => ({ chosen: make(), rejected: make() });
  return {
    m,
    operation,
    parameters,
    locals,
    integer: i32,
    nothing: none,
    counter,
    int,
    get(id) {
      const at = values.get(id);
      if (at === undefined) throw new RangeError(`operation ${id} is used before it is there`);
      return m.local.get(at, v128);
    },
    set(id, value) {
      const at = values.get(id) ?? local(v128);
      values.set(id, at);
      return m.local.set(at, value);
    },
    pointer(source) {
      const at = places.get(sourceKey(source));
      if (at === undefined) throw new RangeError(`no pointer to ${sourceKey(source)}`);
      return int(at);
    },
    outputPointer: (output) => int(POINTERS + read.length + output),
    pair: counter(),
    start: byRole(counter),
    length: byRole(counter),
    rows: byRole(() => ({ from: counter(), count: counter(), position: counter(), offset: counter() })),
    frames: new Map(),
    constant: (value) => operation.pattern(new Float64Array([value, value])),
    asDouble: (value) => m.f64x2.splat(m.f64.convert_s.i32(value)),
    eights: (index) => m.i32.shl(index, m.i32.const(3)),
    fours: (index) => m.i32.shl(index, m.i32.const(2)),
    loadAt: (address, lanes) => (lanes ? m.v128.load(0, 8, address) : m.v128.load64_splat(0, 8, address)),
    storeAt: (address, value, lanes) =>
      lanes ? m.v128.store(0, 8, address, value) : m.v128.store64_lane(0, 8, 0, address, value),
  };
}
