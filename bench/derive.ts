/**
 * How long a derivation takes, found, judged and written out: one variant, the whole catalogue, and priors of more
 * and more factors. Run by tsx, which adds to the start-up only; times are medians after warming up.
 */

import type { Verdict } from '../src/checker/check.ts';
import { check } from '../src/checker/check.ts';
import type { Declarations } from '../src/expr/declare.ts';
import { BUILT_IN, FIXED_DISTRIBUTION } from '../src/expr/declare.ts';
import type { Expr } from '../src/expr/expr.ts';
import { add, apply, log, minus, mul, sigmoid, sym, variable } from '../src/expr/expr.ts';
import { deriveLoss } from '../src/framework/derive.ts';
import type { Membership } from '../src/framework/membership.ts';
import { classify } from '../src/framework/membership.ts';
import { derivationText } from '../src/render/derivation-text.ts';
import type { Style } from '../src/render/style.ts';
import type { DerivationReport } from '../src/report/derivation.ts';
import { derive, reportDerivation } from '../src/report/derivation.ts';
import type { Trace } from '../src/trace/trace.ts';
import { expand } from '../src/variant/expand.ts';
import { catalogue, loadVariant } from '../src/variant/files.ts';
import type { Variant } from '../src/variant/variant.ts';
import { median } from './peers/answer.ts';
import { table } from './table.ts';

const PLAIN: Style = { color: false, width: 80 };
const REPEAT = 9;
const FACTORS = [2, 4, 8, 16, 32, 64] as const;

interface Timed<T> {
  readonly result: T;
  readonly ms: number;
}
/** The median time after a third of the runs has warmed up. */
function timed<T>(f: () => T): Timed<T> {
  const times: number[] = [];
  let result = f();
  for (let k = 0; k < REPEAT; k++) {
    const start = performance.now();
    result = f();
    times.push(performance.now() - start);
  }
  return { result, ms: median(times.slice(Math.floor(REPEAT / 3))) };
}

interface Row {
  readonly id: string;
  readonly stages: number;
  readonly steps: number;
  readonly lines: number;
  readonly classify: number;
  readonly derive: number;
  readonly check: number;
}

const stepsOf = ({ stages }: Trace) => stages.flatMap(({ steps }) => steps);

function rowOf(id: string, found: Timed<Membership>, derived: Timed<Trace>, judged: Timed<Verdict>): Row {
  if (judged.result.kind === 'refused') throw new Error(`${id}: ${judged.result.fault.reason.kind}`);
  const steps = stepsOf(derived.result);
  return {
    id,
    stages: derived.result.stages.length,
    steps: steps.length,
    lines: steps.filter(({ waypoint }) => waypoint).length,
    classify: found.ms,
    derive: derived.ms,
    check: judged.ms,
  };
}

/** Undefined where there is nothing to derive. */
function measured(variant: Variant): Row | undefined {
  const loss = expand(variant.loss, variant.definitions);
  const found = timed(() => classify(loss, variant.declared));
  const derived = timed(() => derive(variant, found.result));
  const { result: trace } = derived;
  if (trace === undefined) return undefined;
  return rowOf(
    variant.id,
    found,
    { ...derived, result: trace },
    timed(() => check(trace)),
  );
}

const variantsOfCatalogue = (): readonly Variant[] =>
  catalogue().flatMap((id) => {
    const variant = loadVariant(id);
    return variant.kind === 'variant' ? [variant] : [];
  });

/** A loss whose prior is a product of n powers of distributions: p1^k1 ... pn^kn. */
function product(n: number): { readonly loss: Expr; readonly declared: Declarations } {
  const all = Array.from({ length: n }, (_, i) => i + 1);
  const declared: Declarations = {
    parameters: Object.fromEntries([['beta', 'positive'], ...all.map((i) => [`k${i}`, 'positive'])]),
    data: { ...BUILT_IN, ...Object.fromEntries(all.map((i) => [`p${i}`, FIXED_DISTRIBUTION])) },
    facts: [],
  };
  const reward = (name: string): Expr => {
    const y = variable(name, 'response');
    const powers = all.map((i) => minus(mul([sym(`k${i}`), log(apply(`p${i}`, [y]))])));
    return mul([sym('beta'), add([log(apply('pi', [y])), ...powers])]);
  };
  return { loss: minus(log(sigmoid(add([reward('w'), minus(reward('l'))])))), declared };
}

function grown(n: number): Row {
  const { loss, declared } = product(n);
  const found = timed(() => classify(loss, declared));
  const { prior, tier, gradientTier } = found.result;
  if (prior === undefined) throw new Error('a product of distributions is a prior');
  const problem = { claim: `${n} factors`, declared, definitions: [], loss, prior, tier, gradientTier };
  const derived = timed(() => deriveLoss(problem));
  return rowOf(
    `${n} factors`,
    found,
    derived,
    timed(() => check(derived.result)),
  );
}

/** The exponent b of y = a n^b, by least squares on logarithms. */
function exponent(rows: readonly Row[], of: (row: Row) => number): number {
  const points = rows.map((row, i) => [Math.log(FACTORS[i] ?? 1), Math.log(of(row))] as const);
  const mean = (pick: 0 | 1): number => points.reduce((sum, p) => sum + p[pick], 0) / points.length;
  const [mx, my] = [mean(0), mean(1)];
  const covariance = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  return covariance / points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
}

const ms = (value: number): string => value.toFixed(1);
const cells = (row: Row): readonly string[] => [
  row.id,
  `${row.stages}`,
  `${row.steps}`,
  `${row.lines}`,
  ms(row.classify),
  ms(row.derive),
  ms(row.check),
];
const HEAD = ['', 'stages', 'steps', 'lines', 'classify ms', 'derive ms', 'check ms'];

/** Derived and judged once more from a membership that is known, and written as text. */
function written(report: Extract<DerivationReport, { readonly kind: 'derived' }>): string {
  const trace = derive(report.variant, report.membership) ?? report.trace;
  return derivationText({ ...report, trace, verdict: check(trace) }, PLAIN);
}

export async function benchDerive(json: boolean): Promise<void> {
  const variants = variantsOfCatalogue();
  const rows = variants.flatMap((variant) => measured(variant) ?? []);
  const derivable = variants.flatMap((variant) => {
    const report = reportDerivation(variant);
    return report.kind === 'derived' ? [report] : [];
  });
  const whole = timed(() => derivable.reduce((sum, report) => sum + written(report).length, 0));
  const growth = FACTORS.map(grown);
  const fitted = {
    steps: exponent(growth, (row) => row.steps),
    derive: exponent(growth, (row) => row.derive),
    check: exponent(growth, (row) => row.check),
  };
  const checking =
    rows.reduce((sum, row) => sum + row.check, 0) / rows.reduce((sum, row) => sum + row.derive, 0);
  if (json) {
    console.log(
      JSON.stringify({
        rows,
        catalogue: { ms: whole.ms, characters: whole.result },
        checking,
        growth,
        fitted,
      }),
    );
    return;
  }
  console.log(table([HEAD, ...rows.map(cells)]));
  console.log(`\nThe catalogue derived, checked and written as text: ${ms(whole.ms)} ms`);
  console.log(`Checking takes ${(100 * checking).toFixed(0)} % of the time of deriving.\n`);
  console.log(table([HEAD, ...growth.map(cells)]));
  console.log(
    `\nGrowth with the number of factors: steps n^${fitted.steps.toFixed(2)}, derive n^${fitted.derive.toFixed(2)}, check n^${fitted.check.toFixed(2)}`,
  );
}
