/** What refutes an equality: values of all that occurs, and disjoint enclosures of the two sides. */

import { Decimal } from 'decimal.js';
import type { Apply, Expr, Sym, Var } from '../expr/expr.ts';
import { apply, variable } from '../expr/expr.ts';
import type { Rational } from '../expr/rational.ts';
import { rational } from '../expr/rational.ts';
import type { Enclosure } from './enclose.ts';
import { LENGTH } from './point.ts';
import type { Input } from './program.ts';
import { keyOf } from './program.ts';
import type { Space } from './space.ts';

/** A hyper-parameter, a datum at fixed arguments, or a free token or vocabulary variable, with its value. */
export interface Assignment {
  readonly of: Sym | Apply | Var;
  readonly value: Rational;
}

/** A point at which two expressions differ, with everything needed to check it again. */
export interface Witness {
  /** Only what occurs, in order of first occurrence. Arguments are responses, prompts and numbers. */
  readonly values: readonly Assignment[];
  readonly left: Enclosure;
  readonly right: Enclosure;
  /** What the sums run over. */
  readonly over: {
    readonly responses: readonly string[];
    readonly prompts: readonly string[];
    readonly vocabulary: number;
    /** Whether these are all the responses there are. */
    readonly complete: boolean;
  };
}

/** The witness that the given values make. */
export function witnessAt(
  space: Space,
  inputs: readonly Input[],
  values: readonly Rational[],
  left: Enclosure,
  right: Enclosure,
): Witness {
  const assigned: Assignment[] = inputs.map(({ of }, i) => ({ of, value: values[i] ?? rational(0) }));
  const listed = new Set(inputs.map(({ key }) => key));
  for (const [name, length] of space.lengths) {
    const of = apply(LENGTH, [variable(name, 'response')]);
    if (!listed.has(keyOf(of))) assigned.push({ of, value: rational(length) });
  }
  for (const { of, at } of space.positions.values()) {
    assigned.push({ of, value: at.value });
  }
  return {
    values: assigned,
    ...shortened(left, right),
    over: {
      responses: space.responses.map(({ name }) => name),
      prompts: space.prompts.map(({ name }) => name),
      vocabulary: space.vocabulary,
      complete: space.complete,
    },
  };
}

/** The same enclosures in as few digits, from six on, as keep them disjoint. */
function shortened(left: Enclosure, right: Enclosure): { left: Enclosure; right: Enclosure } {
  for (let digits = 6; digits < 400; digits *= 2) {
    const [a, b] = [outward(left, digits), outward(right, digits)];
    if (disjoint(a, b)) return { left: a, right: b };
  }
  return { left, right };
}

const Wide = Decimal.clone({ precision: 1000, defaults: true });

function outward({ low, high }: Enclosure, digits: number): Enclosure {
  return {
    low: new Wide(low).toSignificantDigits(digits, Decimal.ROUND_FLOOR).toString(),
    high: new Wide(high).toSignificantDigits(digits, Decimal.ROUND_CEIL).toString(),
  };
}

/** Whether two enclosures have no number in common. */
export const disjoint = (a: Enclosure, b: Enclosure): boolean =>
  new Wide(a.high).lt(b.low) || new Wide(b.high).lt(a.low);

/** Whether `outer` encloses `inner`. */
export const encloses = (outer: Enclosure, inner: Enclosure): boolean =>
  new Wide(outer.low).lte(inner.low) && new Wide(outer.high).gte(inner.high);

/** The values by name: `beta`, `pi(w,1)`. */
export const valuesByKey = (witness: Witness): ReadonlyMap<string, Rational> =>
  new Map(witness.values.map(({ of, value }) => [isVar(of) ? of.name : keyOf(of), value]));

const isVar = (e: Expr): e is Var => e.kind === 'var';
