/** From names to marks: how policy, reference, responses, data and hyper-parameters are written, in every output. */

import type { Datum, Declarations } from '../expr/declare.ts';
import { NOTHING_DECLARED } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import type { SymbolName } from '../variant/symbols.ts';
import { SYMBOL_NAMES } from '../variant/symbols.ts';
import type { Mark } from './mark.ts';
import { markOf, safeLatex, upright, uprightMark } from './mark.ts';

/**
 * How a datum's arguments are written: `conditional` p(y | x), `function` f(y), `length` |y|, `preference`
 * p(y_w > y_l | x), `constant` a name alone.
 */
export type DatumForm = 'conditional' | 'function' | 'length' | 'preference' | 'constant';

export interface DatumMark extends Mark {
  readonly form: DatumForm;
  /** Whether it depends on the implicit prompt, and shows it: r(x, y), p(y | x). */
  readonly prompt: boolean;
}

/** Plain data; names that it does not hold are written as they suggest: `beta` is a Greek letter. */
export interface Notation {
  readonly parameters: Readonly<Record<string, Mark>>;
  readonly data: Readonly<Record<string, DatumMark>>;
  /** Responses that are written otherwise than y with their name below. */
  readonly responses: Readonly<Record<string, Mark>>;
  readonly prompt: Mark;
  /** The logistic function. */
  readonly sigmoid: Mark;
  /** The loss of a pair. */
  readonly loss: Mark;
  /** The policy's parameters, by which gradients are taken. */
  readonly theta: Mark;
}

/** Marks of the user's choice, for every claim alike; they go before those of the house and of a claim's own file. */
export interface Marks {
  readonly symbols: Readonly<Partial<Record<SymbolName, Mark>>>;
  /** By the names of hyper-parameters, and of data and distributions. */
  readonly parameters: Readonly<Record<string, Mark>>;
  readonly data: Readonly<Record<string, Mark>>;
}

/** What a notation may be told. */
export interface Overrides {
  /** Which names are hyper-parameters and which data. */
  readonly declared?: Declarations;
  /** LaTeX by name, as derivation files give it; what `safeLatex` refuses is printed as text. */
  readonly latex?: Readonly<Record<string, string>>;
  readonly marks?: Marks | undefined;
}

const BUILT_IN: Readonly<Record<string, DatumMark>> = {
  pi: { latex: String.raw`\pi_\theta`, text: 'π', form: 'conditional', prompt: true },
  ref: { latex: String.raw`\pi_{\mathrm{ref}}`, text: 'π_ref', form: 'conditional', prompt: true },
  zeta: { latex: String.raw`\zeta`, text: 'ζ', form: 'conditional', prompt: true },
  len: { latex: '', text: '', form: 'length', prompt: false },
  r: { latex: 'r', text: 'r', form: 'function', prompt: true },
  Z: { latex: 'Z', text: 'Z', form: 'function', prompt: true },
  D: { latex: String.raw`\mathcal{D}`, text: 'D', form: 'function', prompt: true },
  objective: { latex: 'J', text: 'J', form: 'constant', prompt: false },
  pi_star: { latex: String.raw`\pi^{*}`, text: 'π*', form: 'conditional', prompt: true },
  policy_marginal: { latex: 'p_Y', text: 'p_Y', form: 'function', prompt: false },
  mutual_information: { latex: 'I(X; Y)', text: 'I(X; Y)', form: 'constant', prompt: false },
  prior_density: { latex: String.raw`\bar{\zeta}`, text: 'ζ̄', form: 'function', prompt: false },
  prefers: { latex: 'p', text: 'p', form: 'preference', prompt: true },
};

/** The user's names of built-in data, where they differ from ours. */
const DATUM_OF: Readonly<Partial<Record<SymbolName, string>>> = {
  pi: 'pi',
  ref: 'ref',
  zeta: 'zeta',
  r: 'r',
  Z: 'Z',
  D: 'D',
  J: 'objective',
  pi_star: 'pi_star',
  p: 'prefers',
};

/** Candidates for the framework's weight; the last is what nobody calls a hyper-parameter. */
const WEIGHTS = ['tau', 'kappa', 'lambda', 'nu', 'tau_MI'];

/** Letters that formulas already give a meaning: hyper-parameters of these names stand upright. */
const TAKEN = new Set(['e', 'p', 'r', 't', 'v', 'x', 'y', 'D', 'Z']);

const NO_MARKS: Marks = { symbols: {}, parameters: {}, data: {} };
const HOUSE = {
  prompt: { latex: 'x', text: 'x' },
  loss: { latex: String.raw`\mathcal{L}`, text: 'L' },
  theta: { latex: String.raw`\theta`, text: 'θ' },
};
const RESPONSES = ['w', 'l', 'y'] as const;

/** Declared of nothing at all: a statistic of the batch, which is no function of the prompt. */
const isStatistic = ({ shapes }: Datum): boolean => shapes.every((shape) => shape.length === 0);

const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

