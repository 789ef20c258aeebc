/** What a rule is: a named row of two aligned expressions with side conditions, read and validated once, before it is used. */

import { freeNames } from '../expr/binder.ts';
import type { Fact } from '../expr/declare.ts';
import { NOTHING_DECLARED } from '../expr/declare.ts';
import type { Expr, Sum } from '../expr/expr.ts';
import { sym, variable } from '../expr/expr.ts';
import { children } from '../expr/walk.ts';
import { parse } from '../syntax/parse.ts';

/** A side condition: a fact about what a metavariable stands for, or that it does not mention an index. */
export type Condition =
  | Fact
  | { readonly kind: 'free-of'; readonly of: Expr; readonly index: string }
  /** Sums to one over the index: it is a distribution. */
  | { readonly kind: 'normalised'; readonly of: Expr; readonly index: string }
  /** The policy's parameters do not enter it, or under a stop-gradient only: its gradient is zero. */
  | { readonly kind: 'constant'; readonly of: Expr }
  /** The same for every prompt: no data that depend on the prompt enter it. */
  | { readonly kind: 'prompt-free'; readonly of: Expr };

/**
 * `identity`: an equation of analysis. `definition`: what one of the framework's own names stands for. `model`:
 * an assumption of the framework, shown as such. `value`: an equation of values whose sides have other
 * gradients. `lemma`: an inequality that is cited, not proved: the left side is at least the right one.
 */
export type RuleKind = 'identity' | 'definition' | 'model' | 'value' | 'lemma';

export interface Rule {
  readonly id: string;
  readonly kind: RuleKind;
  readonly lhs: Expr;
  readonly rhs: Expr;
  readonly where: readonly Condition[];
  /** The one stage in which an assumption may be used. */
  readonly only: string | undefined;
  /** The equation in LaTeX. */
  readonly latex: string;
  /** An English clause that says what the rule does. */
  readonly says: string;
}

/** A row as it is written in a table. */
export interface Row {
  readonly lhs: string;
  readonly rhs: string;
  readonly where?: readonly Condition[];
  readonly only?: string;
  readonly latex: string;
  readonly says: string;
}

/** Response and index metavariables of the tables; metavariables for numbers are any other names `_...`. */
const RESPONSE_METAVARIABLES = ['_y', '_w', '_l'];
const INDEX_METAVARIABLES = [variable('_t', 'token'), variable('_v', 'vocab')];

const readSide = (text: string): Expr =>
  parse(text, {
    declared: NOTHING_DECLARED,
    names: 'open',
    responses: [...RESPONSE_METAVARIABLES, 'w', 'l', 'y'],
    definitions: {},
    bound: INDEX_METAVARIABLES,
    gradients: true,
  });

/** What a condition is about: a number, or a response metavariable by itself. */
const metavariable = (name: string): Expr =>
  RESPONSE_METAVARIABLES.includes(name) ? variable(name, 'response') : sym(name);
export const positive = (of: string): Condition => ({ kind: 'positive', of: metavariable(of) });
export const nonzero = (of: string): Condition => ({ kind: 'nonzero', of: metavariable(of) });
export const freeOf = (of: string, index: string): Condition => ({
  kind: 'free-of',
  of: metavariable(of),
  index,
});

export const constant = (of: string): Condition => ({ kind: 'constant', of: metavariable(of) });
export const promptFree = (of: string): Condition => ({ kind: 'prompt-free', of: metavariable(of) });

export const normalised = (of: string, index: string): Condition => ({
  kind: 'normalised',
  of: metavariable(of),
  index,
});

export const isMetavariable = (name: string): boolean => name.startsWith('_');

/** Metavariables of an expression, bound indices left out. */
const metavariables = (e: Expr): readonly string[] =>
  freeNames(e).flatMap(({ name }) => (isMetavariable(name) ? [name] : []));

const sums = (e: Expr): readonly Sum[] => [...(e.kind === 'sum' ? [e] : []), ...children(e).flatMap(sums)];

/**
 * A table of rules. The sides of a row are read when one of them is first asked for: a proof uses few of all rows.
 * Asking throws TypeError for a row with a right-hand metavariable that the left does not bind, a name that is
 * no metavariable, or a metavariable inside a sum that also stands outside it without a free-of condition: such
 * a row could capture its index.
 */
export function ruleTable<const Id extends string>(
  kind: RuleKind,
  rows: Readonly<Record<Id, Row>>,
): Readonly<Record<Id, Rule>> {
  const rule = (id: string, row: Row): Rule => {
    let known: Sides | undefined;
    const sides = (): Sides => {
      known ??= readSides(id, row);
      return known;
    };
    return Object.freeze({
      id,
      kind,
      get lhs() {
        return sides().lhs;
      },
      get rhs() {
        return sides().rhs;
      },
      where: row.where ?? [],
      only: row.only,
      latex: row.latex,
      says: row.says,
    });
  };
  return Object.freeze(
    Object.fromEntries(Object.entries<Row>(rows).map(([id, row]) => [id, rule(id, row)])),
  ) as Readonly<Record<Id, Rule>>;
}

type Sides = Pick<Rule, 'lhs' | 'rhs'>;

function readSides(id: string, row: Row): Sides {
  const [lhs, rhs] = [readSide(row.lhs), readSide(row.rhs)];
  const bound = metavariables(lhs);
  for (const name of metavariables(rhs)) {
    if (!bound.includes(name)) throw new TypeError(`${id}: ${name} is not bound by the left side`);
  }
  for (const { name, kind } of [...freeNames(lhs), ...freeNames(rhs)]) {
    if (!isMetavariable(name) && kind === 'sym') throw new TypeError(`${id}: ${name} is not a metavariable`);
  }
  for (const sum of [...sums(lhs), ...sums(rhs)]) checkCapture(id, sum, [lhs, rhs], row.where ?? []);
  return { lhs, rhs };
}

/** A metavariable under a sum may mention the index only if it stands under such a sum everywhere. */
function checkCapture(id: string, sum: Sum, sides: readonly Expr[], where: readonly Condition[]): void {
  for (const name of metavariables(sum.body)) {
    if (name === sum.index.name) continue;
    const guarded = where.some(
      (c) => c.kind === 'free-of' && 'name' in c.of && c.of.name === name && c.index === sum.index.name,
    );
    if (!guarded && sides.some((side) => standsOutside(side, name, sum.index.name))) {
      throw new TypeError(`${id}: ${name} needs a free-of condition for ${sum.index.name}`);
    }
  }
}

function standsOutside(e: Expr, name: string, index: string): boolean {
  if (e.kind === 'sym' || e.kind === 'var') return e.name === name;
  if (e.kind === 'sum' && e.index.name === index)
    return e.range.kind === 'tokens' && standsOutside(e.range.of, name, index);
  return children(e).some((part) => standsOutside(part, name, index));
}
