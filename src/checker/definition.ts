/** Definitions: an equation may introduce a name only if it cannot contradict anything. */

import { datumOf } from '../expr/declare.ts';
import type { Expr, Sym, Var } from '../expr/expr.ts';
import { children } from '../expr/walk.ts';
import type { Definition } from '../trace/trace.ts';
import type { Granted } from './condition.ts';
import { follows } from './condition.ts';
import type { DefinitionFlaw, Reason } from './fault.ts';
import { free, identity, isMetavariable } from './substitute.ts';

/** The declared data that a derivation may lay down; every other datum already means something. */
const DEFINABLE = ['zeta', 'kl_weight'];

/** What the framework's own equations make of these two: to define either by it would close a circle. */
const DERIVED = ['objective', 'Z', 'pi_star', 'r', 'prefers', 'prior_density'];

type BadDefinition = Extract<Reason, { readonly kind: 'bad-definition' }>;

const namesIn = (e: Expr): readonly string[] => [
  ...(e.kind === 'apply' ? [e.name] : []),
  ...children(e).flatMap(namesIn),
];

/** The first definition that is flawed, by itself or beside those before it; undefined if none is. */
export function badDefinition(definitions: readonly Definition[], granted: Granted): Reason | undefined {
  const used = new Set<string>();
  const general = new Set<string>();
  const fixed = new Map<string, Set<string>>();
  const derived = new Set(DERIVED);
  for (const { id, lhs, rhs } of definitions) {
    const bad = (why: DefinitionFlaw): BadDefinition => ({ kind: 'bad-definition', id, why });
    if (lhs.kind !== 'apply') return bad('not-a-datum');
    const { name } = lhs;
    const why = ownFlaw(lhs.args, rhs, name, granted);
    if (why === 'domain') return { ...bad(why), of: firstOpen(rhs, granted) };
    if (why !== undefined) return bad(why);
    // A later definition may use earlier ones only, so no circle closes.
    for (const other of namesIn(rhs)) used.add(other);
    if (used.has(name)) return bad('circular');
    if (namesIn(rhs).some((other) => derived.has(other))) {
      if (DEFINABLE.includes(name)) return bad('circular');
      derived.add(name);
    }
    const places = fixed.get(name) ?? new Set();
    const isGeneral = free(lhs).some(isMetavariable);
    if (general.has(name) || (isGeneral && places.size > 0) || places.has(identity(lhs)))
      return bad('overlap');
    if (isGeneral) general.add(name);
    else fixed.set(name, places.add(identity(lhs)));
  }
  return undefined;
}

/** Of what does not follow to be positive: the first factor that does not. */
function firstOpen(e: Expr, granted: Granted): Expr {
  const parts = e.kind === 'mul' ? e.factors : e.kind === 'pow' ? [e.base] : [];
  const open = parts.find((part) => !follows({ kind: 'positive', of: part }, granted));
  const isSign = open?.kind === 'num';
  return open === undefined || isSign ? e : firstOpen(open, granted);
}

function ownFlaw(
  args: readonly Expr[],
  rhs: Expr,
  name: string,
  granted: Granted,
): DefinitionFlaw | undefined {
  const datum = datumOf(granted.declared, name);
  if (datum !== undefined && !DEFINABLE.includes(name)) return 'declared-already';
  const names = new Set(args.map((arg) => (arg.kind === 'var' ? arg.name : undefined)));
  if (names.has(undefined) || names.size !== args.length) return 'repeated-argument';
  // The prompt is implicit in every datum; a prior of y must not look at the pair.
  const isStray = (v: Sym | Var): boolean =>
    v.kind === 'var' ? v.sort !== 'prompt' && !names.has(v.name) : isMetavariable(v);
  if (free(rhs).some(isStray)) return 'free-variable';
  const isIn = datum === undefined || follows({ kind: 'positive', of: rhs }, granted);
  return isIn ? undefined : 'domain';
}
