/** An expression over a finite space, unrolled once into a straight line of interval operations. */

import type { Apply, Expr, Sum, Sym, Var } from '../expr/expr.ts';
import { apply, num } from '../expr/expr.ts';
import type { Rational } from '../expr/rational.ts';
import type { Arithmetic, Interval, Operation, Outcome } from './interval.ts';
import type { Space } from './space.ts';

/** A quantity whose value a point decides: a hyper-parameter, or a datum at fixed arguments. */
export interface Input {
  readonly key: string;
  readonly of: Sym | Apply;
}

type Instruction =
  | { readonly kind: 'input'; readonly index: number }
  | { readonly kind: 'constant'; readonly value: Rational }
  | { readonly kind: 'operation'; readonly operation: Operation; readonly args: readonly number[] }
  /** What has no value at any point: a token beyond the end, a response used as a number. */
  | { readonly kind: 'unknown' };

export interface Program {
  readonly inputs: readonly Input[];
  readonly code: readonly Instruction[];
  /** The instruction that holds each compiled expression. */
  readonly outputs: readonly number[];
}

/** Beyond these an expression is refused rather than slow. */
const MAX_DEPTH = 1000;
const MAX_VISITS = 400_000;

/** The name of an input; also for data that a derivation names, such as `zeta(y)`. */
export function keyOf(e: Sym | Apply): string {
  if (e.kind === 'sym') return e.name;
  return `${e.name}(${e.args.map((arg) => (arg.kind === 'var' ? arg.name : arg.kind === 'num' ? arg.value.n : '?')).join(',')})`;
}

/** A binding of variables, with what has been compiled under it: shared nodes are compiled once. */
interface Frame {
  readonly binding: ReadonlyMap<string, Expr>;
  readonly done: Map<Expr, number>;
}

/**
 * Compiles the expressions together, so that what they share is computed once; undefined if they are too
 * deep, or too large once their sums are unrolled.
 */
export function compile(exprs: readonly Expr[], space: Space): Program | undefined {
  const inputs: Input[] = [];
  const code: Instruction[] = [];
  const numbering = new Map<string, number>();
  let visits = 0;

  const emit = (key: string, instruction: () => Instruction): number => {
    const known = key === '' ? undefined : numbering.get(key);
    if (known !== undefined) return known;
    const slot = code.push(instruction()) - 1;
    if (key !== '') numbering.set(key, slot);
    return slot;
  };
  const unknown = (): number => emit('?', () => ({ kind: 'unknown' }));
  const constant = (value: Rational): number =>
    emit(`${value.n}/${value.d}`, () => ({ kind: 'constant', value }));
  const operation = (name: Operation, args: readonly number[]): number =>
    // A long sum is hardly repeated, and its key would be as long.
    emit(args.length > 8 ? '' : `${name} ${args.join()}`, () => ({
      kind: 'operation',
      operation: name,
      args,
    }));
  const input = (of: Sym | Apply): number => {
    const key = keyOf(of);
    return emit(`${of.kind} ${key}`, () => ({ kind: 'input', index: inputs.push({ key, of }) - 1 }));
  };

  /** What a variable stands for: a response or prompt by name, a token or vocabulary entry by number. */
  const resolve = (e: Expr, frame: Frame): Expr =>
    e.kind === 'var' ? (frame.binding.get(e.name) ?? space.positions.get(e.name)?.at ?? e) : e;

  const datum = (e: Apply, frame: Frame): number => {
    let length = 0;
    const args: Expr[] = [];
    for (const arg of e.args) {
      const to = resolve(arg, frame);
      const isToken = arg.kind === 'num' || (arg.kind === 'var' && arg.sort === 'token');
      if (to.kind === 'var') length = space.lengths.get(to.name) ?? 0;
      else if (to.kind !== 'num' || (isToken && !isPosition(to.value, length))) return unknown();
      args.push(to);
    }
    return input(apply(e.name, args));
  };

  const range = (e: Sum, frame: Frame): readonly Expr[] | undefined => {
    switch (e.range.kind) {
      case 'tokens': {
        const response = resolve(e.range.of, frame);
        const length = response.kind === 'var' ? space.lengths.get(response.name) : undefined;
        return length === undefined || length > MAX_VISITS ? undefined : upTo(length);
      }
      case 'vocabulary':
        return upTo(space.vocabulary);
      case 'responses':
        return space.responses;
      case 'prompts':
        return space.prompts;
    }
  };

  const visit = (e: Expr, frame: Frame, depth: number): number => {
    const known = frame.done.get(e);
    if (known !== undefined) return known;
    visits++;
    if (depth > MAX_DEPTH) visits = Number.POSITIVE_INFINITY;
    if (visits > MAX_VISITS) return unknown();
    const slot = build(e, frame, depth + 1);
    frame.done.set(e, slot);
    return slot;
  };

  const build = (e: Expr, frame: Frame, depth: number): number => {
    const all = (parts: readonly Expr[]): readonly number[] => parts.map((part) => visit(part, frame, depth));
    switch (e.kind) {
      case 'num':
        return constant(e.value);
      case 'sym':
        return input(e);
      case 'var': {
        const to = resolve(e, frame);
        return e.sort === 'token' && to.kind === 'num' ? constant(to.value) : unknown();
      }
      case 'apply':
        return datum(e, frame);
      case 'add':
        return operation('add', all(e.terms));
      case 'mul':
        return operation('mul', all(e.factors));
      case 'pow':
        return operation('pow', all([e.base, e.exponent]));
      case 'call':
        return operation(e.fn, all(e.args));
      case 'freeze':
        return visit(e.body, frame, depth);
      case 'grad':
        return unknown();
      case 'sum': {
        const items = range(e, frame);
        if (items === undefined) return unknown();
        const terms = items.map((item) => {
          const binding = new Map([...frame.binding, [e.index.name, item]]);
          return visit(e.body, { binding, done: new Map() }, depth);
        });
        return operation('add', terms);
      }
    }
  };

  const top: Frame = { binding: new Map(), done: new Map() };
  const outputs = exprs.map((e) => visit(e, top, 0));
  return visits > MAX_VISITS ? undefined : { inputs, code, outputs };
}

