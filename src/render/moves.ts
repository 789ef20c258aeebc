/** Steps between two lines of a derivation, gathered as an author would cite them: rule, how often, under what. */

import { divisors } from '../checker/field.ts';
import { instantiate } from '../checker/substitute.ts';
import { same } from '../expr/binder.ts';
import type { Expr } from '../expr/expr.ts';
import { num, sym, variable } from '../expr/expr.ts';
import { at, children, rebuild } from '../expr/walk.ts';
import { RULES } from '../rules/index.ts';
import type { Condition } from '../rules/rule.ts';
import type { Definition, Stage, Step } from '../trace/trace.ts';
import type { Abbreviation } from './abbreviation.ts';
import { abbreviate, abbreviatePath, abbreviateStatement } from './abbreviation.ts';
import type { Reason, SingleStep } from './block.ts';
import { mergedStatements } from './condition-list.ts';
import type { Phrase } from './phrase.ts';
import { listed, maths } from './phrase.ts';
import { spell } from './spell.ts';
import type { Statement } from './statement.ts';
import { conditionStatement, plainStatement } from './statement.ts';

/** The conditions of one step as they stand there, its metavariables replaced. */
function conditionsOf(before: Expr, step: Step): readonly Statement[] {
  if (step.rule === 'algebra') {
    const parts = [at(before, step.at), at(step.after, step.at)];
    const below = parts.flatMap((part) => (part === undefined ? [] : divisors(part)));
    return below.filter((e) => e.kind !== 'num').map((e): Statement => [e, 'ne', num(0)]);
  }
  const bindings = new Map(Object.entries(step.bindings));
  return (RULES.get(step.rule)?.where ?? []).flatMap((condition: Condition) => {
    const of = instantiate(condition.of, bindings);
    if (of === undefined || goesWithoutSaying(condition, of)) return [];
    const statement = conditionStatement({ ...condition, of });
    return statement === undefined ? [] : [statement];
  });
}

/** What holds of a number is seen; and that no policy enters hyper-parameters, lengths and stop-gradients. */
const goesWithoutSaying = ({ kind }: Condition, of: Expr): boolean =>
  of.kind === 'num' || (kind === 'constant' && !hasOtherData(of));

const hasOtherData = (e: Expr): boolean =>
  e.kind === 'apply' ? e.name !== 'len' : e.kind !== 'freeze' && children(e).some(hasOtherData);

const distinct = (statements: readonly Statement[]): readonly Statement[] => [
  ...new Map(statements.map((s) => [plainStatement(s), s])).values(),
];

/** Rules in order of first use, none explained. */
function movesOf(start: Expr, steps: readonly Step[], names: readonly Abbreviation[]): readonly Reason[] {
  const moves = new Map<string, Reason>();
  for (const [i, step] of steps.entries()) {
    const key = `${step.rule} ${step.direction}`;
    const before = steps[i - 1]?.after ?? start;
    const known = moves.get(key);
    moves.set(key, {
      rule: step.rule,
      direction: step.direction,
      times: (known?.times ?? 0) + 1,
      says: undefined,
      conditions: distinct([
        ...(known?.conditions ?? []),
        ...conditionsOf(before, step).map((statement) => abbreviateStatement(statement, names)),
      ]),
    });
  }
  return [...moves.values()];
}

/** What the rows of a derivation are called and say; each is explained where it is first used. */
export interface Citing {
  readonly definitions: readonly Definition[];
  readonly stages: readonly Stage[];
  /** Names of the hyper-parameters: the letters of a rule must not look like one of them. */
  readonly parameters: readonly string[];
  /** Rules that an earlier line has explained; grows. */
  readonly explained: Set<string>;
  /** What stands for long sums; a file's own definitions are told in full. */
  readonly names: readonly Abbreviation[];
}

/** The rules used between two lines, each explained where the page first uses it. */
export const reasonsOf = (start: Expr, steps: readonly Step[], citing: Citing): readonly Reason[] =>
  movesOf(start, steps, citing.names).map((reason) => {
    const says = citing.explained.has(reason.rule) ? undefined : explanation(reason.rule, citing);
    citing.explained.add(reason.rule);
    return { ...reason, says };
  });

