/** When a prior stays as it is while the policy moves, or the prompt: by comparing it with that of another one. */

import { substitute } from '../expr/binder.ts';
import type { Datum, Declarations } from '../expr/declare.ts';
import { datumOf } from '../expr/declare.ts';
import type { Expr } from '../expr/expr.ts';
import { apply, log, mul, num, subtract, sym, variable } from '../expr/expr.ts';
import { rebuild, some } from '../expr/walk.ts';
import { isParametric } from '../forms/alternative.ts';
import { conditions } from '../forms/solve.ts';
import type { Solutions } from './conditions.ts';
import { RESPONSE } from './score.ts';

/** The weight of the prior, whichever it is. */
const WEIGHT = sym('weight of the prior');

/**
 * When a score is c * log(pi(y)) + g(y) with some constant c > 0 and g free of the policy: when
 * s - c * log(pi) is the same for any two policies.
 */
export function whenPolicyFree(score: Expr, declared: Declarations, budget: number): Solutions {
  const known: Declarations = {
    ...declared,
    parameters: { ...declared.parameters, [WEIGHT.name]: 'positive' },
    facts: [...declared.facts, { kind: 'positive', of: WEIGHT }],
  };
  const rest = subtract(score, mul([WEIGHT, log(apply('pi', [RESPONSE]))]));
  const { alternatives, complete } = whenSame(rest, ({ policy }) => policy, known, budget);
  const freed = alternatives.map((one) => one.filter(({ left }) => !isWeight(left)));
  const all = freed.filter((one) => !one.some(({ right }) => some(right, isWeight)));
  return { alternatives: all, complete: complete && all.length === freed.length };
}

const isWeight = (e: Expr): boolean => e.kind === 'sym' && e.name === WEIGHT.name;

/** When a prior is that of any other prompt, up to a factor. */
export function whenPromptFree(logZeta: Expr, declared: Declarations, budget: number): Solutions {
  const other = substitute(logZeta, [[RESPONSE, variable('z', 'response')]]);
  return whenSame(subtract(logZeta, other), ({ prompt }) => prompt, declared, budget);
}

/** When an expression is the same with other values of some data. */
function whenSame(
  e: Expr,
  moves: (datum: Datum) => boolean,
  declared: Declarations,
  budget: number,
): Solutions {
  const { twin, declared: known } = twinned(e, moves, declared);
  const found = conditions([[subtract(e, twin), num(0)]], known, budget);
  return { alternatives: found.when.filter(isParametric), complete: found.solved };
}

/** An expression with other values of some data, and those declared. */
export function twinned(e: Expr, moves: (datum: Datum) => boolean, declared: Declarations) {
  const data: Record<string, Datum> = { ...declared.data };
  const twin = rebuild(e, (node) => {
    const datum = node.kind === 'apply' ? datumOf(declared, node.name) : undefined;
    if (node.kind !== 'apply' || datum === undefined || !moves(datum)) return node;
    const name = `another ${node.name}`;
    data[name] = datum;
    return apply(name, node.args);
  });
  return { twin, declared: { ...declared, data } };
}
