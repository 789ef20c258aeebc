/** What is typed for an option and must be one of few, or a number within bounds. */

import { InvalidArgumentError } from 'commander';
import type { PlotAxis, PlotCurve, PythonTarget, TableColumn } from '../index.ts';
import { nearest, PLOT_AXES, PLOT_CURVES, PYTHON_TARGETS, TABLE_COLUMNS } from '../index.ts';
import { didYouMean } from './outcome.ts';

export const DERIVATION_FORMATS = [
  'text',
  'latex',
  'latex-fragment',
  'markdown',
  'quarto',
  'html',
  'json',
] as const;
export type DerivationFormat = (typeof DERIVATION_FORMATS)[number];

/** Other names that people use for the formats. */
const ALIASES: Readonly<Record<string, DerivationFormat>> = { tex: 'latex', md: 'markdown', txt: 'text' };

export const TABLE_FORMATS = ['text', 'latex', 'latex-fragment', 'markdown', 'html', 'json'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];
export const PLOT_FORMATS = ['svg', 'csv', 'json'] as const;
export type PlotFormat = (typeof PLOT_FORMATS)[number];

/** `--json` is `--to json` for the commands that write in several formats. */
export interface Format<T extends string> {
  readonly to: T;
  readonly json?: true | undefined;
  readonly output?: string | undefined;
}

/** Formats that files are often named for, and that nothing here is written in. */
const FOREIGN: ReadonlySet<string> = new Set(
  'png jpg jpeg gif webp bmp tif tiff pdf eps ps docx odt xlsx'.split(' '),
);

/** Why the format asked for is none: said twice and differently, or another one by the name of the file. */
export function formatFault<T extends string>(
  { to, json, output = '' }: Format<T>,
  formats: readonly T[],
): string | undefined {
  if (json === true && to !== 'json') return `--json is --to json, and --to ${to} is another: one of them`;
  const ending = /\.([a-z0-9]+)$/i.exec(output)?.[1]?.toLowerCase();
  return ending !== undefined && FOREIGN.has(ending)
    ? `${output}: no .${ending} file can be written. The formats (--to) are ${formats.join(', ')}`
    : undefined;
}

/** Reads one of few words; throws InvalidArgumentError. */
const readOneOf =
  <T extends string>(what: string, all: readonly T[]) =>
  (typed: string): T => {
    const found = all.find((known) => known === typed);
    if (found !== undefined) return found;
    const alias = Object.hasOwn(ALIASES, typed) ? ALIASES[typed] : undefined;
    const suggestion = all.find((known) => known === alias) ?? nearest(typed, all);
    throw new InvalidArgumentError(`The ${what} are ${all.join(', ')}${didYouMean(suggestion)}`);
  };

export const readDerivationFormat: (typed: string) => DerivationFormat = readOneOf(
  'formats',
  DERIVATION_FORMATS,
);
export const readTableFormat: (typed: string) => TableFormat = readOneOf('formats', TABLE_FORMATS);
export const readPlotFormat: (typed: string) => PlotFormat = readOneOf('formats', PLOT_FORMATS);
export const readTarget: (typed: string) => PythonTarget = readOneOf('targets', PYTHON_TARGETS);
export const readPlotAxis: (typed: string) => PlotAxis = readOneOf('axes', PLOT_AXES);

/** Reads `a,b`: some of few words in the order wanted, each once. */
const readSome =
  <T extends string>(what: string, all: readonly T[]) =>
  (typed: string): readonly T[] => {
    const found = typed.split(',').map((name) => readOneOf(what, all)(name.trim()));
    const twice = found.find((name, i) => found.indexOf(name) !== i);
    if (twice !== undefined) throw new InvalidArgumentError(`${twice} is named twice.`);
    return found;
  };

/** Reads `tier, prior, loss`. */
export const readColumns: (typed: string) => readonly TableColumn[] = readSome('columns', TABLE_COLUMNS);
/** Reads `loss, weight`. */
export const readCurves: (typed: string) => readonly PlotCurve[] = readSome('curves', PLOT_CURVES);

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d{1,3})?$/i;

/** Reads a finite decimal number. */
export function readNumber(typed: string): number {
  const value = NUMBER.test(typed.trim()) ? Number(typed) : Number.NaN;
  if (Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It must be a number, such as -2.5 or 1e3.');
}

/** Reads `-10,10`: two numbers, the smaller first. */
export function readRange(typed: string): readonly [number, number] {
  const [low, high, ...more] = typed.split(',').map(readNumber);
  if (low !== undefined && high !== undefined && more.length === 0 && low < high) return [low, high];
  throw new InvalidArgumentError('It must be two numbers, the smaller first: -10,10.');
}

/** Gathers `beta=0.1` and `score(w) = 2`: a name or a datum, without blanks, and its number. */
export function gatherSettings(
  typed: string,
  before: ReadonlyMap<string, number> | undefined,
): ReadonlyMap<string, number> {
  const at = typed.indexOf('=');
  const name = typed.slice(0, Math.max(0, at)).replace(/\s+/g, '');
  if (name === '') throw new InvalidArgumentError("It must be a name and its value: 'beta=0.1'.");
  if (before?.has(name)) throw new InvalidArgumentError(`${name} is set twice.`);
  return new Map([...(before ?? []), [name, readNumber(typed.slice(at + 1))]]);
}

/** Reads a whole number from `least` to `most`. */
export const readWhole =
  (least: number, most: number) =>
  (typed: string): number => {
    const value = /^\d{1,16}$/.test(typed) ? Number(typed) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };

/** For options that may be given again and again. */
export const gather = (typed: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  typed,
];