/** Whether a step leads to a bound, and not to an equal. */
export const isBound = ({ rule }: Step): boolean => RULES.get(rule)?.kind === 'lemma';

/** Each step by itself. */
export const singleSteps = (
  start: Expr,
  steps: readonly Step[],
  names: readonly Abbreviation[],
): readonly (SingleStep & { readonly to: Expr })[] =>
  steps.flatMap((step, i) => {
    const before = steps[i - 1]?.after ?? start;
    const part = (e: Expr): Expr => abbreviate(at(e, step.at) ?? e, names);
    return movesOf(before, [step], names).map((by) => ({
      by,
      from: part(before),
      into: part(step.after),
      to: abbreviate(step.after, names),
      at: abbreviatePath(step.at, step.after, names),
      sign: isBound(step) ? ('le' as const) : ('eq' as const),
    }));
  });

const TIMES = ['', '', ' (twice)'];

/** `log-quotient (twice): the logarithm turns ...; here π(y_w) > 0`. */
export const reasonPhrase = ({ rule, direction, times, conditions, says }: Reason): Phrase => [
  { rule },
  TIMES[times] ?? ` (${times} times)`,
  direction === 'backward' ? ', read from right to left' : '',
  ...(says === undefined ? [] : [': ', ...says]),
  ...(conditions.length === 0
    ? []
    : ['; here ', ...listed(conditions.map((statement) => [{ maths: statement }]))]),
];

/** ` (twice, reversed; as π(y_w) > 0)`: the same in brief, after the name of the rule; a reversed rule is read from right to left. */
export function mannerPhrase({ times, direction, conditions }: Reason): Phrase {
  const how = [
    ...(times === 1 ? [] : [times === 2 ? 'twice' : `${times} times`]),
    ...(direction === 'backward' ? ['reversed'] : []),
  ].join(', ');
  const under = listed(mergedStatements(conditions).map((statement): Phrase => [{ maths: statement }]));
  if (how === '' && conditions.length === 0) return [];
  const join = how !== '' && conditions.length > 0 ? '; ' : '';
  return [` (${how}${join}${conditions.length === 0 ? '' : 'as '}`, ...under, ')'];
}

function explanation(id: string, { definitions, stages, parameters, names }: Citing): Phrase | undefined {
  const rule = RULES.get(id);
  if (rule !== undefined) {
    const standing = {
      identity: '',
      definition: '',
      model: ' (assumed)',
      value: ' (in value)',
      lemma: ' (cited)',
    }[rule.kind];
    const sign = rule.kind === 'lemma' ? 'ge' : 'eq';
    // Of a name that pages spell out, such as relu, both sides would read alike: the clause says it.
    if (same(spell(rule.lhs), spell(rule.rhs))) return [`${rule.says}${standing}`];
    return [`${rule.says}${standing}, `, equation(rule.lhs, rule.rhs, parameters, sign)];
  }
  const definition = definitions.find((d) => d.id === id);
  if (definition !== undefined) {
    const isOwn = id.startsWith('definition-of-');
    const rhs = isOwn ? definition.rhs : abbreviate(definition.rhs, names);
    return [equation(definition.lhs, rhs, [])];
  }
  const stage = stages.find((s) => s.id === id);
  return stage === undefined ? undefined : ['the result of stage ', { quote: stage.id }];
}

const equation = (lhs: Expr, rhs: Expr, taken: readonly string[], sign: 'eq' | 'ge' = 'eq'): Phrase[number] =>
  maths(lettered(lhs, taken), sign, lettered(rhs, taken));

/** Metavariables as plain letters. */
export const lettered = (e: Expr, taken: readonly string[]): Expr =>
  rebuild(e, (node) => {
    if ((node.kind !== 'sym' && node.kind !== 'var') || !node.name.startsWith('_')) return node;
    const letter = node.name.slice(1);
    if (node.kind === 'var') return variable(letter, node.sort);
    return sym(taken.includes(letter) ? `${letter}_0` : letter);
  });
