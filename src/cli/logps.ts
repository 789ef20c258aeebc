/** `midpo verify --logps`: losses and implicit rewards of a claim on log-probabilities of a training run. */

import { extname } from 'node:path';
import type { LogpsReport, RowFormat, Variant } from '../index.ts';
import { logpsFault, logpsJson, logpsText, nearest, reportLogps, rowsHead, rowsText } from '../index.ts';
import { openTable } from '../node.ts';
import type { Draft } from './draft.ts';
import { startDraft } from './draft.ts';
import { readColumnMap } from './mapping.ts';
import type { Outcome } from './outcome.ts';
import { answer, didYouMean, document, EXIT, refusal } from './outcome.ts';
import { readSettings } from './setting.ts';
import { styleOfOutput } from './terminal.ts';

export interface LogpsOptions {
  readonly logps: readonly string[];
  readonly mapData?: readonly string[] | undefined;
  readonly set?: readonly string[] | undefined;
  readonly output?: string | undefined;
  readonly json?: true | undefined;
}

/** Row formats by the ending of a file's name. */
const FORMATS: Readonly<Record<string, RowFormat>> = { '.jsonl': 'jsonl', '.ndjson': 'jsonl', '.csv': 'csv' };

const STANDARD_INPUT = '/dev/stdin';

/** Exit 1 where some loss is not finite. */
export async function logps(claim: Variant, options: LogpsOptions): Promise<Outcome> {
  const { mapData = [], set = [], output, json } = options;
  const paths = options.logps.map((path) => (path === '-' ? STANDARD_INPUT : path));
  const settings = readSettings(claim, set);
  if ('exit' in settings) return settings;
  const map = readColumnMap(claim, mapData);
  if ('exit' in map) return map;
  const format = output === undefined ? undefined : formatOf(output);
  if (typeof format === 'object') return format;

  const [path = ''] = paths;
  const table = await openTable(paths);
  if (table.kind !== 'table') return refusal(logpsFault(table, path));
  const draft = output === undefined ? undefined : startDraft(output);
  if (typeof draft === 'string') return refusal(draft);
  try {
    const report = await reportLogps(claim, {
      table,
      map,
      set: settings,
      ...(draft && format && { onRows: writer(draft, format) }),
    });
    if (report.kind !== 'logps') return refusal(logpsFault(report, path));
    draft?.keep();
    return pageOf(report, json);
  } finally {
    draft?.drop();
  }
}

function pageOf(report: LogpsReport, json: true | undefined): Outcome {
  const exit = report.summaries.loss.nonFinite === 0 ? EXIT.holds : EXIT.fails;
  return json ? document(exit, logpsJson(report)) : answer(exit, logpsText(report, styleOfOutput()));
}

type OnRows = NonNullable<Parameters<typeof reportLogps>[1]['onRows']>;

function writer(draft: Draft, format: RowFormat): OnRows {
  let begun = false;
  return (rows, values) => {
    if (!begun) draft.add(rowsHead(format, values));
    begun = true;
    draft.add(rowsText(format, rows, values));
  };
}

function formatOf(output: string): RowFormat | Outcome {
  const ending = extname(output).toLowerCase();
  const format = Object.hasOwn(FORMATS, ending) ? FORMATS[ending] : undefined;
  const known = Object.keys(FORMATS);
  return (
    format ??
    refusal(
      `rows are written to ${known.join(', ')} files, not to ${output}${didYouMean(nearest(ending, known))}`,
    )
  );
}
