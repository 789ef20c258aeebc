/** The vector functions of kernels against decimal arithmetic, over the whole range of doubles. */

import type { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { NOTHING_DECLARED } from '../../src/expr/declare.ts';
import type { Expr } from '../../src/expr/expr.ts';
import { add, apply, call, exp, log, minus, num, variable } from '../../src/expr/expr.ts';
import type { FnName } from '../../src/expr/function.ts';
import { decimalOfDouble, decimals } from '../../src/numeric/exactness.ts';
import { log1mExp, logSigmoid, sigmoid, softplus } from '../../src/numeric/stable.ts';
import { ulpOf } from '../../src/numeric/ulp.ts';
import { compileColumns } from '../../src/numeric/wasm/column-kernel.ts';
import type { ColumnKernel } from '../../src/numeric/wasm/column-run.ts';

const D = decimals(60);
/** Where 1 + z or exp(z) - 1 would lose digits, four terms of the series are right to more than a double has. */
const SMALL = 1e-12;
const lnOnePlus = (z: Decimal): Decimal => {
  if (z.abs().gte(SMALL)) return z.plus(1).ln();
  return z.minus(z.pow(2).div(2)).plus(z.pow(3).div(3)).minus(z.pow(4).div(4));
};
const expLessOne = (x: Decimal): Decimal => {
  if (x.abs().gte(SMALL)) return x.exp().minus(1);
  return x.plus(x.pow(2).div(2)).plus(x.pow(3).div(6)).plus(x.pow(4).div(24));
};
const exactSoftplus = (x: Decimal): Decimal => (x.gt(0) ? x : new D(0)).plus(lnOnePlus(x.abs().neg().exp()));

const x = apply('score', [variable('w', 'response')]);
const of = (fn: FnName): Expr => call(fn, [x]);

interface Subject {
  readonly formula: Expr;
  readonly exact: (x: Decimal) => Decimal;
  /** The function itself, or a plain one: right at special values and, for exponentials, far out. */
  readonly plain: (x: number) => number;
  /** Where it has a value, ends excluded. */
  readonly above?: number;
  readonly below?: number;
  /** Beyond this size the plain function is exact, and decimals too slow. */
  readonly far: number;
  /** The largest error in units of the last place. */
  readonly ulp: number;
}

const SUBJECTS: Readonly<Record<string, Subject>> = {
  exp: { formula: exp(x), exact: (d) => d.exp(), plain: Math.exp, far: 1000, ulp: 1 },
  expm1: { formula: of('expm1'), exact: expLessOne, plain: Math.expm1, far: 1000, ulp: 1.25 },
  log: { formula: log(x), exact: (d) => d.ln(), plain: Math.log, above: 0, far: Infinity, ulp: 1 },
  log1p: { formula: of('log1p'), exact: lnOnePlus, plain: Math.log1p, above: -1, far: Infinity, ulp: 1 },
  softplus: { formula: of('softplus'), exact: exactSoftplus, plain: softplus, far: 1000, ulp: 2 },
  logsigmoid: {
    formula: of('logsigmoid'),
    exact: (d) => exactSoftplus(d.neg()).neg(),
    plain: logSigmoid,
    far: 1000,
    ulp: 2,
  },
  sigmoid: {
    formula: of('sigmoid'),
    exact: (d) => new D(1).div(d.neg().exp().plus(1)),
    plain: sigmoid,
    far: 1000,
    ulp: 2,
  },
  tanh: {
    formula: of('tanh'),
    exact: (d) => expLessOne(d.times(2)).div(expLessOne(d.times(2)).plus(2)),
    plain: Math.tanh,
    far: 1000,
    ulp: 2,
  },
  log1mexp: {
    formula: log(add([num(1), minus(exp(x))])),
    exact: (d) => (d.gt(-1) ? expLessOne(d).neg().ln() : lnOnePlus(d.exp().neg())),
    plain: log1mExp,
    below: 0,
    far: 1000,
    ulp: 2.5,
  },
  sqrt: { formula: of('sqrt'), exact: (d) => d.sqrt(), plain: Math.sqrt, above: 0, far: Infinity, ulp: 0.5 },
};

const score = {
  is: 'real',
  shapes: [['response']],
  distribution: false,
  prompt: true,
  policy: false,
} as const;

async function kernelOf(formula: Expr): Promise<ColumnKernel> {
  const declared = { ...NOTHING_DECLARED, data: { ...NOTHING_DECLARED.data, score } };
  const kernel = await compileColumns(formula, declared, new Map());
  if (kernel.kind !== 'column-kernel') throw new Error(JSON.stringify(kernel));
  return kernel;
}
function evaluate(kernel: ColumnKernel, points: readonly number[]): Float64Array {
  const losses = new Float64Array(points.length);
  const fault = kernel.run(new Map([['score(w)', Float64Array.from(points)]]), { losses });
  if (fault !== undefined) throw new Error(JSON.stringify(fault));
  return losses;
}

/** Ends of reductions, of selections and of the range of results. */
const THRESHOLDS = [
  Math.LN2,
  Math.LN2 / 2,
  1.5 * Math.LN2,
  2.5 * Math.LN2,
  Math.SQRT2,
  Math.SQRT1_2,
  Math.SQRT2 - 1,
  1 - Math.SQRT1_2,
  0.25,
  0.5,
  1,
  2,
  36.7,
  40,
  708.4,
  709.78,
  745.13,
  746,
  2 ** -1022,
  2 ** -1074,
  2 ** -53,
  2 ** -54,
  2 ** 53,
  2 ** 54,
  1e-300,
  1e300,
  Number.MAX_VALUE,
].flatMap((c) => [c, -c, c * (1 + 2 ** -52), c * (1 - 2 ** -53), -c * (1 + 2 ** -52), -c * (1 - 2 ** -53)]);

/** Of every size, near 1 and -1, in the ranges where exponentials have values, and any pattern of bits. */
const argument = fc.oneof(
  fc.double({ min: -750, max: 750, noNaN: true }),
  fc.double({ min: -40, max: 40, noNaN: true }),
  fc.double({ min: -2, max: 2, noNaN: true }),
  fc.tuple(fc.double({ min: -80, max: 80, noNaN: true }), fc.constantFrom(1, -1)).map(([e, s]) => s * 2 ** e),
  fc
    .tuple(
      fc.constantFrom(1, -1),
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.integer({ min: 1, max: 50 }),
    )
    .map(([c, m, e]) => c + m * 2 ** -e),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

/** In units of the last place of the nearest double; NaN where there is no value, Infinity where ours is none. */
function errorAt(
  { exact, plain, above = -Infinity, below = Infinity, far }: Subject,
  at: number,
  found: number,
): number {
  if (at <= above || at >= below || Math.abs(at) > far)
    return Object.is(found, plain(at)) || found === plain(at) ? 0 : Infinity;
  const value = exact(decimalOfDouble(D, at));
  const nearest = value.toNumber();
  if (!Number.isFinite(nearest) || !Number.isFinite(found)) return found === nearest ? 0 : Infinity;
  return value.minus(decimalOfDouble(D, found)).abs().div(ulpOf(nearest)).toNumber();
}

describe.each(Object.entries(SUBJECTS))('%s', (_, subject) => {
  let kernel: ColumnKernel;
  beforeAll(async () => {
    kernel = await kernelOf(subject.formula);
  });

  test('around every threshold', () => {
    const found = evaluate(kernel, THRESHOLDS);
    const far = THRESHOLDS.map((at, i) => [at, errorAt(subject, at, found[i] ?? Number.NaN)] as const);
    expect(far.filter(([, error]) => !(error <= subject.ulp))).toEqual([]);
  });

  test('at random arguments', () => {
    fc.assert(
      fc.property(fc.array(argument, { minLength: 8, maxLength: 8 }), (points) => {
        const found = evaluate(kernel, points);
        return points.every((at, i) => errorAt(subject, at, found[i] ?? Number.NaN) <= subject.ulp);
      }),
      { numRuns: 60 },
    );
  });

  test.each([0, -0, Infinity, -Infinity, Number.NaN])('at %d as the plain function', (at) => {
    // In either lane.
    expect([...evaluate(kernel, [at, 1, 1, at])].filter((__, i) => i % 3 === 0)).toEqual([
      subject.plain(at),
      subject.plain(at),
    ]);
  });
});
