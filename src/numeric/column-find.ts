/** Finding one column of a file: where the user says, else by what its name says. */

import { nearest } from '../syntax/nearest.ts';
import type { Role } from './batch.ts';
import type { Meaning, TokenIds } from './column-name.ts';
import { meaningOf, wordsOfDatum } from './column-name.ts';
import type { Needs } from './needs.ts';

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

const TOKEN_IDS: ReadonlySet<string> = new Set(['labels', 'targets', 'inputs'] satisfies TokenIds[]);

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
  /** Undefined where there is none; `lackingLogProbs` then says so. */
  readonly logProbs: (name: string, role: Role) => string | undefined;
  readonly lackingLogProbs: (name: string, role: Role) => never;
  readonly logits: (name: string, role: Role) => string | undefined;
  readonly ids: (kind: TokenIds, role: Role) => string | undefined;
  /** Logits of a distribution for which there are token ids, whether or not one column is meant. */
  readonly spareLogits: (name: string, role: Role) => readonly string[];
  readonly ofDatum: (name: string, role: Role) => Source;
  /** Of data that are of the two responses together, or of what they answer. */
  readonly ofPair: (name: string) => Source;
  readonly mask: (role: Role) => string | undefined;
  readonly lengths: (role: Role) => string | undefined;
}

/** The name that a column of a distribution usually has. */
export const columnFor = (name: string, role: Role, of: 'logps' | 'logits'): string =>
  `${name === 'pi' ? '' : `${name}_`}${role}_${of}`;

/** A finder among the columns `names`, for a claim with these needs. Its functions throw FindRefusal. */
export function finderOf(names: readonly string[], { distributions, whole }: Needs, map: ColumnMap): Finder {
  const others = [...distributions.keys()];
  const meanings = names.map((name) => ({ name, meaning: meaningOf(name, others) }));
  const lacking = (of: string, wanted: string): never => {
    // A column that is understood is not a misspelt one.
    const unknown = meanings.filter(({ meaning }) => meaning === undefined || meaning.kind === 'other');
    const suggestion = nearest(
      wanted,
      unknown.map(({ name }) => name),
    );
    throw new FindRefusal({ kind: 'no-such-column', of, wanted, suggestion, names });
  };
  const all = (test: (meaning: Meaning) => boolean): readonly string[] =>
    meanings.flatMap(({ name, meaning }) => (meaning !== undefined && test(meaning) ? [name] : []));
  /** The one column that means this, if there is one. */
  const only = (of: string, test: (meaning: Meaning) => boolean): string | undefined => {
    const [first, second] = all(test);
    if (first === undefined || second === undefined) return first;
    throw new FindRefusal({ kind: 'two-columns', of, columns: [first, second] });
  };
  const isLogits =
    (name: string, role: Role) =>
    (m: Meaning): boolean =>
      m.kind === 'logits' && m.of === name && m.role === role;
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
    logProbs: (name, role) =>
      (whole.has(name) ? undefined : mapped(name, role)) ??
      only(`${name}(y)`, (m) => m.kind === 'log-probs' && m.of === name && m.role === role),
    lackingLogProbs: (name, role) => lacking(`${name}(y)`, columnFor(name, role, 'logps')),
    logits: (name, role) =>
      (whole.has(name) ? mapped(name, role) : undefined) ?? only(`${name}(y,t,v)`, isLogits(name, role)),
    ids: (kind, role) =>
      only(`the tokens of the ${role} response`, (m) => m.kind === kind && m.role === role),
    spareLogits: (name, role) =>
      all((m) => TOKEN_IDS.has(m.kind) && m.role === role).length === 0 ? [] : all(isLogits(name, role)),
    ofDatum: (name, role) =>
      constant(name) ?? mapped(name, role) ?? byWords(name, role) ?? lacking(`${name}(y)`, `${role}_${name}`),
    ofPair(name) {
      const typed = map.get(name) ?? name;
      return constant(name) ?? (names.includes(typed) ? typed : lacking(`${name}()`, typed));
    },
  };
}
