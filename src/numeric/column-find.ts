/** Finding one column of a file: where the user says, else by what its name says. */

import { nearest } from '../syntax/nearest.ts';
import type { Role } from './batch.ts';
import type { Meaning } from './column-name.ts';
import { meaningOf, wordsOfDatum } from './column-name.ts';

/** Ours -> a column, `{role}` in it standing for chosen and rejected; or a number, the same for every row. */
export type ColumnMap = ReadonlyMap<string, string>;

/** A column by its name, or one number for all rows. */
export type Source = string | number;

export type FindFault =
  | {
      readonly kind: 'no-such-column';
      /** What it is wanted for: `ref(y)`. */
      readonly of: string;
      readonly wanted: string;
      readonly suggestion: string | undefined;
      readonly names: readonly string[];
    }
  | { readonly kind: 'two-columns'; readonly of: string; readonly columns: readonly [string, string] };

/** Thrown by a finder, caught where the plan is made. */
export class FindRefusal extends Error {
  readonly fault: FindFault;

  constructor(fault: FindFault) {
    super(fault.kind);
    this.name = 'FindRefusal';
    this.fault = fault;
  }
}

export interface Finder {
  readonly ofDistribution: (name: string, role: Role) => string;
  readonly ofDatum: (name: string, role: Role) => Source;
  /** Of data that are of the two responses together, or of what they answer. */
  readonly ofPair: (name: string) => Source;
  readonly mask: (role: Role) => string | undefined;
  readonly lengths: (role: Role) => string | undefined;
}

/** A finder among the columns `names`, for a claim with these distributions. Its functions throw FindRefusal. */
export function finderOf(names: readonly string[], distributions: readonly string[], map: ColumnMap): Finder {
  const meanings = names.map((name) => ({ name, meaning: meaningOf(name, distributions) }));
  const lacking = (of: string, wanted: string): never => {
    // A column that is understood is not a misspelt one.
    const unknown = meanings.filter(({ meaning }) => meaning === undefined || meaning.kind === 'other');
    const suggestion = nearest(
      wanted,
      unknown.map(({ name }) => name),
    );
    throw new FindRefusal({ kind: 'no-such-column', of, wanted, suggestion, names });
  };
  /** The one column that means this, if there is one. */
  const only = (of: string, test: (meaning: Meaning) => boolean): string | undefined => {
    const [first, second] = meanings.filter(({ meaning }) => meaning !== undefined && test(meaning));
    if (first === undefined || second === undefined) return first?.name;
    throw new FindRefusal({ kind: 'two-columns', of, columns: [first.name, second.name] });
  };
  const byWords = (datum: string, role: Role): string | undefined =>
    only(datum, (m) => m.kind === 'other' && m.role === role && m.words === wordsOfDatum(datum));
  /** What the user says: a column as it stands or with the role put in, or the words of one. */
  const mapped = (name: string, role: Role): string | undefined => {
    const typed = map.get(name);
    if (typed === undefined) return undefined;
    const written = typed.replaceAll('{role}', role);
    if (names.includes(written)) return written;
    return written === typed
      ? (byWords(typed, role) ?? lacking(`${name}(y)`, `${role}_${typed}`))
      : lacking(`${name}(y)`, written);
  };
  const constant = (name: string): number | undefined => {
    const typed = map.get(name) ?? '';
    return typed !== '' && !names.includes(typed) && Number.isFinite(Number(typed))
      ? Number(typed)
      : undefined;
  };
  return {
    mask: (role) => only(`the mask of the ${role} response`, (m) => m.kind === 'mask' && m.role === role),
    lengths: (role) => mapped('len', role) ?? only('len(y)', (m) => m.kind === 'lengths' && m.role === role),
    ofDistribution: (name, role) =>
      mapped(name, role) ??
      only(`${name}(y)`, (m) => m.kind === 'log-probs' && m.of === name && m.role === role) ??
      lacking(`${name}(y)`, `${name === 'pi' ? '' : `${name}_`}${role}_logps`),
    ofDatum: (name, role) =>
      constant(name) ?? mapped(name, role) ?? byWords(name, role) ?? lacking(`${name}(y)`, `${role}_${name}`),
    ofPair(name) {
      const typed = map.get(name) ?? name;
      return constant(name) ?? (names.includes(typed) ? typed : lacking(`${name}()`, typed));
    },
  };
}
