/** Arbitrary pairs of responses for one variant: ragged, extreme and degenerate, as plain data that shrinks well. */

import fc from 'fast-check';
import type { Domain } from '../../../src/expr/declare.ts';
import type { Expr } from '../../../src/expr/expr.ts';
import { nodes, some } from '../../../src/expr/walk.ts';
import type { Batch, ResponsesInput } from '../../../src/numeric/batch.ts';
import { batch } from '../../../src/numeric/batch.ts';
import type { Side } from '../../../src/numeric/transcription/side.ts';
import { expand } from '../../../src/variant/expand.ts';
import type { Variant } from '../../../src/variant/variant.ts';

/** What a loss asks for, by the shape of its data. */
export interface Needs {
  readonly distributions: readonly string[];
  readonly vocabulary: boolean;
  readonly perToken: readonly string[];
  readonly perResponse: readonly string[];
  readonly perPair: readonly string[];
  readonly perPrompt: readonly string[];
}

export interface Pair {
  readonly w: Side;
  readonly l: Side;
  /** Which vocabulary entry each token is. */
  readonly labels: { readonly w: readonly number[]; readonly l: readonly number[] };
  readonly parameters: Readonly<Record<string, number>>;
  readonly perPair: Readonly<Record<string, number>>;
  readonly perPrompt: Readonly<Record<string, number>>;
}

const ENTRIES = 3;

export function needsOf(variant: Variant): Needs {
  const loss = expand(variant.loss, variant.definitions);
  const used = (arity: (args: readonly Expr[]) => boolean): readonly string[] => {
    const names = new Set<string>();
    for (const [node] of nodes(loss)) if (node.kind === 'apply' && arity(node.args)) names.add(node.name);
    return [...names].filter((name) => variant.declared.data[name]?.distribution === false && name !== 'len');
  };
  const sorts = (args: readonly Expr[]): string => args.map((e) => (e.kind === 'var' ? e.sort : '')).join();
  return {
    distributions: ['pi', 'ref', ...variant.distributions.keys()],
    vocabulary: some(loss, (e) => e.kind === 'sum' && e.range.kind === 'vocabulary'),
    perToken: used((args) => sorts(args) === 'response,token'),
    perResponse: used((args) => sorts(args) === 'response'),
    perPair: used((args) => sorts(args) === 'response,response'),
    perPrompt: used((args) => ['', 'prompt'].includes(sorts(args))),
  };
}

const double = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
/** Mostly ordinary; sums reach -1e5, and nought. */
const logProb = fc.oneof(
  // Thousandths: random doubles are mostly tiny.
  { weight: 8, arbitrary: fc.integer({ min: -4000, max: -1 }).map((k) => k / 1000) },
  { weight: 1, arbitrary: fc.constantFrom(0, -1e-300, -1e-17, -1e-9) },
  { weight: 1, arbitrary: double(-1e5, 0) },
);
const lengths = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 6 }) },
  { weight: 1, arbitrary: fc.constant(1) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 512 }) },
);

const NUMBERS: Readonly<Record<Domain, fc.Arbitrary<number>>> = {
  real: double(-3, 3),
  positive: double(0.01, 3),
  nonnegative: fc.oneof(fc.constant(0), double(0, 3)),
  unit: fc.oneof(fc.constantFrom(0, 1), double(0, 0.45)),
  'open-unit': double(0.001, 0.999),
  integer: fc.integer({ min: -3, max: 3 }),
  boolean: fc.constantFrom(0, 1),
};

