/** Each operation of a plan as an instruction. */

import type binaryen from 'binaryen';
import type { VectorFn, VectorNode } from './vector.ts';

type Ref = binaryen.ExpressionRef;
type Apply = Extract<VectorNode, { op: 'apply' }>;
type Instruction = (args: readonly [Ref, Ref, Ref], by: number) => Ref;

export interface Instructions {
  /** Sixteen bytes, in both lanes. */
  readonly pattern: (content: Float64Array | Int32Array) => Ref;
  readonly apply: (node: Apply, args: readonly Ref[]) => Ref;
  /** An operation of two operands. */
  readonly named: (fn: VectorFn, a: Ref, b: Ref) => Ref;
  /** With the lanes exchanged. */
  readonly swapped: (of: Ref) => Ref;
}

const NUMBERS = Array.from({ length: 16 }, (_, i) => i);
/** The upper halves of both lanes, twice; the lanes exchanged. */
const UPPER_HALVES = NUMBERS.map((i) => 4 + (i % 4) + 8 * ((i >> 2) % 2));
const EXCHANGED = NUMBERS.map((i) => (i + 8) % 16);
const ZEROS = new Float64Array(2);

export function instructions(m: binaryen.Module): Instructions {
  const pattern = (content: Float64Array | Int32Array): Ref => m.v128.const(new Uint8Array(content.buffer));
  const TABLE: Readonly<Record<VectorFn, Instruction>> = {
    add: ([a, b]) => m.f64x2.add(a, b),
    sub: ([a, b]) => m.f64x2.sub(a, b),
    mul: ([a, b]) => m.f64x2.mul(a, b),
    div: ([a, b]) => m.f64x2.div(a, b),
    sqrt: ([a]) => m.f64x2.sqrt(a),
    abs: ([a]) => m.f64x2.abs(a),
    neg: ([a]) => m.f64x2.neg(a),
    max: ([a, b]) => m.f64x2.max(a, b),
    min: ([a, b]) => m.f64x2.min(a, b),
    least: ([a, b]) => m.f64x2.pmin(a, b),
    greatest: ([a, b]) => m.f64x2.pmax(a, b),
    eq: ([a, b]) => m.f64x2.eq(a, b),
    lt: ([a, b]) => m.f64x2.lt(a, b),
    le: ([a, b]) => m.f64x2.le(a, b),
    and: ([a, b]) => m.v128.and(a, b),
    or: ([a, b]) => m.v128.or(a, b),
    'and-not': ([a, b]) => m.v128.andnot(a, b),
    select: ([yes, no, where]) => m.v128.bitselect(yes, no, where),
    'add-halves': ([a, b]) => m.i32x4.add(a, b),
    'sub-halves': ([a, b]) => m.i32x4.sub(a, b),
    'shift-halves-right': ([a], by) => m.i32x4.shr_s(a, m.i32.const(by)),
    'shift-left': ([a], by) => m.i64x2.shl(a, m.i32.const(by)),
    'upper-to-double': ([a]) => m.f64x2.convert_low_i32x4_s(m.i8x16.shuffle(a, pattern(ZEROS), UPPER_HALVES)),
  };
  return {
    pattern,
    apply: ({ fn, by }, [a = 0, b = 0, c = 0]) => TABLE[fn]([a, b, c], by),
    named: (fn, a, b) => TABLE[fn]([a, b, 0], 0),
    swapped: (of) => m.i8x16.shuffle(of, pattern(ZEROS), EXCHANGED),
  };
}
