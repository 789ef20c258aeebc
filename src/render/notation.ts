/** From names to marks: how policy, reference, responses, data and hyper-parameters are written, in every output. */

import type { Declarations } from '../expr/declare.ts';
import { NOTHING_DECLARED } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
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
  /** The logistic function. */
  readonly sigmoid: Mark;
}

/** What a notation may be told. */
export interface Overrides {
  /** Which names are hyper-parameters and which data. */
  readonly declared?: Declarations;
  /** LaTeX by name, as derivation files give it; what `safeLatex` refuses is printed as text. */
  readonly latex?: Readonly<Record<string, string>>;
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
  prefers: { latex: 'p', text: 'p', form: 'preference', prompt: true },
};

/** Candidates for the framework's weight; the last is what nobody calls a hyper-parameter. */
const WEIGHTS = ['tau', 'kappa', 'lambda', 'nu', 'tau_MI'];

/** Letters that formulas already give a meaning: hyper-parameters of these names stand upright. */
const TAKEN = new Set(['e', 'p', 'r', 't', 'v', 'x', 'y', 'D', 'Z']);

/** The house notation for the given declarations, with the given marks where they are safe. */
export function defaultNotation({ declared = NOTHING_DECLARED, latex = {} }: Overrides = {}): Notation {
  const overridden = (name: string, mark: Mark): Mark => {
    const raw = Object.hasOwn(latex, name) ? latex[name] : undefined;
    if (raw === undefined) return mark;
    return { latex: safeLatex(raw) ? raw.trim() : upright(raw), text: mark.text };
  };
  const names = new Set([...Object.keys(declared.parameters), ...Object.keys(latex)]);
  const parameters = Object.fromEntries([...names].map((name) => [name, overridden(name, suggested(name))]));

  const used = new Set(Object.values(parameters).map((mark) => mark.latex));
  const weight = WEIGHTS.map(markOf).find((mark) => !used.has(mark.latex)) ?? uprightMark('weight');
  const data = Object.entries(declared.data).map(([name, datum]): readonly [string, DatumMark] => {
    const known = Object.hasOwn(BUILT_IN, name) ? BUILT_IN[name] : undefined;
    const form = known?.form ?? (datum.distribution ? 'conditional' : 'function');
    return [name, { ...overridden(name, known ?? markOf(name)), form, prompt: datum.prompt }];
  });
  const heads = [...used, ...data.map(([, mark]) => mark.latex)];
  return {
    parameters,
    data: {
      ...BUILT_IN,
      ...Object.fromEntries(data),
      kl_weight: { ...weight, form: 'constant', prompt: false },
    },
    sigmoid: heads.includes(String.raw`\sigma`)
      ? { latex: String.raw`\operatorname{sigmoid}`, text: 'sigmoid' }
      : { latex: String.raw`\sigma`, text: 'σ' },
  };
}

const suggested = (name: string): Mark => (TAKEN.has(name) ? uprightMark(name) : markOf(name));

/** The mark of a hyper-parameter. */
export const parameterMark = (notation: Notation, name: string): Mark =>
  (Object.hasOwn(notation.parameters, name) ? notation.parameters[name] : undefined) ?? suggested(name);

/** The mark of a datum; one that is not known is a function of its arguments. */
export const datumMark = (notation: Notation, name: string): DatumMark =>
  (Object.hasOwn(notation.data, name) ? notation.data[name] : undefined) ?? {
    ...markOf(name),
    form: 'function',
    prompt: false,
  };

/** What stands below the y of a response: y_w for `w`; nothing for the generic `y`. */
export function responseMark(name: string): Mark {
  if (name === 'y') return { latex: '', text: '' };
  const numbered = /^y_?(\d+)$/.exec(name)?.[1];
  return numbered === undefined ? markOf(name) : { latex: numbered, text: numbered };
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
