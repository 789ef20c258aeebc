/** The numerical checks of a claim as a table for a terminal, with the worst place and what disagreed. */

import type { Check, Disagreement, Measure, Where } from '../numeric/tally.ts';
import type { NotVectorised } from '../numeric/wasm/output.ts';
import type { Sampling, VerificationReport } from '../report/verification.ts';
import { plainText } from './escape.ts';
import { fill } from './fill.ts';
import { pairText } from './pair-text.ts';
import { table } from './rows.ts';
import type { Style } from './style.ts';
import { paint } from './style.ts';
import { measured } from './value.ts';
import { WHY_SAYS } from './words.ts';

export function verificationText(report: VerificationReport, style: Style): string {
  const { variant, checks, verified } = report;
  const { title, good, bad } = paint(style);
  const HEADS = ['', 'of', 'cases', 'values', 'worst abs', 'rel', 'ulp', 'of bound', 'passed'];
  const rows = checks.flatMap((check, i) => [
    ...(ofGradients(check)
      ? []
      : [measureCells(`${i + 1}`, 'losses', check.cases, { ...check, passed: valuesPassed(check) })]),
    ...(check.gradients === null
      ? []
      : [measureCells(ofGradients(check) ? `${i + 1}` : '', 'gradients', check.cases, check.gradients)]),
  ]);
  return `${[
    `${title(plainText(variant.id))}  ${verified ? good('verified') : bad('mismatch')}`,
    '',
    ...checks.flatMap((check, i) => fill(plainText(check.name), style.width, `  ${i + 1}  `)),
    '',
    ...table(HEADS, rows, style, [false, false, true, true, true, true, true, true]).map(
      (line) => `  ${line}`,
    ),
    '',
    ...checks.flatMap((check, i) => placeLines(check, i + 1, style)),
    ...(verified && checks.some(({ gradients }) => gradients?.passed === false)
      ? [
          ...fill(
            'The closed form and the published loss agree in value; their gradients differ by a stop-gradient.',
            style.width,
            '  ',
          ),
          '',
        ]
      : []),
    ...footer(report).flatMap((text) => fill(text, style.width, '  ')),
  ].join('\n')}\n`;
}

/** What the checks drew, and what stands in for a check that there cannot be. */
function footer({
  variant,
  sampling,
  gradientSampling,
  checks,
  outside,
  vectorised,
}: VerificationReport): readonly string[] {
  const drawn = ({ pairs, tokens, vocabulary }: Sampling): string =>
    `${pairs} pairs of up to ${tokens} ${tokens === 1 ? 'token' : 'tokens'}, vocabulary of ${vocabulary}`;
  const transcribed = variant.transcription !== undefined;
  const compared = [
    ...(outside === undefined ? ['the closed form'] : []),
    ...(transcribed ? ['the transcription'] : []),
  ];
  const samples = [
    ...(compared.length === 0 ? [] : [`${compared.join(' and ')}, on ${drawn(sampling)}`]),
    `the gradient, on ${drawn(gradientSampling)}`,
  ].join('; ');
  const kernels = vectorisedText(vectorised, drawn);
  const within = 'A difference passes within the bound on what rounding on both sides can explain.';
  const random = `Random batches, seed ${sampling.seed}: ${samples}${kernels}. ${within}`;
  if (outside === undefined) return [random];
  const records = checks.length - 1 - compared.length - (vectorised?.kind === 'compared' ? 1 : 0);
  const instead =
    records > 0
      ? 'The loss was compared with records of real code.'
      : `There are no records of real code either: ${transcribed ? 'the transcription and the gradient alone were' : 'the gradient alone was'} checked.`;
  return [
    `No prior gives ${plainText(variant.id)}, so there is no closed form to compare it with. ${WHY_SAYS[outside]} ${instead}`,
    random,
  ];
}

