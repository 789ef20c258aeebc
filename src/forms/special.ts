/**
 * Special data: where two sides are equal for all data, they are so for short responses and for plain numbers.
 * Each is a point, or a family of points, at which both sides are defined; what must hold there is necessary.
 */

import { freeNames, same, substitute } from '../expr/binder.ts';
import type { Declarations, Domain, Fact } from '../expr/declare.ts';
import { datumOf } from '../expr/declare.ts';
import type { Apply, Expr, Var } from '../expr/expr.ts';
import { add, apply, mul, num } from '../expr/expr.ts';
import { rational } from '../expr/rational.ts';
import { rebuild, some } from '../expr/walk.ts';
import { canoniser } from './canonical.ts';
import { needs } from './definedness.ts';
import { newRing } from './element.ts';
import { attempt, grantFact, holds } from './granted.ts';

/** An expression at special data, and what is known of the data left free and of hyper-parameters there. */
export interface Specialised {
  readonly of: Expr;
  readonly facts: readonly Fact[];
}
/** `e` at special data; undefined where it cannot be taken there. */
export type Special = (e: Expr) => Specialised | undefined;

/** From the fewest data left free to the most. */
export const specials = (e: Expr, declared: Declarations, budget: number): readonly Special[] => [
  ...TABLES.map((table) => atPoint(table, declared, budget)),
  ...(hasOneRow(e) ? [1, 2].map((length) => ofLength(length, declared)) : []),
];

const isResponseName = (e: Expr): boolean => e.kind === 'var' && e.sort === 'response';

/**
 * Different responses share the distribution of their first token, so that data over the vocabulary
 * are free only where one response occurs.
 */
function hasOneRow(e: Expr): boolean {
  const rows = some(e, (node) => node.kind === 'apply' && node.args.length === 3);
  return !rows || freeNames(e).filter(isResponseName).length < 2;
}

/** Every response has `length` tokens, their data left free. */
const ofLength =
  (length: number, declared: Declarations): Special =>
  (e) => {
    if (
      some(
        e,
        (node) => node.kind === 'sum' && (node.range.kind === 'responses' || node.range.kind === 'prompts'),
      )
    )
      return undefined;
    if (
      [...declared.facts, ...needs(e, declared)].some(({ of }) =>
        some(of, (node) => node.kind === 'apply' && node.name === 'len'),
      )
    )
      return undefined;
    const at = (part: Expr): Expr =>
      rebuild(expanded(part, length), (node) => wholeOf(node, length, declared));
    const facts = declared.facts.flatMap((fact) => instances(fact, 'token', length));
    return { of: at(e), facts: facts.map(({ kind, of }) => ({ kind, of: at(of) })) };
  };

/** What a fact about an index says of the first few. */
const instances = ({ kind, of }: Fact, sort: Var['sort'], count: number): readonly Fact[] =>
  freeNames(of)
    .filter((name) => name.kind === 'var' && name.sort === sort)
    .reduce<readonly Fact[]>(
      (facts, name) =>
        facts.flatMap((fact) =>
          Array.from({ length: count }, (_, k) => ({ kind, of: substitute(fact.of, [[name, num(k + 1)]]) })),
        ),
      [{ kind, of }],
    );

/** Sums over tokens written out; a token that is left free is the first. */
function expanded(e: Expr, length: number): Expr {
  const written = rebuild(e, (node) => {
    if (node.kind !== 'sum' || node.range.kind !== 'tokens') return node;
    return add(Array.from({ length }, (_, k) => substitute(node.body, [[node.index, num(k + 1)]])));
  });
  return freeNames(written).reduce<Expr>(
    (part, name) =>
      name.kind === 'var' && name.sort === 'token' ? substitute(part, [[name, num(1)]]) : part,
    written,
  );
}

/** Lengths as numbers, sequence probabilities as products of token probabilities; one token is the response. */
function wholeOf(e: Expr, length: number, declared: Declarations): Expr {
  if (e.kind !== 'apply') return e;
  if (e.name === 'len') return num(length);
  const [response, token] = e.args;
  if (response === undefined || datumOf(declared, e.name)?.distribution !== true || !isResponseName(response))
    return e;
  if (e.args.length === 1 && length > 1)
    return mul(Array.from({ length }, (_, k) => apply(e.name, [response, num(k + 1)])));
  return e.args.length === 2 && length === 1 && token !== undefined && same(token, num(1))
    ? apply(e.name, [response])
    : e;
}

