/** Definitions: an equation may introduce a name only if it cannot contradict anything. */

import type { Declarations } from '../expr/declare.ts';
import { datumOf } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { children } from '../expr/walk.ts';
import type { Definition } from '../trace/trace.ts';
import { follows } from './condition.ts';
import type { DefinitionFlaw } from './fault.ts';
import { alike } from './substitute.ts';

/** Names that already mean something: what they are cannot be laid down by an equation. */
const FIXED = ['pi', 'ref', 'len', 'r', 'Z', 'D', 'prefers'];

const namesIn = (e: Expr): readonly string[] => [
  ...(e.kind === 'apply' ? [e.name] : []),
  ...children(e).flatMap(namesIn),
];

/** Metavariables free in an expression; a bound index is not one. */
function free(e: Expr): readonly string[] {
  if (e.kind === 'sym' || e.kind === 'var') return e.name.startsWith('_') ? [e.name] : [];
  if (e.kind !== 'sum') return children(e).flatMap(free);
  const range = e.range.kind === 'tokens' ? free(e.range.of) : [];
  return [...range, ...free(e.body).filter((name) => name !== e.index.name)];
}

/** What is wrong with a definition that comes after `earlier`; undefined if nothing is. */
export function definitionFlaw(
  { lhs, rhs }: Definition,
  earlier: readonly Definition[],
  declared: Declarations,
): DefinitionFlaw | undefined {
  if (lhs.kind !== 'apply') return 'not-a-datum';
  const datum = datumOf(declared, lhs.name);
  if (FIXED.includes(lhs.name) || datum?.distribution === true || datum?.policy === true)
    return 'policy-or-reference';
  const names = lhs.args.flatMap((arg) => (arg.kind === 'var' ? [arg.name] : []));
  if (names.length !== lhs.args.length || new Set(names).size !== names.length) return 'repeated-argument';
  if (free(rhs).some((name) => !names.includes(name))) return 'free-variable';
  if (namesIn(rhs).includes(lhs.name)) return 'circular';
  for (const other of earlier) {
    // A later definition may use earlier ones only, so no circle closes.
    if (namesIn(other.rhs).includes(lhs.name)) return 'circular';
    if (other.lhs.kind !== 'apply' || other.lhs.name !== lhs.name) continue;
    const bothFixed = !names.some((n) => n.startsWith('_')) && free(other.lhs).length === 0;
    if (!bothFixed || alike(other.lhs, lhs)) return 'overlap';
  }
  const positive = datum?.is === 'positive';
  return positive && !follows({ kind: 'positive', of: rhs }, declared) ? 'domain' : undefined;
}
