/** When do several differences vanish together, for all data? A search in which every step keeps all solutions. */

import type { Declarations, Fact } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { num } from '../expr/expr.ts';
import { ONE } from '../expr/rational.ts';
import { size } from '../expr/walk.ts';
import type { Alternative } from './alternative.ts';
import { contradicts, replace, under } from './alternative.ts';
import { isZeroPoly, overCommon, primitive } from './arithmetic.ts';
import { worldsOf } from './boolean.ts';
import { declaredIn, inCase } from './cases.ts';
import { needs } from './definedness.ts';
import type { Poly, Ring } from './element.ts';
import { ofAtom, single } from './element.ts';
import { distinctFacts, variesFreely } from './freedom.ts';
import { withCanonical } from './granted.ts';
import { isNonzero } from './infer.ts';
import { provesEqual } from './prove.ts';
import { reify } from './reify.ts';
import type { Specialised } from './special.ts';
import { specials } from './special.ts';
import { necessary } from './system.ts';
import type { Unknowns } from './unknown.ts';
import { insideMono, insidePoly } from './unknown.ts';
import type { Way } from './zero.ts';
import { balanced, exponentiated, waysToVanish } from './zero.ts';

export interface Found {
  readonly alternatives: readonly Alternative[];
  /** Whether the differences vanish for all data only where one of the alternatives holds. */
  readonly complete: boolean;
}
const NEVER: Found = { alternatives: [], complete: true };
const ALWAYS: Found = { alternatives: [[]], complete: true };
const UNSOLVED: Found = { alternatives: [], complete: false };

/** What is sought, and with what means. */
export interface Asked {
  readonly unknowns: Unknowns;
  /** Whether special data have been put in already. */
  readonly data: 'all' | 'special';
  /** What is left to spend: steps, and term operations. */
  readonly purse: { steps: number; operations: number };
}

export interface Search extends Asked {
  /** Whether data vary freely where the differences are defined, so that independent functions of them are. */
  readonly free: boolean;
  /** With what both sides need to be defined. */
  readonly declared: Declarations;
  /** Without. */
  readonly granted: Declarations;
}

const DEEPEST = 24;

/** When differences vanish wherever they are defined, for all data. */
export const vanishing = (differences: readonly Expr[], declared: Declarations, asked: Asked): Found =>
  toldApart(differences, declared, asked, undefined, 0);

/** The same with {0, 1} data told apart; `conceded` as in `variesFreely`. */
function toldApart(
  differences: readonly Expr[],
  declared: Declarations,
  asked: Asked,
  conceded: readonly Fact[] | undefined,
  depth: number,
): Found {
  const worlds = worldsOf(differences, declared);
  const whole = {
    differences,
    granted: declared.facts,
    needed: differences.flatMap((e) => needs(e, declared)),
  };
  const all = worlds ?? [whole];
  const free = worlds !== undefined && variesFreely(worlds, declared, conceded);
  const granted = distinctFacts(all.flatMap((world) => world.granted));
  const met = distinctFacts([...granted, ...all.flatMap(({ needed }) => needed)]);
  const search: Search = {
    ...asked,
    free,
    // What one case asks of hyper-parameters says nothing of another, not even at special data.
    data: free || all.length === 1 ? asked.data : 'special',
    declared: { ...declared, facts: met },
    granted: { ...declared, facts: granted },
  };
  return together(
    all.flatMap((world) => world.differences),
    search,
    depth,
  );
}

/** `use` on the canonical form of `e`, paid from the purse; undefined where it does not suffice. */
function view<T>(e: Expr, { declared, purse }: Search, use: (ring: Ring, poly: Poly) => T): T | undefined {
  const all = purse.operations;
  purse.operations = 0;
  return withCanonical(e, declared, all, (ring, poly) => {
    const made = use(ring, poly);
    purse.operations = Math.max(0, ring.budget);
    return made;
  });
}

function together(differences: readonly Expr[], search: Search, depth: number): Found {
  if (depth > DEEPEST || search.purse.steps-- <= 0) return UNSOLVED;
  const views: View[] = [];
  for (const e of differences) {
    const view = viewOf(e, search);
    if (view === undefined) return UNSOLVED;
    if (view.kind === 'never') return search.free ? NEVER : UNSOLVED;
    if (view.kind !== 'zero') views.push(view);
  }
  const [first, ...others] = views.sort((a, b) => weight(a) - weight(b));
  if (first === undefined) return ALWAYS;
  const rest = others.map(({ e }) => e);
  return first.kind === 'unknowns'
    ? inUnknowns(first.e, rest, search, depth + 1)
    : inData(first.e, rest, search, depth + 1);
}

interface View {
  readonly kind: 'zero' | 'never' | 'unknowns' | 'data';
  readonly e: Expr;
}
/** Equations in the unknowns alone before those in data, small ones before large ones. */
const weight = ({ kind, e }: View): number => size(e) + (kind === 'data' ? 1e6 : 0);

const viewOf = (e: Expr, search: Search): View | undefined =>
  view(e, search, (ring, poly) => {
    if (isZeroPoly(ring, poly)) return { kind: 'zero', e };
    if (isNonzero(ring, poly)) return { kind: 'never', e };
    const inside = insidePoly(poly, search.unknowns);
    if (inside.data) return { kind: 'data', e };
    // A number whose sign is not seen.
    return inside.unknowns ? { kind: 'unknowns', e } : undefined;
  });

const joined = (parts: readonly Found[]): Found => ({
  alternatives: parts.flatMap(({ alternatives }) => alternatives),
  complete: parts.every(({ complete }) => complete),
});