const isPosition = ({ n, d }: Rational, length: number): boolean =>
  d === 1n && n >= 1n && n <= BigInt(length);
const upTo = (length: number): readonly Expr[] => Array.from({ length }, (_, i) => num(i + 1));

/** The outcome of each output, the inputs having the given values. */
export function run<N>(
  program: Program,
  arithmetic: Arithmetic<N>,
  inputs: readonly Interval<N>[],
): readonly Outcome<N>[] {
  const { operations } = arithmetic;
  const values: Outcome<N>[] = [];
  for (const step of program.code) {
    switch (step.kind) {
      case 'operation': {
        const args: Interval<N>[] = [];
        let failure: 'undefined' | 'unknown' | undefined;
        for (const slot of step.args) {
          const value = values[slot] ?? 'unknown';
          if (typeof value !== 'string') args.push(value);
          else if (failure !== 'undefined') failure = value;
        }
        values.push(failure ?? operations[step.operation](args));
        break;
      }
      case 'constant':
        values.push(arithmetic.rational(step.value));
        break;
      case 'input':
        values.push(inputs[step.index] ?? 'unknown');
        break;
      case 'unknown':
        values.push('unknown');
    }
  }
  return program.outputs.map((slot) => values[slot] ?? 'unknown');
}

/** Operations without a series to sum. */
const PLAIN: ReadonlySet<Operation> = new Set([
  'add',
  'mul',
  'abs',
  'relu',
  'max',
  'min',
  'clamp',
  'le',
  'lt',
  'eq',
]);

/** How much one run does: plain operations, and elementary functions such as exp. */
export interface Size {
  readonly plain: number;
  readonly elementary: number;
}

export function sizeOf({ code }: Program): Size {
  let plain = code.length;
  let elementary = 0;
  for (const step of code) {
    if (step.kind !== 'operation') continue;
    if (PLAIN.has(step.operation)) plain += step.args.length;
    else elementary++;
  }
  return { plain, elementary };
}

export const isResponse = (e: Expr | undefined): e is Var => e?.kind === 'var' && e.sort === 'response';
