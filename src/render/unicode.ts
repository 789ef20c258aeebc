/** Formulas as one line of text for terminals: `-log σ(β·(log π(y_w)/|y_w| - log π(y_l)/|y_l|) - γ)`. */

import { same } from '../expr/binder.ts';
import type { Expr, Range, Var } from '../expr/expr.ts';

import { arrange } from './arrange.ts';
import type { Display, ShownFn } from './display.ts';
import { parts } from './display.ts';
import { markOf } from './mark.ts';
import type { DatumMark, Notation } from './notation.ts';
import { datumMark, isTokenwise, parameterMark, responseMark, showsPrompt } from './notation.ts';
import { remembered } from './remembered.ts';

/** `e` on one line. Minus signs are ASCII, so that what is copied can be typed back. */
export const unicode = (e: Expr, notation: Notation): string => unicodeOf(arrange(e, 'inline'), notation);

const PRINTERS = remembered((n: Notation) => remembered((d: Display) => printed(d, n)));
const unicodeOf = (d: Display, n: Notation): string => PRINTERS(n)(d);

function printed(d: Display, n: Notation): string {
  const print = (part: Display): string => unicodeOf(part, n);
  switch (d.kind) {
    case 'number':
      return d.digits;
    case 'name':
      return parameterMark(n, d.name).text;
    case 'variable':
      return variableText(d.variable, n);
    case 'datum':
      return datumText(datumMark(n, d.name), d.args, n);
    case 'terms':
      return d.terms
        .map(
          ({ negative, of }, i) => (i === 0 ? (negative ? '-' : '') : negative ? ' - ' : ' + ') + print(of),
        )
        .join('');
    case 'product':
      return d.factors.map(print).join('·');
    case 'fraction':
      return `${print(d.over)}/${print(d.under)}`;
    case 'power':
      return `${print(d.base)}^${raised(d.exponent, n)}`;
    case 'root':
      return `√(${print(d.of)})`;
    case 'exponential':
      return `e^${raised(d.exponent, n)}`;
    case 'call':
      return callText(d.fn, d.args.map(print), d.bare, n);
    case 'sum':
      return `${sumText(d.index, d.range, d.body, n)} ${print(d.body)}`;
    case 'gradient':
      return d.bare ? `∇${print(d.of)}` : `∇[${print(d.of)}]`;
    case 'freeze':
      return `sg[${print(d.of)}]`;
    case 'marked':
      return print(d.of);
    case 'group':
      return `(${print(d.of)})`;
  }
}

const raised = (d: Display, n: Notation): string =>
  d.kind === 'number' || d.kind === 'name' || d.kind === 'variable'
    ? unicodeOf(d, n)
    : `(${unicodeOf(d, n)})`;

const RELATION_TEXT = { le: '≤', lt: '<', eq: '=' } as const;

function callText(fn: ShownFn, args: readonly string[], bare: boolean, n: Notation): string {
  switch (fn) {
    case 'le':
    case 'lt':
    case 'eq':
      return `1[${args.join(` ${RELATION_TEXT[fn]} `)}]`;
    case 'abs': {
      const inner = args.join(', ');
      // Bars around a name that a response has too would be its length.
      const isName = /^[\p{L}\d]+(?:_[\p{L}\d]+)?$/u.test(inner) && !/^[ywlabcd](?:_|$)/.test(inner);
      return isName ? `|${inner}|` : `abs(${inner})`;
    }
    default: {
      const head = fn === 'sigmoid' ? n.sigmoid.text : fn;
      return bare ? `${head} ${args.join(', ')}` : `${head}(${args.join(', ')})`;
    }
  }
}

/** A sum's sign: the index alone where the body shows whose tokens it counts, else with its bound. */
function sumText(index: Var, range: Range, body: Display, n: Notation): string {
  const i = variableText(index, n);
  if (range.kind !== 'tokens') return `Σ_${i}`;
  const counted = responsesAt(body, index);
  const shown = counted.length > 0 && counted.every((response) => same(response, range.of));
  return shown ? `Σ_${i}` : `Σ_{${i}≤|${unicode(range.of, n)}|}`;
}

/** The first arguments of all data that also take `index`. */
function responsesAt(d: Display, index: Var): readonly Expr[] {
  if (d.kind !== 'datum') return parts(d).flatMap((part) => responsesAt(part, index));
  const [first, ...rest] = d.args;
  return first !== undefined && rest.some((arg) => same(arg, index)) ? [first] : [];
}

const variableText = (v: Var, n: Notation): string => {
  if (v.sort === 'response') return responseMark(n, v.name).text;
  return v.sort === 'prompt' && v.name === 'x' ? n.prompt.text : markOf(v.name).text;
};

function datumText(mark: DatumMark, args: readonly Expr[], n: Notation): string {
  const printed = args.map((arg) => unicode(arg, n));
  const [response, token, entry] = printed;
  switch (mark.form) {
    case 'constant':
      return mark.text;
    case 'length':
      return `|${printed.join(', ')}|`;
    case 'preference':
      return `${mark.text}(${printed.join(' ≻ ')})`;
    case 'conditional':
      return entry === undefined
        ? `${mark.text}(${printed.join(',')})`
        : `${mark.text}(${entry}|${response},<${token})`;
    case 'function': {
      const prompt = showsPrompt(mark, args) ? [n.prompt.text] : [];
      return isTokenwise(args) && !mark.text.includes('_')
        ? `${mark.text}_${token}(${[...prompt, response].join(',')})`
        : `${mark.text}(${[...prompt, ...printed].join(',')})`;
    }
  }
}
