/** Which column of a file is what a loss asks for. */

import type { Role } from './batch.ts';
import { ROLES } from './batch.ts';
import type { ColumnMap, Finder, FindFault, Source } from './column-find.ts';
import { FindRefusal, finderOf } from './column-find.ts';
import type { DatumScope, Needs } from './needs.ts';

export interface SidePlan {
  /** Distribution -> column of its log-probabilities. */
  readonly logProbs: ReadonlyMap<string, string>;
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
}

export type PlanFault =
  /** A loss of whole next-token distributions, which no column of log-probabilities holds. */
  { readonly kind: 'needs-distributions' } | FindFault;

/** Finds every column, first where `map` says, then by its name. Columns that nothing asks for play no part. */
export function planColumns(names: readonly string[], needs: Needs, map: ColumnMap): ColumnPlan | PlanFault {
  if (needs.vocabulary) return { kind: 'needs-distributions' };
  try {
    return planned(finderOf(names, [...needs.distributions.keys()], map), needs);
  } catch (error) {
    if (error instanceof FindRefusal) return error.fault;
    throw error;
  }
}

function planned(finder: Finder, needs: Needs): ColumnPlan {
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
  const side = (role: Role): SidePlan => ({
    logProbs: new Map(
      [...needs.distributions]
        .filter(([, roles]) => roles.has(role))
        .map(([name]) => [name, finder.ofDistribution(name, role)]),
    ),
    mask: finder.mask(role),
    lengths: finder.lengths(role),
    perResponse: data('perResponse', (name) => finder.ofDatum(name, role), role),
    perToken: data('perToken', (name) => finder.ofDatum(name, role), role),
  });
  const sides = { chosen: side('chosen'), rejected: side('rejected') };
  const perPair = data('perPair', finder.ofPair);
  const perPrompt = data('perPrompt', finder.ofPair);
  const sources = ROLES.flatMap((role) => {
    const { logProbs, mask, lengths, perResponse, perToken } = sides[role];
    return [...logProbs.values(), mask, lengths, ...perResponse.values(), ...perToken.values()];
  });
  const columns = [...sources, ...perPair.values(), ...perPrompt.values()].filter(
    (s) => typeof s === 'string',
  );
  return { kind: 'plan', ...sides, perPair, perPrompt, columns: [...new Set(columns)] };
}
