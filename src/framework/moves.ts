/** What a loss does when both responses become less likely together, and when they become longer. */

import { same } from '../expr/binder.ts';
import type { Datum, Declarations } from '../expr/declare.ts';
import { datumOf } from '../expr/declare.ts';
import type { Apply, Expr, Num, Sum } from '../expr/expr.ts';
import {
  add,
  apply,
  call,
  divide,
  exp,
  log,
  minus,
  mul,
  num,
  pow,
  subtract,
  sum,
  sym,
  variable,
} from '../expr/expr.ts';
import { mapChildren, rebuild, some } from '../expr/walk.ts';
import { canonical } from '../forms/canonise.ts';
import type { Answer } from './claim.ts';
import { equalEverywhere, refuted } from './claim.ts';
import { CHOSEN, REJECTED } from './score.ts';
import { usesPolicy } from './tier.ts';

/** By how much the probabilities fall. */
const FACTOR = sym('common_factor');

const withFactor = (declared: Declarations): Declarations => ({
  ...declared,
  parameters: { ...declared.parameters, [FACTOR.name]: 'open-unit' },
});

/** `e` with every sequence probability of these names multiplied by one constant, and that constant declared. */
export function shifted(e: Expr, names: readonly string[], declared: Declarations) {
  const shift = rebuild(e, (node) =>
    node.kind === 'apply' && names.includes(node.name) && node.args.length === 1 ? mul([FACTOR, node]) : node,
  );
  return { shift, declared: withFactor(declared) };
}

/** Whether `e` stays when both sequence probabilities fall by one factor, however that comes about. */
export function commonFall(e: Expr, declared: Declarations): Answer {
  const form = canonical(e, declared) ?? e;
  const byToken = some(form, (node) => isPolicy(node, declared) && node.args.length > 1);
  if (byToken) return tokenFall(form, declared);
  const { shift, declared: known } = shifted(form, ['pi'], declared);
  return equalEverywhere(shift, form, known);
}

const isPolicy = (e: Expr, declared: Declarations): e is Apply =>
  e.kind === 'apply' && usesPolicy(e, declared);

/**
 * Where single tokens enter, a sequence may become less likely in many ways. Some of them: one token of each response
 * does, and all other entries of its distribution grow in proportion. A loss that moves is refuted; one that stays might
 * move in another way. First tokens are left alone: their distribution is that of both responses.
 */
function tokenFall(form: Expr, declared: Declarations): Answer {
  for (const [up, down] of POSITIONS) {
    const place = new Map([
      [CHOSEN.name, up],
      [REJECTED.name, down],
    ]);
    // That there are tokens so far.
    const facts = [apply('pi', [CHOSEN, up]), apply('pi', [REJECTED, down])].map(
      (of) => ({ kind: 'positive', of }) as const,
    );
    const known = withFactor({ ...declared, facts: [...declared.facts, ...facts] });
    const answer = refuted(fallen(form, place, declared), form, known);
    if (answer.answer === 'refuted') return answer;
  }
  return { answer: 'undecided' };
}

const SECOND = num(2);
const POSITIONS = [
  [SECOND, SECOND],
  [num(3), SECOND],
] as const;

/** Where the token stands that falls, by response. */
type Place = ReadonlyMap<string, Num>;

function fallen(e: Expr, place: Place, declared: Declarations): Expr {
  if (e.kind === 'sum' && e.range.kind === 'vocabulary') return fallenRow(e, place, declared);
  if (!isPolicy(e, declared)) return mapChildren(e, (part) => fallen(part, place, declared));
  return e.args.length === 1 ? mul([FACTOR, e]) : e.args.length === 2 ? mul([fallOf(e, place), e]) : e;
}

/** The factor of the token at this position. */
function fallOf({ args: [y, at] }: Apply, place: Place): Expr {
  const there = y?.kind === 'var' ? place.get(y.name) : undefined;
  return at === undefined || there === undefined ? num(1) : pow(FACTOR, call('eq', [at, there]));
}

