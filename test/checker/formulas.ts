/** Formulas to be judged: a few data of every sign, and what the checker says in one line. */

import { check } from '../../src/checker/check.ts';
import type { Datum, Declarations } from '../../src/expr/declare.ts';
import { BUILT_IN } from '../../src/expr/declare.ts';
import type { Expr } from '../../src/expr/expr.ts';
import { variable } from '../../src/expr/expr.ts';
import { parse } from '../../src/syntax/parse.ts';
import type { Trace } from '../../src/trace/trace.ts';

const real = (...shapes: Datum['shapes']): Datum => ({
  is: 'real',
  shapes,
  distribution: false,
  prompt: true,
  policy: false,
});
export const DECLARED: Declarations = {
  parameters: { beta: 'positive', gamma: 'real' },
  data: {
    ...BUILT_IN,
    g: real(['response']),
    n: { ...real(['response']), prompt: false },
    q: { ...real(['response']), is: 'positive' },
    phi: { ...real(['response', 'response']), is: 'positive' },
  },
  facts: [],
};
/** A formula over the data above; `h` is for definitions. */
export const read = (text: string): Expr =>
  parse(text, {
    declared: DECLARED,
    names: 'open',
    responses: ['_y', 'w', 'l', 'y', 'z'],
    definitions: { h: ['response'] },
    gradients: true,
  });
export const W = variable('w', 'response');
export const Y = variable('y', 'response');

/** `accepted`, or the kind of the fault with what makes it particular. */
export const outcome = (t: Trace): string => {
  const verdict = check(t);
  if (verdict.kind === 'accepted') return 'accepted';
  const { reason } = verdict.fault;
  if (reason.kind === 'condition-not-met') return `${reason.kind}: ${reason.condition.kind}`;
  return 'why' in reason ? `${reason.kind}: ${reason.why}` : reason.kind;
};
/** The declarations with one fact more. */
export const positive = (text: string): Pick<Trace, 'declared'> => ({
  declared: { ...DECLARED, facts: [{ kind: 'positive', of: read(text) }] },
});
