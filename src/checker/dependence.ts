/** What the policy and the prompt enter: judged through definitions, and taken to be so wherever it is not seen. */

import type { Declarations } from '../expr/declare.ts';
import { datumOf } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { children } from '../expr/walk.ts';
import { RULES } from '../rules/index.ts';
import type { Definition } from '../trace/trace.ts';
import { free } from './substitute.ts';

type Cause = 'policy' | 'prompt';

/** Of names that stand for something else: what enters that. */
export type Causes = ReadonlyMap<string, ReadonlySet<Cause>>;

const FRAMEWORK = [...RULES.values()].filter(({ kind }) => kind === 'definition');
const BOTH: readonly Cause[] = ['policy', 'prompt'];

/** Definitions rest on earlier ones, the framework's own on any: until they are looked at, anything enters them. */
export function causesOf(definitions: readonly Definition[], declared: Declarations): Causes {
  const causes = new Map<string, ReadonlySet<Cause>>();
  for (const { lhs } of [...FRAMEWORK, ...definitions]) {
    if (lhs.kind === 'apply') causes.set(lhs.name, new Set(BOTH));
  }
  for (const rows of [FRAMEWORK, definitions, FRAMEWORK]) {
    const seen = new Map<string, readonly Cause[]>();
    for (const { lhs, rhs } of rows) {
      if (lhs.kind !== 'apply') continue;
      const entering = BOTH.filter((cause) => enters(cause, rhs, declared, causes));
      const all = new Set([...(seen.get(lhs.name) ?? []), ...entering]);
      seen.set(lhs.name, [...all]);
      causes.set(lhs.name, all);
    }
  }
  return causes;
}

const isPrompt = (e: Expr): boolean => e.kind === 'var' && e.sort === 'prompt';

/** Whether the policy's parameters, or the prompt, may enter an expression. */
export function enters(cause: Cause, e: Expr, declared: Declarations, causes: Causes): boolean {
  if (e.kind === 'freeze' && cause === 'policy') return false;
  if (isPrompt(e)) return cause === 'prompt';
  // The prompt that data depend on unseen is the one of the innermost sum over prompts.
  if (e.kind === 'sum' && e.range.kind === 'prompts' && cause === 'prompt') return free(e).some(isPrompt);
  const own =
    e.kind === 'apply' && (causes.get(e.name)?.has(cause) ?? datumOf(declared, e.name)?.[cause] ?? true);
  return own || children(e).some((part) => enters(cause, part, declared, causes));
}