function inUnknowns(e: Expr, rest: readonly Expr[], search: Search, depth: number): Found {
  const found = view(e, search, (ring, poly) =>
    waysToVanish(ring, overCommon(ring, poly).numerator, search.unknowns),
  );
  if (found === undefined) return UNSOLVED;
  const all = joined(found.ways.map((way) => inWay(way, e, rest, search, depth)));
  return { ...all, complete: all.complete && found.complete && search.free };
}

function inWay(way: Way, e: Expr, rest: readonly Expr[], search: Search, depth: number): Found {
  if (way.kind === 'elements') return together([...way.all, ...rest], search, depth);
  if (way.kind === 'case') {
    const declared = declaredIn(search.declared, way.of);
    const { equation } = way.of;
    const within = together(
      [e, ...rest].map((part) => inCase(part, way.of)),
      { ...search, declared },
      depth,
    );
    const alternatives = within.alternatives.filter(
      (one) => !contradicts(one, declared, search.purse.operations),
    );
    return {
      ...within,
      alternatives: equation === undefined ? alternatives : alternatives.map((one) => [equation, ...one]),
    };
  }
  const { equation } = way;
  const found = together(
    rest.map((part) => replace(part, equation)),
    search,
    depth,
  );
  return { ...found, alternatives: found.alternatives.map((one) => [equation, ...one]) };
}

/** The differences where each of some alternatives holds that one of them needs. */
function whereThese(found: Found, differences: readonly Expr[], search: Search, depth: number): Found {
  const all = joined(
    found.alternatives.map((one) => {
      const more = together(
        differences.map((e) => under(e, one, search.granted)),
        search,
        depth,
      );
      return { ...more, alternatives: more.alternatives.map((two) => [...one, ...two]) };
    }),
  );
  return { ...all, complete: all.complete && found.complete };
}

/** What an element with data needs: the disjunction of some systems, to be solved together with itself or without. */
interface Step {
  readonly branches: readonly (readonly Expr[])[];
  /** Whether the element vanishes wherever one of the systems does. */
  readonly instead: boolean;
  readonly complete: boolean;
}

function stepOf(ring: Ring, poly: Poly, unknowns: Unknowns): Step | undefined {
  // Divisors do not vanish where both sides are defined.
  const { numerator } = overCommon(ring, poly);
  const { unit, rest } = primitive(ring, numerator);
  const whole = unit.powers.filter(({ times: k }) => k > 0).map(({ atom }) => ofAtom(ring, atom));
  const open = whole.filter((mono) => insideMono(mono, unknowns).unknowns);
  // A piecewise factor may vanish for all data without its being seen.
  const stays = unit.powers.every(({ atom }) => atom.shape.kind !== 'fn');
  if (!stays || open.some((mono) => insideMono(mono, unknowns).data))
    return independently(ring, numerator, unknowns);
  const factors = open.map((mono) => single(mono, ONE)).filter((factor) => !isNonzero(ring, factor));
  const simpler =
    exponentiated(ring, rest, (of) => of.size > 1 || insidePoly(of, unknowns).unknowns) ??
    balanced(ring, rest);
  // Data that are a factor of all terms do not vanish everywhere.
  if (simpler !== undefined || factors.length > 0) {
    const branches = [...factors, simpler ?? rest].map((one) => [reify(ring, one)]);
    return { branches, instead: true, complete: true };
  }
  return independently(ring, rest, unknowns);
}

function independently(ring: Ring, poly: Poly, unknowns: Unknowns): Step | undefined {
  const found = necessary(ring, poly, unknowns);
  if (found === undefined) return undefined;
  const branches = found.branches.map((branch) => branch.map((one) => reify(ring, one)));
  return { branches, instead: false, complete: found.complete };
}

function inData(e: Expr, rest: readonly Expr[], search: Search, depth: number): Found {
  const step = view(e, search, (ring, poly) => stepOf(ring, poly, search.unknowns));
  const general = step === undefined ? UNSOLVED : inBranches(step, e, rest, search, depth);
  return general.complete ? general : (atSpecialData(e, rest, search, depth) ?? general);
}

function inBranches(
  { branches, instead, complete }: Step,
  e: Expr,
  rest: readonly Expr[],
  search: Search,
  depth: number,
): Found {
  const all = joined(
    branches.map((branch) =>
      instead
        ? together([...branch, ...rest], search, depth)
        : whereThese(together(branch, search, depth), [e, ...rest], search, depth),
    ),
  );
  return { ...all, complete: all.complete && complete && search.free };
}

/** What is needed at special data: where their needs bar hyper-parameters that the whole does not, nothing is said of those. */
const atSpecial = ({ of, facts }: Specialised, search: Search, depth: number): Found =>
  toldApart(
    [of],
    { ...search.declared, facts },
    { ...search, data: 'special' },
    search.declared.facts,
    depth,
  );

/** What is needed at the first special data that leave finitely many alternatives. */
function atSpecialData(e: Expr, rest: readonly Expr[], search: Search, depth: number): Found | undefined {
  if (search.unknowns !== 'parameters' || search.data === 'special') return undefined;
  const { declared, granted, purse } = search;
  for (const special of specials(e, declared, purse.operations)) {
    const there = special(e);
    const found = there === undefined ? UNSOLVED : atSpecial(there, search, depth);
    if (!found.complete || found.alternatives.some((one) => one.length === 0)) continue;
    const all = joined(
      found.alternatives.map((one): Found => {
        const put = under(e, one, granted);
        const left = provesEqual(put, num(0), granted, purse.operations) ? rest : [e, ...rest];
        return whereThese({ alternatives: [one], complete: true }, left, search, depth);
      }),
    );
    if (all.complete) return all;
  }
  return undefined;
}
