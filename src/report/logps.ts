/** One claim on log-probabilities of a training run: losses, implicit rewards and margins, row by row and in sum. */

import type { Expr } from '../expr/expr.ts';
import { apply } from '../expr/expr.ts';
import { rebuild } from '../expr/walk.ts';
import type { Apart } from '../numeric/column-apart.ts';
import { batchOfRows } from '../numeric/column-batch.ts';
import type { ColumnMap } from '../numeric/column-find.ts';
import { oneVocabulary } from '../numeric/column-logits.ts';
import type { ColumnPlan, PlanFault } from '../numeric/column-plan.ts';
import { planColumns } from '../numeric/column-plan.ts';
import { TOKEN_COUNT } from '../numeric/column-side.ts';
import type { Rows, Table } from '../numeric/columns.ts';
import type { CompileFault } from '../numeric/demand.ts';
import type { Needs } from '../numeric/needs.ts';
import { needsOf } from '../numeric/needs.ts';
import type { NotableRow } from '../numeric/notable.ts';
import { keepNotable } from '../numeric/notable.ts';
import type { RowsFault } from '../numeric/rows-fault.ts';
import type { Summary } from '../numeric/summary.ts';
import { gatherer } from '../numeric/summary.ts';
import type { Quantities, Quantity, Tabulated, Tabulator } from '../numeric/tabulate.ts';
import { QUANTITIES, tabulator } from '../numeric/tabulate.ts';
import { expand } from '../variant/expand.ts';
import type { ReadFault } from '../variant/tensors/fault.ts';
import type { Variant } from '../variant/variant.ts';
import type { Implicit } from './implicit.ts';
import { implicitOf, quantitiesOf } from './implicit.ts';
import type { SettingFault, Settings } from './settings.ts';
import { settle, valuesOf } from './settings.ts';

export interface LogpsQuestion {
  readonly table: Table<ReadFault>;
  /** Where the claim's data are, if not under their own names. */
  readonly map: ColumnMap;
  /** Values of hyper-parameters; the others have the defaults of the claim's file. */
  readonly set: ReadonlyMap<string, number>;
  /** Told of every row, in order. */
  readonly onRows?: (rows: Rows, values: Tabulated) => void;
}

export interface LogpsReport {
  readonly kind: 'logps';
  readonly variant: Variant;
  readonly settings: Settings;
  readonly plan: ColumnPlan;
  /** The columns in use that have less than double precision, and what they are of. */
  readonly narrow: ReadonlyMap<string, string>;
  /** Of columns of log-probabilities beside logits: where they are furthest from what is read off these. */
  readonly apart: readonly Apart[];
  readonly engine: Tabulator['engine'];
  readonly implicit: Implicit;
  readonly rows: number;
  readonly summaries: Quantities<Summary>;
  /** How many margins are above nought, and how many are nought. */
  readonly wins: number;
  readonly ties: number;
  /** The rows with the largest losses, the largest first. */
  readonly worst: readonly NotableRow[];
  /** The first rows whose loss is not finite. */
  readonly nonFinite: readonly NotableRow[];
}

export type LogpsFault =
  | ReadFault
  | PlanFault
  | RowsFault
  | SettingFault
  | CompileFault
  | { readonly kind: 'no-rows' };

