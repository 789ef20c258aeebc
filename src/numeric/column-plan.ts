/** Which column of a file is what a loss asks for. */

import type { Role } from './batch.ts';
import { ROLES } from './batch.ts';
import type { ColumnMap, Finder, FindFault, Source } from './column-find.ts';
import { columnFor, FindRefusal, finderOf } from './column-find.ts';
import type { DatumScope, Needs } from './needs.ts';

/** Which tokens rows of logits are about. */
export interface TokenColumn {
  readonly column: string;
  /** The ids of prompt and response as the model took them: the row before each predicts it. */
  readonly inputs: string | undefined;
  /** Whether the column may stand by its rows or one further: what it begins with has to tell. */
  readonly doubtful: boolean;
}

export interface SidePlan {
  /** Distribution -> column of its log-probabilities. */
  readonly logProbs: ReadonlyMap<string, string>;
  /** Distribution -> column of its logits over the vocabulary, for which there are `tokens`. */
  readonly logits: ReadonlyMap<string, string>;
  /** Distribution with logits -> column of log-probabilities that has to agree with them. */
  readonly checks: ReadonlyMap<string, string>;
  readonly tokens: TokenColumn | undefined;
  /** Which tokens count. */
  readonly mask: string | undefined;
  /** How many tokens there are: of padded lists, these first ones count. */
  readonly lengths: string | undefined;
  readonly perResponse: ReadonlyMap<string, Source>;
  readonly perToken: ReadonlyMap<string, Source>;
}

export interface ColumnPlan {
  readonly kind: 'plan';
  readonly chosen: SidePlan;
  readonly rejected: SidePlan;
  readonly perPair: ReadonlyMap<string, Source>;
  readonly perPrompt: ReadonlyMap<string, Source>;
  /** All columns in use. */
  readonly columns: readonly string[];
  /** Logits that are not read, because the loss asks for no more than the log-probabilities that are there too. */
  readonly idle: readonly string[];
}

export type PlanFault =
  | {
      /** A loss of whole next-token distributions, for which these columns are lacking. */
      readonly kind: 'needs-distributions';
      readonly columns: readonly string[];
    }
  | FindFault;

/** Finds every column, first where `map` says, then by its name. Columns that nothing asks for play no part. */
export function planColumns(names: readonly string[], needs: Needs, map: ColumnMap): ColumnPlan | PlanFault {
  try {
    const finder = finderOf(names, needs, map);
    const lacking = lackingColumns(finder, needs);
    return lacking.length > 0 ? { kind: 'needs-distributions', columns: lacking } : planned(finder, needs);
  } catch (error) {
    if (error instanceof FindRefusal) return error.fault;
    throw error;
  }
}

/** The responses of which each distribution is asked for. */
const asked = ({ distributions }: Needs): readonly (readonly [string, Role])[] =>
  [...distributions].flatMap(([name, roles]) =>
    ROLES.filter((role) => roles.has(role)).map((role) => [name, role] as const),
  );

/** What whole distributions need and is not there: logits, and the tokens that they are about. */
function lackingColumns(finder: Finder, needs: Needs): readonly string[] {
  const whole = asked(needs).filter(([name]) => needs.whole.has(name));
  const logits = whole.filter(([name, role]) => finder.logits(name, role) === undefined);
  const roles = ROLES.filter((role) => whole.some(([, one]) => one === role));
  return [
    ...logits.map(([name, role]) => columnFor(name, role, 'logits')),
    ...roles.filter((role) => tokensOf(finder, role) === undefined).map((role) => `${role}_labels`),
  ];
}

/** Ids that were the inputs say how labels stand; without them, labels stand by the rows that predict them. */
function tokensOf(finder: Finder, role: Role): TokenColumn | undefined {
  const [targets, labels, inputs] = [
    finder.ids('targets', role),
    finder.ids('labels', role),
    finder.ids('inputs', role),
  ];
  if (targets !== undefined) return { column: targets, inputs: undefined, doubtful: false };
  const column = labels ?? inputs;
  return column === undefined ? undefined : { column, inputs, doubtful: inputs === undefined };
}

/** The distributions that are read off logits: those asked for whole, and those that have nothing else. */
function readOffLogits(finder: Finder, needs: Needs): ReadonlySet<string> {
  const lacks = (name: string): boolean => {
    const roles = asked(needs).filter(([one]) => one === name);
    const logProbs = roles.every(([, role]) => finder.logProbs(name, role) !== undefined);
    return !logProbs && roles.every(([, role]) => finder.logits(name, role) && tokensOf(finder, role));
  };
  return new Set([...needs.distributions.keys()].filter((name) => needs.whole.has(name) || lacks(name)));
}

function planned(finder: Finder, needs: Needs): ColumnPlan {
  const off = readOffLogits(finder, needs);
  const data = (
    wanted: DatumScope,
    find: (name: string) => Source,
    role?: Role,
  ): ReadonlyMap<string, Source> =>
    new Map(
      [...needs.data]
        .filter(([, { scope, roles }]) => scope === wanted && (role === undefined || roles.has(role)))
        .map(([name]) => [name, find(name)]),
    );
  const side = (role: Role): SidePlan => {
    const names = asked(needs).flatMap(([name, one]) => (one === role ? [name] : []));
    const found = (
      among: readonly string[],
      find: (name: string, role: Role) => string | undefined,
    ): ReadonlyMap<string, string> =>
      new Map(
        among.flatMap((name) => {
          const column = find(name, role);
          return column === undefined ? [] : [[name, column] as const];
        }),
      );
    const whole = names.filter((name) => off.has(name));
    const rest = names.filter((name) => !off.has(name));
    return {
      logProbs: found(rest, (name) => finder.logProbs(name, role) ?? finder.lackingLogProbs(name, role)),
      logits: found(whole, finder.logits),
      checks: found(whole, finder.logProbs),
      tokens: whole.length === 0 ? undefined : tokensOf(finder, role),
      mask: finder.mask(role),
      lengths: finder.lengths(role),
      perResponse: data('perResponse', (name) => finder.ofDatum(name, role), role),
      perToken: data('perToken', (name) => finder.ofDatum(name, role), role),
    };
  };
  const sides = { chosen: side('chosen'), rejected: side('rejected') };
  const perPair = data('perPair', finder.ofPair);
  const perPrompt = data('perPrompt', finder.ofPair);
  const sources = ROLES.flatMap((role) => sourcesOf(sides[role]));
  const columns = [...sources, ...perPair.values(), ...perPrompt.values()].filter(
    (source) => typeof source === 'string',
  );
  const idle = asked(needs).flatMap(([name, role]) => (off.has(name) ? [] : finder.spareLogits(name, role)));
  return { kind: 'plan', ...sides, perPair, perPrompt, columns: [...new Set(columns)], idle };
}

function sourcesOf(side: SidePlan): readonly (Source | undefined)[] {
  const { logProbs, logits, checks, tokens, mask, lengths, perResponse, perToken } = side;
  return [
    ...[logProbs, logits, checks].flatMap((columns) => [...columns.values()]),
    tokens?.column,
    tokens?.inputs,
    mask,
    lengths,
    ...perResponse.values(),
    ...perToken.values(),
  ];
}
