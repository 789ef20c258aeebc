/** Formulas as LaTeX for maths mode (amsmath): every one of them is also valid KaTeX at its strictest. */

import type { Expr, Range, Var } from '../expr/expr.ts';
import { arrange } from './arrange.ts';
import type { Display, ShownFn } from './display.ts';
import { isTall, someDisplay, width } from './display.ts';
import { markOf } from './mark.ts';
import type { DatumMark, Notation } from './notation.ts';
import { datumMark, isTokenwise, parameterMark, responseMark, showsPrompt, withBelow } from './notation.ts';

/** `e` as LaTeX, without delimiters. */
export const latex = (e: Expr, notation: Notation): string => latexOf(arrange(e), notation);

/** An arranged formula as LaTeX: prints what is there and decides nothing about order or parentheses. */
export function latexOf(d: Display, n: Notation): string {
  const print = (part: Display): string => latexOf(part, n);
  switch (d.kind) {
    case 'number':
      return d.digits;
    case 'name':
      return parameterMark(n, d.name).latex;
    case 'variable':
      return variableLatex(d.variable, n);
    case 'datum':
      return datumLatex(datumMark(n, d.name), d.args, n);
    case 'terms':
      return d.terms
        .map(
          ({ negative, of }, i) => (i === 0 ? (negative ? '-' : '') : negative ? ' - ' : ' + ') + print(of),
        )
        .join('');
    case 'product':
      return productLatex(d.factors, n);
    case 'fraction':
      return d.inline ? `${print(d.over)}/${print(d.under)}` : `\\frac{${print(d.over)}}{${print(d.under)}}`;
    case 'power':
      return `${d.base.kind === 'name' ? braced(print(d.base)) : print(d.base)}^{${print(d.exponent)}}`;
    case 'root':
      return `\\sqrt{${print(d.of)}}`;
    case 'exponential':
      return `e^{${print(d.exponent)}}`;
    case 'call':
      return callLatex(d.fn, d.args, d.bare, n);
    case 'sum':
      return `${sumSign(d.index, d.range, n)} ${print(d.body)}`;
    case 'freeze':
      return `\\operatorname{sg}${bracket('[', ']', [d.of], print(d.of))}`;
    case 'gradient':
      return `${nabla(n)} ${d.bare ? print(d.of) : bracket('[', ']', [d.of], print(d.of))}`;
    case 'marked':
      return changed(print(d.of));
    case 'group':
      return bracket('(', ')', [d.of], print(d.of));
  }
}

/** Set off by a command that the page defines. */
export const changed = (of: string): string => `\\midpochanged{${of}}`;

/** A mark may have an exponent of its own; braces keep the two apart. */
const braced = (base: string): string => (/\^|'/.test(base) ? `{${base}}` : base);

/** Brackets around printed parts: growing around fractions and sums, larger by one size around long inner brackets. */
export function bracket(open: string, close: string, of: readonly Display[], inside: string): string {
  if (of.some(isTall)) return `\\left${open} ${inside} \\right${close}`;
  const long = of.reduce((sum, part) => sum + width(part), 0) > LONG;
  const nested = of.some((part) => someDisplay(part, ({ kind }) => kind === 'group'));
  return long && nested ? `\\bigl${open} ${inside} \\bigr${close}` : `${open}${inside}${close}`;
}
/** Beyond this width brackets within brackets of one size are hard to pair by eye. */
const LONG = 20;

const WORD_LAST = /\\(?:mathrm|text)\{[^{}]*\}$/;
const WORD_FIRST = /^\\(?:mathrm|text)\b/;
/** The bracket that closes plain arguments; a stretched one, and the name of a function, bring their own space. */
const ARGUMENTS_LAST = /(?<!\\right)\)$/;
const LETTER_FIRST = /^(?:[a-zA-Z]|\\(?:pi|zeta|sigma|rho|mathcal|nabla|Z)\b)/;

/** What stands between two factors: a dot before a number, a thin space next to a word and after arguments. */
export function between(left: string, right: string): string {
  if (/^[0-9]/.test(right)) return String.raw` \cdot `;
  const apart = WORD_LAST.test(left) || WORD_FIRST.test(right);
  return apart || (ARGUMENTS_LAST.test(left) && LETTER_FIRST.test(right)) ? String.raw` \, ` : ' ';
}

function productLatex(factors: readonly Display[], n: Notation): string {
  const printed = factors.map((factor) => latexOf(factor, n));
  return printed.reduce((before, next, i) => before + between(printed[i - 1] ?? '', next) + next);
}

/** The functions that are written by a name before their arguments. */
export type NamedFn = Exclude<ShownFn, 'abs' | 'le' | 'lt' | 'eq'>;

