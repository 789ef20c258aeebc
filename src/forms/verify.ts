/** Checking a witness again from scratch: is it a possible world, and do the two sides differ there? */

import type { Declarations } from '../expr/declare.ts';
import { datumOf, domainOf } from '../expr/declare.ts';
import type { Apply, Expr } from '../expr/expr.ts';
import { num, variable } from '../expr/expr.ts';
import type { Rational } from '../expr/rational.ts';
import { compareRationals, isInteger, ONE, plus, sameRational, times, ZERO } from '../expr/rational.ts';
import { inDomain } from './dial.ts';
import type { Judgement } from './enclose.ts';
import { compareOutcomes, QUICK, THOROUGH } from './enclose.ts';
import { kindOf, LENGTH } from './point.ts';
import { compile, isResponse } from './program.ts';
import { holds } from './refute.ts';
import type { Position, Space } from './space.ts';
import { relevantFacts } from './survey.ts';
import type { Witness } from './witness.ts';
import { disjoint, encloses, valuesByKey } from './witness.ts';

/**
 * Whether the witness gives every quantity that occurs a value inside its domain, obeys the facts and the
 * laws of distributions, and both sides are surely defined there with disjoint enclosures as stated.
 */
export function verifyWitness(a: Expr, b: Expr, declared: Declarations, witness: Witness): boolean {
  const space = spaceOf(witness);
  const values = valuesByKey(witness);
  if (values.size !== witness.values.length || !inDomains(witness, declared)) return false;
  if (!areDistributions(witness, declared, space)) return false;
  if (!disjoint(witness.left, witness.right)) return false;

  const facts = relevantFacts([a, b], declared.facts);
  const program = compile([a, b, ...facts.map(({ of }) => of)], space);
  if (program === undefined) return false;
  const inputs: Rational[] = [];
  for (const { key } of program.inputs) {
    const value = values.get(key);
    if (value === undefined) return false;
    inputs.push(value);
  }
  const judgement: Judgement<boolean> = (arithmetic, [left = 'unknown', right = 'unknown', ...others]) => {
    if (!facts.every(({ kind }, i) => holds(arithmetic, kind, others[i] ?? 'unknown'))) return false;
    const compared = compareOutcomes(arithmetic, left, right);
    return (
      compared.kind === 'apart' &&
      encloses(witness.left, compared.left) &&
      encloses(witness.right, compared.right)
    );
  };
  return [QUICK, ...THOROUGH].some((effort) => effort.judge(program, inputs, judgement));
}

/** The space a witness speaks of; spellings play no part once the values are given. */
function spaceOf({ values, over }: Witness): Space {
  const lengths = new Map<string, number>();
  const positions = new Map<string, Position>();
  for (const { of, value } of values) {
    if (of.kind === 'var') positions.set(of.name, { of, at: num(value) });
    const response = of.kind === 'apply' && of.name === LENGTH ? of.args[0] : undefined;
    if (isResponse(response)) lengths.set(response.name, Number(value.n));
  }
  return {
    responses: over.responses.map((name) => variable(name, 'response')),
    prompts: over.prompts.map((name) => variable(name, 'prompt')),
    complete: over.complete,
    vocabulary: over.vocabulary,
    lengths,
    positions,
    spelling: new Map(),
  };
}

function inDomains({ values, over }: Witness, declared: Declarations): boolean {
  return values.every(({ of, value }) => {
    if (of.kind === 'sym') return inDomain(domainOf(declared, of.name), value);
    if (of.kind === 'apply') return inDomain(kindOf(declared, of.name), value);
    const end = of.sort === 'vocab' ? compareRationals(value, num(over.vocabulary).value) <= 0 : true;
    return isInteger(value) && compareRationals(value, ZERO) > 0 && end;
  });
}

/** The values of one distribution, by response. */
interface Family {
  readonly whole: Map<string, Rational>;
  /** By response and position. */
  readonly tokens: Map<string, Map<number, Rational>>;
  /** By response, position and entry. */
  readonly rows: Map<string, Map<number, Map<number, Rational>>>;
}

function areDistributions({ values }: Witness, declared: Declarations, space: Space): boolean {
  const families = new Map<string, Family>();
  const byPrompt = new Map<string, Rational[]>();
  for (const { of, value } of values) {
    if (of.kind !== 'apply' || datumOf(declared, of.name)?.distribution !== true) continue;
    if (!isResponse(of.args[0])) {
      byPrompt.set(of.name, [...(byPrompt.get(of.name) ?? []), value]);
      continue;
    }
    const family = getOr(families, of.name, () => ({ whole: new Map(), tokens: new Map(), rows: new Map() }));
    enter(family, of.args[0].name, of, value);
  }
  return (
    [...byPrompt.values()].every((all) =>
      addsUp(all, all.length > 1 && all.length === space.prompts.length),
    ) && [...families.values()].every((family) => isDistribution(family, space))
  );
}

function enter(family: Family, response: string, { args: [, at, v] }: Apply, value: Rational): void {
  if (at?.kind !== 'num') {
    family.whole.set(response, value);
  } else if (v?.kind !== 'num') {
    getOr(family.tokens, response, () => new Map<number, Rational>()).set(Number(at.value.n), value);
  } else {
    const rows = getOr(family.rows, response, () => new Map<number, Map<number, Rational>>());
    getOr(rows, Number(at.value.n), () => new Map<number, Rational>()).set(Number(v.value.n), value);
  }
}

function isDistribution({ whole, tokens, rows }: Family, { responses, complete, ...space }: Space): boolean {
  const names = responses.map(({ name }) => name);
  const given = names.flatMap((name) => whole.get(name) ?? []);
  if (!addsUp(given, complete && given.length === names.length)) return false;

  // Responses that begin alike share their first token's probability; others exclude each other.
  const firsts = new Map(
    names.flatMap((name) => tokens.get(name)?.get(1) ?? []).map((p) => [`${p.n}/${p.d}`, p]),
  );
  if (!addsUp([...firsts.values()], false)) return false;

  // The first token's row is the same for all.
  const [start, ...starts] = names.flatMap((name) => rows.get(name)?.get(1) ?? []);
  if (start !== undefined && !starts.every((row) => agree(start, row))) return false;

  for (const name of names) {
    const mine = tokens.get(name) ?? new Map<number, Rational>();
    const total = whole.get(name);
    if (total !== undefined && mine.size > 0) {
      const product = [...mine.values()].reduce(times, ONE);
      const all = mine.size === space.lengths.get(name);
      if (all ? !sameRational(total, product) : compareRationals(total, product) > 0) return false;
    }
    for (const [at, row] of rows.get(name) ?? []) {
      const entries = [...row.values()];
      const full = entries.length === space.vocabulary;
      const token = mine.get(at);
      if (!addsUp(entries, full)) return false;
      if (full && token !== undefined && !entries.some((p) => sameRational(p, token))) return false;
    }
  }
  return true;
}

/** Whether two rows give the same values where both give one. */
const agree = (a: ReadonlyMap<number, Rational>, b: ReadonlyMap<number, Rational>): boolean =>
  [...a].every(([v, p]) => sameRational(p, b.get(v) ?? p));

/** Whether exclusive probabilities add up to at most 1, to exactly 1 if they are `all`. */
function addsUp(parts: readonly Rational[], all: boolean): boolean {
  const order = compareRationals(parts.reduce(plus, ZERO), ONE);
  return all && parts.length > 0 ? order === 0 : order <= 0;
}

function getOr<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