/**
 * sum_v g(p(v)) where p(token) becomes k p(token) and every other entry c p(v), c = (1 - k p(token))/(1 - p(token)):
 * sum_v g(c p(v)) with the summand of the token itself exchanged.
 */
function fallenRow(e: Sum, place: Place, declared: Declarations): Expr {
  /** The summand with its entries of the policy replaced, at the token itself where that is meant. */
  const summand = (atToken: boolean, by: (entry: Apply, token: Apply) => Expr): Expr =>
    rebuild(e.body, (node) => {
      if (node.kind !== 'apply' || node.args.length !== 3 || !same(node.args[2] ?? node, e.index))
        return node;
      const token = apply(node.name, node.args.slice(0, 2));
      const entry = atToken ? token : node;
      return usesPolicy(node, declared) ? by(entry, token) : entry;
    });
  const grown = (entry: Apply, token: Apply): Expr => {
    const left = subtract(num(1), mul([fallOf(token, place), token]));
    return mul([divide(left, subtract(num(1), token)), entry]);
  };
  const lowered = (_: Apply, token: Apply): Expr => mul([fallOf(token, place), token]);
  return add([
    sum(e.index, e.range, summand(false, grown)),
    minus(summand(true, grown)),
    summand(true, lowered),
  ]);
}

const PACE: Datum = {
  is: 'real',
  shapes: [['response']],
  distribution: false,
  prompt: true,
  policy: false,
};

/** Whether one token more, like those before it, leaves `e` as it is. */
export function lengthFree(e: Expr, declared: Declarations): Answer {
  const form = canonical(e, declared) ?? e;
  const byToken = some(form, (node) => node.kind === 'sum');
  const even = byToken ? evenTokens(form, declared) : evenPace(form, declared);
  if (even === undefined) return { answer: 'undecided' };
  const longer = rebuild(even.e, (node) =>
    node.kind === 'apply' && node.name === 'len' ? add([node, num(1)]) : node,
  );
  return equalEverywhere(longer, even.e, even.declared);
}

interface Even {
  readonly e: Expr;
  readonly declared: Declarations;
}

/** Every sequence probability as the power of a pace to the length. */
function evenPace(form: Expr, declared: Declarations): Even {
  const paces: Record<string, Datum> = {};
  const e = rebuild(form, (node) => {
    if (node.kind !== 'apply' || datumOf(declared, node.name)?.distribution !== true) return node;
    const pace = `pace_${node.name}`;
    paces[pace] = PACE;
    return exp(mul([apply('len', node.args), apply(pace, node.args)]));
  });
  return { e, declared: { ...declared, data: { ...declared.data, ...paces } } };
}

/** Every token as the second one, whose distribution is not shared; undefined where the position itself enters. */
function evenTokens(form: Expr, declared: Declarations): Even | undefined {
  const everyToken = (node: Expr): Expr => {
    if (node.kind === 'sum' && node.range.kind === 'tokens') {
      const { index } = node;
      return sum(
        index,
        node.range,
        rebuild(node.body, (part) => moved(part, index.name)),
      );
    }
    if (node.kind !== 'apply' || node.args.length !== 1) return node;
    if (datumOf(declared, node.name)?.distribution !== true) return node;
    const [y = variable('y', 'response')] = node.args;
    return exp(mul([apply('len', [y]), log(apply(node.name, [y, SECOND]))]));
  };
  const moved = (part: Expr, index: string): Expr =>
    part.kind === 'apply'
      ? apply(
          part.name,
          part.args.map((arg) => (arg.kind === 'var' && arg.name === index ? SECOND : arg)),
        )
      : part;
  const e = canonical(rebuild(form, everyToken), declared);
  const stays = e === undefined || some(e, (node) => node.kind === 'sum' && node.range.kind === 'tokens');
  return stays ? undefined : { e, declared };
}