const FUNCTION_LATEX: Readonly<Record<Exclude<NamedFn, 'sigmoid'>, string>> = {
  exp: String.raw`\exp`,
  log: String.raw`\log`,
  softplus: String.raw`\operatorname{softplus}`,
  tanh: String.raw`\tanh`,
  max: String.raw`\max`,
  min: String.raw`\min`,
  clamp: String.raw`\operatorname{clamp}`,
};
const RELATION_LATEX = { le: String.raw`\le`, lt: '<', eq: '=' } as const;

function callLatex(fn: ShownFn, args: readonly Display[], bare: boolean, n: Notation): string {
  const list = (separator: string): string => args.map((arg) => latexOf(arg, n)).join(separator);
  switch (fn) {
    case 'abs':
      return bracket('\\lvert ', ' \\rvert', args, list(', '));
    case 'le':
    case 'lt':
    case 'eq':
      return `\\mathbf{1}${bracket('[', ']', args, list(` ${RELATION_LATEX[fn]} `))}`;
    default:
      return bare
        ? `${functionName(fn, n)} ${list(', ')}`
        : functionName(fn, n) + bracket('(', ')', args, list(', '));
  }
}

/** Whether a function is written by a name before its arguments. */
export const isNamed = (fn: ShownFn): fn is NamedFn => fn === 'sigmoid' || Object.hasOwn(FUNCTION_LATEX, fn);

/** The head of a function that is written before its arguments. */
export const functionName = (fn: NamedFn, n: Notation): string =>
  fn === 'sigmoid' ? n.sigmoid.latex : FUNCTION_LATEX[fn];

/** The sign of a sum with its limits. */
export function sumSign(index: Var, range: Range, n: Notation): string {
  const i = variableLatex(index, n);
  switch (range.kind) {
    case 'tokens':
      return `\\sum_{${i}=1}^{${lengthLatex(latex(range.of, n))}}`;
    case 'vocabulary':
      return `\\sum_{${i} \\in \\mathcal{V}}`;
    default:
      return `\\sum_{${i}}`;
  }
}

const lengthLatex = (of: string): string => `\\lvert ${of} \\rvert`;

/** The sign of a gradient by the policy's parameters. */
export const nabla = (n: Notation): string => `\\nabla_{${n.theta.latex}}`;

/** A response and what stands below it besides: y_{w,t}, y_{<t}. */
const responseAt = (name: string, below: string, n: Notation): string =>
  withBelow(responseMark(n, name).latex, below);

const variableLatex = (v: Var, n: Notation): string => {
  if (v.sort === 'response') return responseMark(n, v.name).latex;
  return v.sort === 'prompt' && v.name === 'x' ? n.prompt.latex : markOf(v.name).latex;
};

function datumLatex(mark: DatumMark, args: readonly Expr[], n: Notation): string {
  const [first, second, third] = args;
  const printed = args.map((arg) => latex(arg, n));
  switch (mark.form) {
    case 'constant':
      return mark.latex;
    case 'length':
      return lengthLatex(printed.join(', '));
    case 'preference':
      return `${mark.latex}(${printed.join(' \\succ ')} \\mid ${n.prompt.latex})`;
    case 'conditional': {
      const given = mark.prompt ? [n.prompt.latex] : [];
      if (first?.kind !== 'var' || second === undefined) {
        return `${mark.latex}(${[printed.join(', '), ...given].join(' \\mid ')})`;
      }
      const t = latex(second, n);
      const what = third === undefined ? responseAt(first.name, t, n) : latex(third, n);
      return `${mark.latex}(${what} \\mid ${[...given, responseAt(first.name, `<${t}`, n)].join(', ')})`;
    }
    case 'function':
      return functionLatex(mark, args, n);
  }
}

/** f(x, y_w); of a response and a token f_t(x, y_w), where the mark leaves room below. */
function functionLatex(mark: DatumMark, args: readonly Expr[], n: Notation): string {
  const call = (head: string, list: readonly Expr[]): string =>
    `${head}(${[...(showsPrompt(mark, args) ? [n.prompt.latex] : []), ...list.map((arg) => latex(arg, n))].join(', ')})`;
  const [first, second] = args;
  if (first === undefined || second === undefined || !isTokenwise(args)) return call(mark.latex, args);
  const t = latex(second, n);
  const below = /(?<!\\)_(?:\{([^{}]*)\}|(.))$/.exec(mark.latex);
  if (below !== null && (below[1] ?? below[2]) === t) return call(mark.latex, [first]);
  return /(?<!\\)[_^']/.test(mark.latex) ? call(mark.latex, args) : call(withBelow(mark.latex, t), [first]);
}
