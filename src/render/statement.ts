/** Statements about formulas, such as π(y_w) > 0: expressions with signs between them, spelled for each output. */

import type { Datum, Declarations, Domain, Fact } from '../expr/declare.ts';
import { BUILT_IN } from '../expr/declare.ts';
import type { Expr, Sort } from '../expr/expr.ts';
import { apply, grad, num, sum, sym, variable } from '../expr/expr.ts';
import type { Alternative } from '../forms/alternative.ts';
import { product } from '../forms/collect.ts';
import type { Condition } from '../rules/rule.ts';
import { print } from '../syntax/print.ts';
import type { Layout } from './arrange.ts';
import { arrange } from './arrange.ts';
import { latexOf } from './latex.ts';
import type { Mark } from './mark.ts';
import type { Notation } from './notation.ts';
import { unicode } from './unicode.ts';

const SIGNS = {
  eq: { plain: '=', text: '=', latex: '=' },
  ne: { plain: '!=', text: '!=', latex: String.raw`\ne` },
  gt: { plain: '>', text: '>', latex: '>' },
  ge: { plain: '>=', text: '>=', latex: String.raw`\ge` },
  lt: { plain: '<', text: '<', latex: '<' },
  le: { plain: '<=', text: '<=', latex: String.raw`\le` },
  propto: { plain: 'proportional to', text: '∝', latex: String.raw`\propto` },
  real: { plain: 'real', text: 'real', latex: String.raw`\in \mathbb{R}` },
  integer: { plain: 'integer', text: 'integer', latex: String.raw`\in \mathbb{Z}` },
  boolean: { plain: 'boolean', text: '0 or 1', latex: String.raw`\in \{0, 1\}` },
  distribution: { plain: 'distribution', text: 'a distribution', latex: String.raw`\text{ a distribution}` },
} as const;
export type Sign = keyof typeof SIGNS;

/** Expressions, and names that only a page has, with signs between them. */
export type Statement = readonly (Expr | Sign | Mark)[];

/** In the formula language, for machines: `pi(w) > 0`. */
export const plainStatement = (statement: Statement): string =>
  statement
    .map((part) => (typeof part === 'string' ? SIGNS[part].plain : 'kind' in part ? print(part) : part.text))
    .join(' ');

/** For terminals: `π(y_w) > 0`. */
export const textStatement = (statement: Statement, notation: Notation): string =>
  statement
    .map((part) =>
      typeof part === 'string' ? SIGNS[part].text : 'kind' in part ? unicode(part, notation) : part.text,
    )
    .join(' ');

/** For maths mode; `inline` within a sentence, where fractions are written a/b. */
export const latexStatement = (statement: Statement, notation: Notation, layout?: Layout): string =>
  statement
    .map((part) =>
      typeof part === 'string'
        ? SIGNS[part].latex
        : 'kind' in part
          ? latexOf(arrange(part, layout), notation)
          : part.latex,
    )
    .join(' ');

const ZERO = num(0);
const ONE = num(1);

const FACT: Readonly<Record<Fact['kind'], (of: Expr) => Statement>> = {
  positive: (of) => [of, 'gt', ZERO],
  nonnegative: (of) => [of, 'ge', ZERO],
  nonzero: (of) => [of, 'ne', ZERO],
  integer: (of) => [of, 'integer'],
};
export const factStatement = ({ kind, of }: Fact): Statement => FACT[kind](of);

/** Without a minus in front: it does not matter to what is zero. */
function unsigned(e: Expr): Expr {
  const [sign, ...factors] = e.kind === 'mul' ? e.factors : [];
  const isMinus = sign?.kind === 'num' && sign.value.n === -1n && sign.value.d === 1n;
  return isMinus && factors.length > 0 ? product(factors) : e;
}

/** A condition as a statement. That an index does not occur is met by what the page shows: undefined. */
export function conditionStatement(condition: Condition): Statement | undefined {
  switch (condition.kind) {
    case 'free-of':
    case 'prompt-free':
      return undefined;
    case 'constant':
      return [grad(unsigned(condition.of)), 'eq', ZERO];
    case 'normalised':
      return [sum(variable(condition.index, 'response'), { kind: 'responses' }, condition.of), 'eq', ONE];
    default:
      return factStatement(condition);
  }
}

const DOMAIN: Readonly<Record<Domain, (of: Expr) => Statement>> = {
  real: (of) => [of, 'real'],
  positive: (of) => [of, 'gt', ZERO],
  nonnegative: (of) => [of, 'ge', ZERO],
  unit: (of) => [ZERO, 'le', of, 'le', ONE],
  'open-unit': (of) => [ZERO, 'lt', of, 'lt', ONE],
  integer: (of) => [of, 'integer'],
  boolean: (of) => [of, 'boolean'],
};
export const domainStatement = (of: Expr, is: Domain): Statement => DOMAIN[is](of);

/** The equations of one alternative, which hold together. */
export const equationStatements = (alternative: Alternative): readonly Statement[] =>
  alternative.map(({ left, right }) => [left, 'eq', right]);

/** What is granted: domains of hyper-parameters, then data beyond the built-in, then further facts. */
export const assumptions = ({ parameters, data, facts }: Declarations): readonly Statement[] => [
  ...Object.entries(parameters).map(([name, is]) => domainStatement(sym(name), is)),
  ...Object.entries(data)
    .filter(([name]) => !Object.hasOwn(BUILT_IN, name))
    .flatMap(([name, datum]) => aboutData(name, datum)),
  ...facts.map(factStatement),
];

const LETTERS: Readonly<Record<Sort, string>> = { response: 'y', token: 't', vocab: 'v', prompt: 'x' };

function aboutData(name: string, { is, shapes, distribution }: Datum): readonly Statement[] {
  const heads = shapes.map((shape) => {
    // Two responses are a pair, in its order.
    const pair = ['w', 'l'];
    const isPair = shape.filter((sort) => sort === 'response').length > 1;
    return apply(
      name,
      shape.map((sort) => variable((isPair && sort === 'response' && pair.shift()) || LETTERS[sort], sort)),
    );
  });
  return distribution
    ? heads.slice(0, 1).map((head) => [head, 'distribution'])
    : heads.map((head) => domainStatement(head, is));
}
