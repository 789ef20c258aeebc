/**
 * Whether data vary freely where differences are defined and what is granted holds, whatever the hyper-parameters are.
 *
 * Independence of functions is an argument about open sets: analytic functions with the same values near one point are
 * the same function. So one point is sought at which every fact and every need holds strictly, for all hyper-parameters
 * at once: by continuity they hold around it, at any lengths, so that no choice of hyper-parameters leaves the data a thin
 * range. Lengths and whole numbers are isolated, and stay letters: their range must hold a cone, on which polynomials
 * and exponentials are independent still. {0, 1} data under a sum stay letters too: no value of theirs may be barred.
 *
 * What needs hyper-parameters alone bars choices of them, at which the sides are defined nowhere. What needs a smooth
 * element not to vanish does the same, or takes away a set without interior.
 */

import { same, substitute } from '../expr/binder.ts';
import type { Declarations, Fact } from '../expr/declare.ts';
import { datumOf } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import type { FnName } from '../expr/function.ts';
import { children, rebuild, some } from '../expr/walk.ts';
import { failsAlways } from './alternative.ts';
import type { World } from './boolean.ts';
import { canoniser } from './canonical.ts';
import { plainly } from './definedness.ts';
import { seeded } from './dial.ts';
import { newRing } from './element.ts';
import { attempt, grantFact, holds } from './granted.ts';
import { indexAt, nesting } from './leaf.ts';
import { declaredAtPlaces, placeIn, sceneryOf } from './placing.ts';

const MOST_PLACES = 64;
/** Work for one question, in term operations. */
const BUDGET = 20_000;

/**
 * False where it is not known. What one world needs of hyper-parameters all must need: where one is undefined the
 * others still say something. `conceded` is what may be needed of them, where not everything may.
 */
export function variesFreely(
  worlds: readonly World[],
  declared: Declarations,
  conceded?: readonly Fact[],
): boolean {
  if (worlds.length === 0) return false;
  const each = worlds.map((world) =>
    distinctFacts([
      ...world.granted,
      ...world.needed,
      ...world.differences.flatMap((e) => basesIn(e, declared)),
    ]),
  );
  const all = distinctFacts(each.flat());
  const isIn = (facts: readonly Fact[], fact: Fact): boolean => facts.some((other) => sameFact(fact, other));
  const isConceded = (fact: Fact): boolean =>
    conceded === undefined || !some(fact.of, ({ kind }) => kind === 'sym') || isIn(conceded, fact);
  const shared = all.filter((fact) => isConceded(fact) && each.every((facts) => isIn(facts, fact)));
  const ofParameters = shared.filter(({ of }) => !hasData(of));
  if (ofParameters.some((fact) => failsAlways(fact, declared))) return false;
  const known: Declarations = { ...declared, facts: ofParameters };
  const open = all.filter(
    (fact) =>
      !ofParameters.includes(fact) &&
      !(shared.includes(fact) && isThin(fact, declared)) &&
      !isMet(fact, 'at all', known),
  );
  return open.length === 0 || hasInterior(open, known);
}

const sameFact = (a: Fact, b: Fact): boolean => a.kind === b.kind && same(a.of, b.of);
export const distinctFacts = (facts: readonly Fact[]): readonly Fact[] =>
  facts.filter((fact, i) => !facts.slice(0, i).some((other) => sameFact(fact, other)));

const hasData = (e: Expr): boolean => some(e, ({ kind }) => kind === 'apply' || kind === 'var');

/** A power whose exponent is no number is surely defined, and smooth, where its base is positive. */
function basesIn(e: Expr, declared: Declarations): readonly Fact[] {
  if (e.kind === 'sum')
    return basesIn(substitute(e.body, [[e.index, indexAt(nesting(e.body), e.range)]]), declared);
  const inner = children(e).flatMap((part) => basesIn(part, declared));
  if (e.kind !== 'pow' || e.exponent.kind === 'num' || !hasData(e)) return inner;
  const anywhere = isCount(e.exponent) && !hasData(e.base);
  return anywhere || plainly(e.base, declared, false) ? inner : [...inner, { kind: 'positive', of: e.base }];
}

const isCount = (e: Expr): boolean => e.kind === 'var' || (e.kind === 'apply' && e.name === 'len');

const KINKED: readonly FnName[] = ['abs', 'relu', 'max', 'min', 'clamp', 'le', 'lt', 'eq'];

/** Whether what a fact bars is without interior, or everything. */
const isThin = ({ kind, of }: Fact, declared: Declarations): boolean =>
  kind === 'nonzero' &&
  !some(
    of,
    (node) =>
      (node.kind === 'call' && KINKED.includes(node.fn)) ||
      (node.kind === 'apply' && datumOf(declared, node.name)?.is === 'boolean'),
  );

/** Whether a fact is known to hold, or to hold not just so. */
function isMet({ kind, of }: Fact, how: 'at all' | 'strictly', known: Declarations): boolean {
  if (kind === 'integer') return false;
  const fact: Fact = { kind: kind === 'nonnegative' && how === 'strictly' ? 'positive' : kind, of };
  return (
    attempt(() => {
      const ring = newRing(known, BUDGET);
      const convert = canoniser(ring);
      for (const one of known.facts) grantFact(ring, convert, one);
      return holds(ring, convert, fact);
    }) === true
  );
}

function hasInterior(open: readonly Fact[], known: Declarations): boolean {
  const scenery = sceneryOf(open, known);
  const there = declaredAtPlaces(known);
  const random = seeded(1);
  for (let k = 0; k < MOST_PLACES; k++) {
    const place = placeIn(scenery, random);
    if (open.every(({ kind, of }) => isMet({ kind, of: rebuild(of, place) }, 'strictly', there))) return true;
  }
  return false;
}
