/** The page of evidence: every record of real code against our kernels, with the largest differences found. */

import type { Check, Measure } from '../numeric/tally.ts';
import { CLOSED_FORM, TRANSCRIBED } from '../report/verification.ts';
import { plainText } from './escape.ts';
import { measured } from './value.ts';

/** One entry of `evidence` in a derivation file, run. */
export interface EvidenceRow {
  readonly variant: string;
  readonly vectors: string;
  /** Which cases of the file, in words; empty for all. */
  readonly cases: string;
  readonly repo: string;
  readonly function: string;
  readonly commit: string;
  readonly check: Check;
  /** What the derivation file says of this code. */
  readonly says: string | undefined;
  /** What the code computes, where that is not the published loss. */
  readonly deviates: 'another loss' | 'no number' | undefined;
}

/** The checks of one variant on random batches. */
export interface SampledRow {
  readonly variant: string;
  readonly checks: readonly Check[];
}

const cell = (text: string): string => plainText(text).replace(/([|\\`*_<>[\]])/g, '\\$1');

const numbers = (measure: Measure | null): readonly string[] =>
  measure === null || measure.values === 0
    ? ['', '', '', '', '']
    : [
        `${measure.values}`,
        measured(measure.worst.abs),
        measured(measure.worst.rel),
        measured(measure.worst.ulp),
        measured(measure.worst.used),
      ];

/** A check of gradients alone counts them as its values too. */
const lossesOf = (check: Check): Measure | null => (check.gradients?.worst === check.worst ? null : check);

const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  [CLOSED_FORM, 'closed form'],
  [TRANSCRIBED, 'transcription'],
]);

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const MEASURES = ['values', 'abs', 'rel', 'ulp', 'of bound'];
const rule = (left: readonly string[]): string => line([...left, ...MEASURES.map(() => '---:')]);

/** The whole page in Markdown. Measures are of the machine that wrote it: another may differ in a last digit. */
export function evidencePage(records: readonly EvidenceRow[], sampled: readonly SampledRow[]): string {
  const cases = records.reduce((sum, { check }) => sum + check.cases, 0);
  const files = new Set(records.map(({ vectors }) => vectors)).size;
  const heads = ['loss', 'vectors', 'cases', 'of', ...MEASURES];
  const body = records.flatMap(({ variant, vectors, cases: which, check }) => {
    const name = which === '' ? vectors : `${vectors} (${which})`;
    const first = [cell(variant), cell(name), `${check.cases}`];
    const losses = lossesOf(check);
    return [
      ...(losses === null ? [] : [line([...first, 'losses', ...numbers(losses)])]),
      ...(check.gradients === null
        ? []
        : [line([...(losses === null ? first : ['', '', '']), 'gradients', ...numbers(check.gradients)])]),
    ];
  });
  return `${[
    '# Evidence',
    '',
    'Written by `npx tsx scripts/evidence.ts`; do not edit.',
    '',
    `The losses of the catalogue are evaluated on ${cases} recorded cases in ${files} files: what real implementations gave in`,
    'float64, losses and gradients. *abs*, *rel* and *ulp* are the largest differences; *of bound* is the largest share that a',
    'difference takes of what rounding on both sides can explain, computed for the very numbers at hand: above 1 it would',
    'be a mismatch. *rel* and *ulp* are large where one side is left with nothing but rounding, as where 1 - sigmoid(u) gives 0',
    'in place of a tiny number; the bound knows that. `midpo verify LOSS` repeats the rows of a loss.',
    '',
    '## Records of real code',
    '',
    line(heads),
    rule(['---', '---', '---:', '---']),
    ...body,
    '',
    '## Where real code is not the published loss',
    '',
    'These cases are reproduced too, by the loss that the code does compute; the last word says what it gives.',
    '',
    ...records.flatMap(({ variant, vectors, cases: which, deviates, says, repo, function: name }) =>
      deviates === undefined
        ? []
        : [
            `- ${cell(variant)}, ${cell(which === '' ? vectors : `${vectors} (${which})`)}: \`${plainText(repo)}\`, \`${plainText(name)}\`${says === undefined ? '' : `: ${cell(says)}`} (${deviates})`,
          ],
    ),
    '',
    '## Random batches',
    '',
    'The closed form derived from the prior against the published loss; the published loss against a transcription by',
    'hand into plain arithmetic, which shares no code with formulas; and the symbolic gradient against finite differences',
    'in decimal arithmetic. A loss outside the framework has no closed form.',
    '',
    line(['loss', 'check', 'of', ...MEASURES]),
    rule(['---', '---', '---']),
    ...sampled.flatMap(({ variant, checks }) =>
      checks.map((check) => {
        const losses = lossesOf(check);
        const name = SHORT_NAMES.get(check.name) ?? 'finite differences';
        return line([
          cell(variant),
          name,
          losses === null ? 'gradients' : 'losses',
          ...numbers(losses ?? check.gradients),
        ]);
      }),
    ),
  ].join('\n')}\n`;
}