/** Evaluates a claim on every row of a table, a few at a time: memory does not grow with the table. */
export async function reportLogps(
  variant: Variant,
  { table, map, set, onRows }: LogpsQuestion,
): Promise<LogpsReport | LogpsFault> {
  const loss = expand(variant.loss, variant.definitions);
  const implicit = implicitOf(loss, variant.declared);
  const formulas = quantitiesOf(loss, implicit);
  const needs = needsOf(Object.values(formulas), variant.declared);
  const settings = settle(variant, needs.parameters, set);
  if ('kind' in settings) return settings;
  if (table.names.length === 0) return { kind: 'no-rows' };
  const plan = planColumns(table.names, needs, map);
  if (plan.kind !== 'plan') return plan;

  const found = gathering();
  const apart = new Map<string, Apart>();
  let engine: Tabulator['engine'] = 'plain';
  const evaluate = evaluator(byCount(formulas), needs, plan, settings, table.count?.(plan.columns));
  for await (const rows of table.read(plan.columns)) {
    if (rows.kind !== 'rows') return rows;
    const made = await evaluate(rows);
    if ('kind' in made) return made;
    const { values } = made;
    engine = made.engine;
    found.add(rows, values);
    for (const one of made.apart) {
      if (one.difference > (apart.get(one.column)?.difference ?? -1)) apart.set(one.column, one);
    }
    onRows?.(rows, values);
  }
  const narrow = new Map([...table.narrow].filter(([name]) => plan.columns.includes(name)));
  const gathered = found.gathered();
  if (gathered.rows === 0) return { kind: 'no-rows' };
  return {
    kind: 'logps',
    variant,
    settings,
    plan,
    narrow,
    apart: [...apart.values()],
    engine,
    implicit,
    ...gathered,
  };
}

/** Lengths are data of their own: where there are sums alone, a response is one token. */
function byCount(formulas: Quantities<Expr>): Quantities<Expr> {
  const counted = (e: Expr): Expr =>
    rebuild(e, (node) =>
      node.kind === 'apply' && node.name === 'len' ? apply(TOKEN_COUNT, node.args) : node,
    );
  const { loss, ...others } = formulas;
  const rest = Object.entries(others).map(([name, e]) => [name, counted(e)]);
  return { loss: counted(loss), ...Object.fromEntries(rest) };
}

interface Evaluated {
  readonly values: Tabulated;
  readonly engine: Tabulator['engine'];
  readonly apart: readonly Apart[];
}

/** Compiles at the first rows, which show what the columns hold. */
function evaluator(
  formulas: Quantities<Expr>,
  needs: Needs,
  plan: ColumnPlan,
  settings: Settings,
  count: number | undefined,
): (rows: Rows) => Promise<Evaluated | RowsFault | CompileFault> {
  let compiled: Tabulator | undefined;
  const vocabulary = oneVocabulary();
  return async (rows) => {
    const batch = batchOfRows(rows, plan, needs, vocabulary);
    if (batch.kind !== 'batch') return batch;
    const made = compiled ?? (await tabulator(formulas, batch, valuesOf(settings), count));
    if (made.kind !== 'tabulator') return made;
    compiled = made;
    return { values: made.run(batch), apart: batch.apart, engine: made.engine };
  };
}

type Gathered = Pick<LogpsReport, 'rows' | 'summaries' | 'wins' | 'ties' | 'worst' | 'nonFinite'>;

interface Gathering {
  readonly add: (rows: Rows, values: Tabulated) => void;
  readonly gathered: () => Gathered;
}

function gathering(): Gathering {
  const gatherers = new Map(QUANTITIES.map((quantity) => [quantity, gatherer()]));
  const present = new Set<Quantity>();
  let [rows, wins, ties] = [0, 0, 0];
  let worst: readonly NotableRow[] = [];
  let nonFinite: readonly NotableRow[] = [];
  const summaryOf = (quantity: Quantity): Summary => (gatherers.get(quantity) ?? gatherer()).summary();
  return {
    add(these, values) {
      rows += these.count;
      for (const quantity of QUANTITIES) {
        const column = values[quantity];
        if (column === undefined) continue;
        present.add(quantity);
        gatherers.get(quantity)?.add(column, these.first);
      }
      for (const margin of values.margin ?? []) {
        if (margin > 0) wins += 1;
        if (margin === 0) ties += 1;
      }
      const { largest, firstNonFinite } = summaryOf('loss');
      worst = keepNotable(worst, largest, these, values);
      nonFinite = keepNotable(nonFinite, firstNonFinite, these, values);
    },
    gathered() {
      const others = [...present].filter((quantity) => quantity !== 'loss');
      const rest = Object.fromEntries(others.map((quantity) => [quantity, summaryOf(quantity)]));
      return { rows, summaries: { loss: summaryOf('loss'), ...rest }, wins, ties, worst, nonFinite };
    },
  };
}
