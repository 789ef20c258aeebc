/**
 * How long `midpo check` thinks about each entry of the catalogue: its tiers, everything that the report says, and the
 * report as text. Run by tsx, which adds to the start-up only; times are medians after warming up.
 */

import { tiersOf } from '../src/framework/membership.ts';
import { membershipText } from '../src/render/membership-text.ts';
import { reportMembership } from '../src/report/membership.ts';
import { expand } from '../src/variant/expand.ts';
import { catalogue, loadVariant } from '../src/variant/files.ts';
import { median } from './peers/answer.ts';
import { table } from './table.ts';

const PLAIN = { color: false, width: 80 } as const;
const REPEAT = 5;

interface Row {
  readonly id: string;
  readonly tier: string;
  readonly tiers: number;
  readonly report: number;
  readonly text: number;
}

/** The median of several runs after one for warming up, in milliseconds. */
function timed<T>(f: () => T): { readonly result: T; readonly ms: number } {
  const result = f();
  const times = Array.from({ length: REPEAT }, () => {
    const start = performance.now();
    f();
    return performance.now() - start;
  });
  return { result, ms: median(times) };
}

function measured(id: string): Row {
  const variant = loadVariant(id);
  if (variant.kind !== 'variant') throw new Error(`${id}: ${variant.kind}`);
  const loss = expand(variant.loss, variant.definitions);
  const tiers = timed(() => tiersOf(loss, variant.declared));
  const report = timed(() => reportMembership(variant));
  const text = timed(() => membershipText(report.result, PLAIN));
  return { id, tier: tiers.result.tier, tiers: tiers.ms, report: report.ms, text: text.ms };
}

/** Prints a row for each entry, the slowest first, and the median. */
export async function benchCheck(json: boolean): Promise<void> {
  // Once round for warming up: the first entries would pay for it otherwise.
  for (const id of catalogue()) {
    const variant = loadVariant(id);
    if (variant.kind === 'variant') reportMembership(variant);
  }
  const rows = catalogue()
    .map(measured)
    .sort((a, b) => b.report - a.report);
  const middle = { tiers: median(rows.map((r) => r.tiers)), report: median(rows.map((r) => r.report)) };
  if (json) {
    console.log(JSON.stringify({ rows, median: middle }));
    return;
  }
  const ms = (value: number): string => value.toFixed(1);
  console.log(
    table([
      ['', 'tier', 'tiers ms', 'report ms', 'text ms'],
      ...rows.map(({ id, tier, tiers, report, text }) => [id, tier, ms(tiers), ms(report), ms(text)]),
      ['median', '', ms(middle.tiers), ms(middle.report), ''],
    ]),
  );
}
