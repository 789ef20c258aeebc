/** The finite spaces in which a counterexample is looked for: which responses, how long, over which vocabulary. */

import type { Num, Var } from '../expr/expr.ts';
import { num, variable } from '../expr/expr.ts';
import type { Survey } from './survey.ts';

/** A free variable that stands for a number. */
export interface Position {
  readonly of: Var;
  readonly at: Num;
}

export interface Space {
  /** The free responses, then those added where a sum runs over all responses. */
  readonly responses: readonly Var[];
  /** Whether `responses` are all there are, so that probabilities over them add up to one. */
  readonly complete: boolean;
  readonly prompts: readonly Var[];
  readonly vocabulary: number;
  /** Token counts by response name, for the responses whose tokens are looked at. */
  readonly lengths: ReadonlyMap<string, number>;
  /** Where free token and vocabulary variables stand. */
  readonly positions: ReadonlyMap<string, Position>;
  /** The vocabulary entries that each response consists of, from 0: no response begins with another one. */
  readonly spelling: ReadonlyMap<string, readonly number[]>;
}

const MAX_RESPONSES = 32;
const MAX_LENGTH = 64;

/** `names` extended by fresh ones up to `count`. */
function extended(names: readonly Var[], count: number, stem: string, sort: Var['sort']): readonly Var[] {
  const all = [...names];
  for (let k = 1; all.length < count; k++) {
    if (!all.some(({ name }) => name === `${stem}${k}`)) all.push(variable(`${stem}${k}`, sort));
  }
  return all;
}

/** The digits of i in the given base, most significant first, `width` of them. */
const digits = (i: number, base: number, width: number): readonly number[] =>
  Array.from({ length: width }, (_, k) => Math.floor(i / base ** (width - 1 - k)) % base);

/** Spellings of n responses that exhaust a two-letter language: 0, 10, 110, ..., 11..1. */
const comb = (i: number, n: number): readonly number[] =>
  Array.from({ length: Math.min(i + 1, n - 1) }, (_, k) => (k < i ? 1 : 0));

/** The spaces to try, simplest first; empty where what occurs cannot be laid out in a small space. */
export function spaces(found: Survey, names: (name: string) => boolean): readonly Space[] {
  const ofSort = (sort: Var['sort']): readonly Var[] =>
    [...found.free.values()].filter((v) => v.sort === sort);
  const free = ofSort('response');
  const longest = Math.max(found.tokensOfBound, 0, ...found.tokensOf.values());
  if (free.length > MAX_RESPONSES || longest > MAX_LENGTH) return [];
  const complete = found.sums.has('responses');
  const prompts = extended(ofSort('prompt'), found.sums.has('prompts') ? 2 : 0, 'x', 'prompt');
  const positions = new Map(
    [...ofSort('token'), ...ofSort('vocab')].map((of) => [of.name, { of, at: num(1) }] as const),
  );
  /** Whether some distribution is looked at token by token, or entry by entry. */
  const detail = Math.max(0, ...[...found.detail].map(([name, n]) => (names(name) ? n : 0)));
  const base = { complete, prompts, positions };

  if (complete && detail >= 2) return [2, 3, 4].flatMap((n) => trees(n));
  const counts = complete ? [Math.max(2, free.length), Math.max(3, free.length)] : [free.length];
  return [...new Set(counts)].flatMap((n) => [2, 3].flatMap((vocabulary) => plain(n, vocabulary)));

  /** All responses of a language: every entry is one, or a comb of two letters. */
  function trees(n: number): readonly Space[] {
    if (n < free.length) return [];
    const responses = extended(free, n, 'y', 'response');
    const flat = responses.map((_, i) => [i]);
    const spread = responses.map((_, i) => comb(i, n));
    const layouts = [
      { vocabulary: n, words: flat },
      { vocabulary: 2, words: spread },
      { vocabulary: 2, words: spread.toReversed() },
    ];
    return layouts.slice(0, n === 2 ? 1 : 3).flatMap(({ vocabulary, words }) => {
      const least = (y: Var): number =>
        Math.max(found.tokensOf.get(y.name) ?? 1, free.includes(y) ? 1 : 0, found.tokensOfBound);
      const spelling = new Map(responses.map((y, i) => [y.name, words[i] ?? []] as const));
      const lengths = new Map([...spelling].map(([name, word]) => [name, word.length] as const));
      const fits = responses.every((y) => (lengths.get(y.name) ?? 0) >= least(y));
      return fits ? [{ ...base, responses, vocabulary, lengths, spelling }] : [];
    });
  }

  /** Responses of chosen lengths that differ in their first entries. */
  function plain(n: number, vocabulary: number): readonly Space[] {
    const responses = extended(free, n, 'y', 'response');
    // Where a distribution is looked at token by token, every response is made of tokens.
    const everywhere = detail >= 2 || (complete && found.tokensOfBound > 0);
    const looked = responses.filter(({ name }) => everywhere || found.tokensOf.has(name));
    // The vocabulary matters to these spaces only where it is looked at.
    const seesVocabulary = detail >= 3 || found.sums.has('vocabulary');
    if (vocabulary > 2 && !seesVocabulary) return [];
    const head = detail >= 3 ? Math.max(1, Math.ceil(Math.log(n) / Math.log(vocabulary) - 1e-9)) : 1;
    const patterns: readonly ((i: number) => number)[] =
      looked.length === 0
        ? [() => 0]
        : [() => 0, (i) => (i === 0 ? 1 : 0), (i) => (i === 1 ? 1 : 0), () => 1, (i) => (i === 0 ? 1 : 2)];
    const used = looked.length === 1 ? patterns.slice(0, 2) : patterns;
    return used.map((extra) => {
      const lengths = new Map(
        looked.map(({ name }, i) => {
          const least = Math.max(head, found.tokensOf.get(name) ?? 1, complete ? found.tokensOfBound : 1);
          return [name, least + extra(i)] as const;
        }),
      );
      const spelling = new Map(
        responses.map(({ name }, i) => {
          const word = digits(i, vocabulary, head);
          const length = lengths.get(name) ?? 0;
          return [name, Array.from({ length }, (_, k) => word[k] ?? 0)] as const;
        }),
      );
      return { ...base, responses, vocabulary, lengths, spelling };
    });
  }
}