/** The house notation for the given declarations, with the given marks where they are safe. */
export function defaultNotation(overrides: Overrides = {}): Notation {
  const { declared = NOTHING_DECLARED, latex = {}, marks = NO_MARKS } = overrides;
  const overridden = (name: string, mark: Mark): Mark => {
    const raw = own(latex, name);
    if (raw === undefined) return mark;
    return { latex: safeLatex(raw) ? raw.trim() : upright(raw), text: mark.text };
  };
  const names = new Set([...Object.keys(declared.parameters), ...Object.keys(latex)]);
  const { symbols, parameters: chosen, data: named } = marks;
  const given = new Set(
    [symbols, chosen, named].flatMap((of) => Object.values(of)).map(({ latex }) => latex),
  );
  /** What the user writes for one name is no other's. */
  const apart = (name: string, mark: Mark): Mark => (given.has(mark.latex) ? uprightMark(name) : mark);
  const parameters = {
    ...Object.fromEntries([...names].map((name) => [name, apart(name, overridden(name, suggested(name)))])),
    ...marks.parameters,
  };
  const builtIn = builtInMarks(marks);
  const data = Object.entries(declared.data).map(([name, datum]): readonly [string, DatumMark] => {
    const known = own(builtIn, name);
    const form =
      known?.form ?? (datum.distribution ? 'conditional' : isStatistic(datum) ? 'constant' : 'function');
    const usual = known === undefined ? apart(name, overridden(name, markOf(name))) : overridden(name, known);
    const mark = own(marks.data, name) ?? usual;
    return [name, { ...mark, form, prompt: datum.prompt }];
  });
  const used = new Set(Object.values(parameters).map((mark) => mark.latex));
  const weight =
    marks.symbols.weight ??
    WEIGHTS.map(markOf).find((mark) => !used.has(mark.latex)) ??
    uprightMark('weight');
  const heads = [...used, ...data.map(([, mark]) => mark.latex)];
  const responses = RESPONSES.flatMap((name) => {
    const mark = marks.symbols[name];
    return mark === undefined ? [] : [[name, mark] as const];
  });
  return {
    parameters,
    data: {
      ...builtIn,
      ...Object.fromEntries(data),
      kl_weight: { ...weight, form: 'constant', prompt: false },
    },
    responses: Object.fromEntries(responses),
    prompt: marks.symbols.x ?? HOUSE.prompt,
    loss: marks.symbols.loss ?? HOUSE.loss,
    theta: marks.symbols.theta ?? HOUSE.theta,
    sigmoid: marks.symbols.sigma ?? sigmoidBeside(heads),
  };
}

/** Built-in data as the user wants them written. */
const builtInMarks = ({ symbols }: Marks): Readonly<Record<string, DatumMark>> => ({
  ...BUILT_IN,
  ...Object.fromEntries(
    SYMBOL_NAMES.flatMap((symbol) => {
      const [name = '', mark] = [DATUM_OF[symbol], symbols[symbol]];
      const known = own(BUILT_IN, name);
      return known === undefined || mark === undefined ? [] : [[name, { ...known, ...mark }]];
    }),
  ),
});

const sigmoidBeside = (heads: readonly string[]): Mark =>
  heads.includes(String.raw`\sigma`)
    ? { latex: String.raw`\operatorname{sigmoid}`, text: 'sigmoid' }
    : { latex: String.raw`\sigma`, text: 'σ' };

const suggested = (name: string): Mark => (TAKEN.has(name) ? uprightMark(name) : markOf(name));

/** The mark of a hyper-parameter. */
export const parameterMark = (notation: Notation, name: string): Mark =>
  own(notation.parameters, name) ?? suggested(name);

/** The mark of a datum; one that is not known is a function of its arguments. */
export const datumMark = (notation: Notation, name: string): DatumMark =>
  own(notation.data, name) ?? {
    ...markOf(name),
    form: 'function',
    prompt: false,
  };

/** A response by itself: y_w for `w`, y for the generic one, or what the user writes. */
export function responseMark(notation: Notation, name: string): Mark {
  const given = own(notation.responses, name);
  if (given !== undefined) return given;
  const letter = own(notation.responses, 'y') ?? { latex: 'y', text: 'y' };
  if (name === 'y') return letter;
  const numbered = /^y_?(\d+)$/.exec(name)?.[1];
  const below = numbered === undefined ? markOf(name) : { latex: numbered, text: numbered };
  return { latex: withBelow(letter.latex, below.latex), text: `${letter.text}_${below.text}` };
}

/** A subscript that the mark does not have yet, after the one that it has: y_w and t are y_{w,t}. */
export function withBelow(head: string, below: string): string {
  const found = /^(.*[^\\])_(?:\{([^{}]*)\}|([A-Za-z0-9]))$/.exec(head);
  const [stem, known] = [found?.[1] ?? head, found?.[2] ?? found?.[3]];
  const all = known === undefined ? below : `${known},${below}`;
  const closed = /(?<!\\)_/.test(stem) ? `{${stem}}` : stem;
  return all.length === 1 ? `${closed}_${all}` : `${closed}_{${all}}`;
}

/** Whether data at these arguments, printed as a function, name the implicit prompt. */
export const showsPrompt = (mark: DatumMark, args: readonly Expr[]): boolean =>
  mark.prompt && !args.some((arg) => arg.kind === 'var' && arg.sort === 'prompt');

/** Whether the arguments are a response and one of its tokens. */
export function isTokenwise(args: readonly Expr[]): boolean {
  const [first, second] = args;
  const isToken = second?.kind === 'num' || (second?.kind === 'var' && second.sort === 'token');
  return args.length === 2 && first?.kind === 'var' && first.sort === 'response' && isToken;
}