const times = <T>(n: number, of: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.array(of, { minLength: n, maxLength: n });
const byName = <T>(
  names: readonly string[],
  of: (name: string) => fc.Arbitrary<T>,
): fc.Arbitrary<Readonly<Record<string, T>>> => fc.record(Object.fromEntries(names.map((n) => [n, of(n)])));

const logSoftmax = (row: readonly number[]): readonly number[] => {
  const top = Math.max(...row);
  const shift = top + Math.log(row.reduce((sum, z) => sum + Math.exp(z - top), 0));
  return row.map((z) => z - shift);
};

interface Drawn {
  readonly side: Side;
  /** As drawn: not normalised. */
  readonly logits: Readonly<Record<string, readonly (readonly number[])[]>>;
  readonly labels: readonly number[];
}

function drawnOf(needs: Needs, variant: Variant): fc.Arbitrary<Drawn> {
  const domain = (name: string): fc.Arbitrary<number> => NUMBERS[variant.declared.data[name]?.is ?? 'real'];
  return lengths.chain((n) =>
    fc
      .record({
        logs: byName(needs.distributions, () => times(n, logProb)),
        logits: byName(needs.vocabulary ? needs.distributions : [], () =>
          times(n, times(ENTRIES, double(-30, 0))),
        ),
        labels: times(needs.vocabulary ? n : 0, fc.nat(ENTRIES - 1)),
        // Masks of nothing but noughts are not rare.
        perToken: byName(needs.perToken, (name) =>
          fc.oneof(
            { weight: 4, arbitrary: times(n, domain(name)) },
            { weight: 1, arbitrary: times(n, fc.constant(0)) },
          ),
        ),
        perResponse: byName(needs.perResponse, domain),
        samePolicy: fc.boolean().map((same) => same && n % 2 === 0),
      })
      .map(({ logs, logits, labels, perToken, perResponse, samePolicy }) => {
        const ofPolicy = <T>(all: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
          samePolicy && all.pi !== undefined
            ? { ...Object.fromEntries(Object.keys(all).map((name) => [name, all.pi as T])) }
            : all;
        const raw = ofPolicy(logits);
        const rows = Object.fromEntries(
          Object.entries(raw).map(([name, all]) => [name, all.map(logSoftmax)]),
        );
        const read = Object.fromEntries(
          Object.entries(rows).map(([name, all]) => [
            name,
            all.map((row, t) => row[labels[t] ?? -1] ?? Number.NaN),
          ]),
        );
        const side = { logs: needs.vocabulary ? read : ofPolicy(logs), rows, perToken, perResponse };
        return { side, logits: raw, labels };
      }),
  );
}

/** A pair as the references take it, and as a batch of one. */
export interface Sample {
  readonly pair: Pair;
  readonly batch: Batch;
}

/** Pairs for a variant, with hyper-parameters of their domains; one in eight is a response against itself. */
export function pairOf(variant: Variant): fc.Arbitrary<Sample> {
  const needs = needsOf(variant);
  const drawn = drawnOf(needs, variant);
  const parameters = byName(
    [...variant.parameters.keys()],
    (name) => NUMBERS[variant.parameters.get(name)?.is ?? 'real'],
  );
  const numberOf = (name: string): fc.Arbitrary<number> => NUMBERS[variant.declared.data[name]?.is ?? 'real'];
  const perPair = byName(needs.perPair, numberOf);
  const perPrompt = byName(needs.perPrompt, numberOf);
  return fc
    .record({ w: drawn, other: drawn, twins: fc.nat(7).map((k) => k === 7), parameters, perPair, perPrompt })
    .map(({ w, other, twins, ...rest }) => {
      const l = twins ? w : other;
      const pair = { w: w.side, l: l.side, labels: { w: w.labels, l: l.labels }, ...rest };
      return { pair, batch: batchOf(needs, w, l, rest) };
    });
}

function batchOf(
  needs: Needs,
  w: Drawn,
  l: Drawn,
  { perPair, perPrompt }: Pick<Pair, 'perPair' | 'perPrompt'>,
): Batch {
  const named = <T, U>(all: Readonly<Record<string, T>>, wrap: (x: T) => U): ReadonlyMap<string, U> =>
    new Map(Object.entries(all).map(([name, x]) => [name, wrap(x)]));
  const input = ({ side, logits, labels }: Drawn): ResponsesInput => ({
    lengths: [(side.logs.pi ?? []).length],
    ...(needs.vocabulary
      ? { rows: named(logits, (x) => [x]), labels: [labels] }
      : { logProbs: named(side.logs, (x) => [x]) }),
    perToken: named(side.perToken, (x) => [x]),
    perResponse: named(side.perResponse, (x) => [x]),
  });
  const made = batch({
    chosen: input(w),
    rejected: input(l),
    perPair: named(perPair, (x) => [x]),
    perPrompt: named(perPrompt, (x) => [x]),
  });
  if (made.kind !== 'batch') throw new Error(`a drawn pair is malformed: ${made.field}`);
  return made;
}