/** What there was of compiled kernels to compare. */
function vectorisedText(
  found: VerificationReport['vectorised'],
  drawn: (sampling: Sampling) => string,
): string {
  switch (found?.kind) {
    case undefined:
      return '';
    case 'compared':
      return `; the WebAssembly kernel, on ${drawn(found.sampling)}`;
    case 'not-vectorised':
      return `; no WebAssembly kernel, because ${UNVECTORISED[found.reason]}`;
    case 'too-large':
      return `; no WebAssembly kernel, because the formula has ${found.operations} operations and kernels have at most ${found.most}`;
  }
}

const UNVECTORISED: Readonly<Record<NotVectorised['reason'], string>> = {
  tokens: 'the formula reads tokens',
  'rows-elsewhere': 'the formula reads full distributions at another token than the current one',
  engine: 'this host cannot run WebAssembly with SIMD',
};

/** A check of gradients alone measures nothing else. */
const ofGradients = ({ worst, gradients }: Check): boolean => worst === gradients?.worst;

/** A check as a whole fails with its gradients; its losses fail with a loss. */
const valuesPassed = ({ passed, gradients, worst }: Check): boolean =>
  passed || (gradients !== null && !gradients.passed && worst.used <= 1);

function measureCells(
  name: string,
  of: string,
  cases: number,
  { values, worst, passed }: Measure,
): readonly string[] {
  return [
    name,
    of,
    `${cases}`,
    `${values}`,
    measured(worst.abs),
    measured(worst.rel),
    measured(worst.ulp),
    measured(worst.used),
    passed ? 'yes' : 'NO',
  ];
}

function placeLines(check: Check, n: number, style: Style): readonly string[] {
  const { faint } = paint(style);
  const worst = [
    ['losses', ofGradients(check) ? undefined : check.worst],
    ['gradients', check.gradients?.worst],
  ] as const;
  const places = worst.flatMap(([of, found]) =>
    found?.at === undefined || found.used === 0
      ? []
      : [`${of} come closest to their bound at ${placeText(found.at)}`],
  );
  const inputs = worst.flatMap(([, found]) =>
    found?.at?.input === undefined || found.used === 0 ? [] : [found.at.input],
  );
  return [
    ...(places.length === 0 ? [] : fill(`Check ${n}: ${places.join('; ')}.`, style.width, '  ').map(faint)),
    ...inputs.flatMap((input) => fill(`There: ${pairText(input)}.`, style.width, '  ').map(faint)),
    ...check.disagreements.flatMap((d) => [
      ...fill(disagreementText(d, n), style.width, '  '),
      ...(d.at.input === undefined
        ? []
        : fill(`There: ${pairText(d.at.input)}.`, style.width, '  ').map(faint)),
    ]),
    ...(places.length + check.disagreements.length === 0 ? [] : ['']),
  ];
}

/** Cases, pairs and tokens are counted from 0, as in the files. */
function placeText({ case: index, batch, pair, role, token, entry }: Where): string {
  return [
    `case ${index}`,
    ...(batch === undefined ? [] : [`batch ${plainText(batch)}`]),
    ...(pair === undefined ? ['the batch as a whole'] : [`pair ${pair}`]),
    ...(role === undefined ? [] : [`${role} response`]),
    ...(token === undefined ? [] : [`token ${token}`]),
    ...(entry === undefined ? [] : [`vocabulary entry ${entry}`]),
  ].join(', ');
}

function disagreementText(
  { at, ours, theirs, tolerance, exact, oursIsRight }: Disagreement,
  n: number,
): string {
  const apart = `Check ${n} disagrees at ${placeText(at)}: ours is ${ours}, theirs is ${theirs}, and rounding explains ${measured(tolerance)}.`;
  return oursIsRight
    ? `${apart} In decimal arithmetic our formula is ${exact}: the formulas differ.`
    : `${apart} In decimal arithmetic our formula is ${exact}: our own arithmetic is at fault.`;
}
