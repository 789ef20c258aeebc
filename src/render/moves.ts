/** Steps between two lines of a derivation, gathered as an author would cite them: rule, how often, under what. */

import { divisors } from '../checker/field.ts';
import { instantiate } from '../checker/substitute.ts';
import type { Expr } from '../expr/expr.ts';
import { num, sym, variable } from '../expr/expr.ts';
import { at, rebuild } from '../expr/walk.ts';
import { RULES } from '../rules/index.ts';
import type { Condition } from '../rules/rule.ts';
import type { Definition, Stage, Step } from '../trace/trace.ts';
import type { Phrase } from './phrase.ts';
import { listed, maths } from './phrase.ts';
import type { Statement } from './statement.ts';
import { conditionStatement, plainStatement } from './statement.ts';

/** One rule in one direction, used one or more times between two lines. */
interface Move {
  readonly rule: string;
  readonly direction: Step['direction'];
  readonly times: number;
  readonly conditions: readonly Statement[];
}

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
    const statement = of === undefined ? undefined : conditionStatement({ ...condition, of });
    return statement === undefined ? [] : [statement];
  });
}

const distinct = (statements: readonly Statement[]): readonly Statement[] => [
  ...new Map(statements.map((s) => [plainStatement(s), s])).values(),
];

/** Moves in order of first use. */
function movesOf(start: Expr, steps: readonly Step[]): readonly Move[] {
  const moves = new Map<string, Move>();
  for (const [i, step] of steps.entries()) {
    const key = `${step.rule} ${step.direction}`;
    const before = steps[i - 1]?.after ?? start;
    const known = moves.get(key);
    moves.set(key, {
      rule: step.rule,
      direction: step.direction,
      times: (known?.times ?? 0) + 1,
      conditions: distinct([...(known?.conditions ?? []), ...conditionsOf(before, step)]),
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
}

/** One phrase for each rule used between two lines: `log-quotient (twice): ...; here π(y_w) > 0`. */
export const citations = (start: Expr, steps: readonly Step[], citing: Citing): readonly Phrase[] =>
  movesOf(start, steps).map((move) => citation(move, citing));

const TIMES = ['', '', ' (twice)'];

function citation({ rule, direction, times, conditions }: Move, citing: Citing): Phrase {
  const says = citing.explained.has(rule) ? undefined : explanation(rule, citing);
  citing.explained.add(rule);
  return [
    { rule },
    TIMES[times] ?? ` (${times} times)`,
    direction === 'backward' ? ', read from right to left' : '',
    ...(says === undefined ? [] : [': ', ...says]),
    ...(conditions.length === 0
      ? []
      : ['; here ', ...listed(conditions.map((statement) => [{ maths: statement }]))]),
  ];
}

function explanation(id: string, { definitions, stages, parameters }: Citing): Phrase | undefined {
  const rule = RULES.get(id);
  if (rule !== undefined) {
    const standing = { identity: '', definition: '', model: ' (assumed)', lemma: ' (cited)' }[rule.kind];
    const sign = rule.kind === 'lemma' ? 'ge' : 'eq';
    return [`${rule.says}${standing}, `, equation(rule.lhs, rule.rhs, parameters, sign)];
  }
  const definition = definitions.find((d) => d.id === id);
  if (definition !== undefined) return [equation(definition.lhs, definition.rhs, [])];
  const stage = stages.find((s) => s.id === id);
  return stage === undefined ? undefined : ['the result of stage ', { quote: stage.id }];
}

const equation = (lhs: Expr, rhs: Expr, taken: readonly string[], sign: 'eq' | 'ge' = 'eq'): Phrase[number] =>
  maths(lettered(lhs, taken), sign, lettered(rhs, taken));

/** Metavariables as plain letters. */
const lettered = (e: Expr, taken: readonly string[]): Expr =>
  rebuild(e, (node) => {
    if ((node.kind !== 'sym' && node.kind !== 'var') || !node.name.startsWith('_')) return node;
    const letter = node.name.slice(1);
    if (node.kind === 'var') return variable(letter, node.sort);
    return sym(taken.includes(letter) ? `${letter}_0` : letter);
  });