/**
 * Responses of one token over a vocabulary of four: the first response is the first entry, and so on. What
 * probability the policy and other distributions give to an entry, in eighths.
 */
interface Table {
  readonly policy: readonly number[];
  readonly others: readonly number[];
  /** A number for other data. */
  readonly scale: number;
}
const TABLES: readonly Table[] = [
  { policy: [2, 2, 2, 2], others: [2, 2, 2, 2], scale: 1 },
  { policy: [4, 2, 1, 1], others: [2, 4, 1, 1], scale: 2 },
  { policy: [1, 4, 2, 1], others: [4, 2, 1, 1], scale: 1 },
  { policy: [4, 1, 2, 1], others: [2, 1, 4, 1], scale: 3 },
];
const ENTRIES = [1, 2, 3, 4] as const;
const RESPONSES = ['w', 'l', 'y'] as const;

/** All data are numbers; undefined where what is granted or needed is not known to hold there. */
const atPoint =
  (table: Table, declared: Declarations, budget: number): Special =>
  (e) => {
    const at = (part: Expr): Expr =>
      rebuild(writtenOut(part), (node) => (node.kind === 'apply' ? numberAt(node, table, declared) : node));
    const point = at(e);
    if (some(point, ({ kind }) => kind === 'apply' || kind === 'var' || kind === 'sum')) return undefined;
    const granted = declared.facts.filter(({ of }) =>
      some(of, ({ kind }) => kind === 'apply' || kind === 'var'),
    );
    const parameters = { ...declared, facts: declared.facts.filter((fact) => !granted.includes(fact)) };
    const everywhere = granted.flatMap((fact) => instances(fact, 'vocab', ENTRIES.length));
    const required = [...everywhere.map(({ kind, of }) => ({ kind, of: at(of) })), ...needs(point, declared)];
    const met = attempt(() => {
      const ring = newRing(parameters, budget);
      const convert = canoniser(ring);
      for (const fact of parameters.facts) grantFact(ring, convert, fact);
      return required.every((fact) => holds(ring, convert, fact));
    });
    return met === true ? { of: point, facts: parameters.facts } : undefined;
  };

const writtenOut = (e: Expr): Expr =>
  rebuild(expanded(e, 1), (node) =>
    node.kind === 'sum' && node.range.kind === 'vocabulary'
      ? add(ENTRIES.map((entry) => substitute(node.body, [[node.index, num(entry)]])))
      : node,
  );

const NUMBERS: Readonly<Record<Domain, (scale: number, place: number) => readonly [number, number]>> = {
  real: (scale, place) => [scale + place, 1],
  positive: (scale, place) => [scale + place, 1],
  nonnegative: (scale, place) => [scale + place, 1],
  unit: (scale, place) => [1, scale + place + 1],
  'open-unit': (scale, place) => [1, scale + place + 1],
  integer: (scale, place) => [scale + place, 1],
  boolean: () => [1, 1],
};

function numberAt(e: Apply, table: Table, declared: Declarations): Expr {
  if (e.name === 'len') return num(1);
  const datum = datumOf(declared, e.name);
  const place = placeOf(e.args[0]);
  if (datum === undefined || place === undefined) return e;
  if (!datum.distribution) return num(rational(...NUMBERS[datum.is](table.scale, place)));
  const entry = e.args[2]?.kind === 'num' ? Number(e.args[2].value.n) - 1 : place;
  const eighths = (datum.policy ? table.policy : table.others)[entry];
  return eighths === undefined ? e : num(rational(eighths, 8));
}

/** Which entry the response is. */
function placeOf(response: Expr | undefined): number | undefined {
  if (response === undefined) return 0;
  const place = RESPONSES.findIndex(
    (name) => response.kind === 'var' && response.sort === 'response' && response.name === name,
  );
  return place < 0 ? undefined : place;
}
