/** What the two sides are worth at a witness, by the evaluator of the tests: no code of the decision procedure. */

import type { Expr } from '../../src/expr/expr.ts';
import type { Rational } from '../../src/expr/rational.ts';
import type { Enclosure } from '../../src/forms/enclose.ts';
import type { Witness } from '../../src/forms/witness.ts';
import type { Places, World } from '../arbitrary/value.ts';
import { Real, valueIn } from '../arbitrary/value.ts';

const real = ({ n, d }: Rational): Real => Real.div(n.toString(), d.toString());

/** The world that a witness describes. */
function worldAt({ values, over }: Witness): { readonly world: World; readonly places: Places } {
  const numbered = (names: readonly string[]) => names.map((name, i) => [name, i + 1] as const);
  const places = new Map<string, number>([...numbered(over.responses), ...numbered(over.prompts)]);
  const parameters = new Map<string, Real>();
  const data = new Map<string, Real>();
  for (const { of, value } of values) {
    if (of.kind === 'sym') parameters.set(of.name, real(value));
    if (of.kind === 'var') places.set(of.name, Number(value.n));
    if (of.kind !== 'apply') continue;
    const args = of.args.map((arg) =>
      arg.kind === 'var' ? places.get(arg.name) : arg.kind === 'num' ? Number(arg.value.n) : Number.NaN,
    );
    data.set(`${of.name} ${args.join()}`, real(value));
  }
  const given = (known: ReadonlyMap<string, Real>, key: string): Real =>
    known.get(key) ?? new Real(Number.NaN);
  const world: World = {
    parameter: (name) => given(parameters, name),
    datum: (name, args) => given(data, `${name} ${args.join()}`),
    count: (range, of) => {
      if (range === 'tokens') return given(data, `len ${of}`).toNumber();
      return { responses: over.responses.length, prompts: over.prompts.length, vocabulary: over.vocabulary }[
        range
      ];
    },
  };
  return { world, places };
}

/** Within the enclosure, but for what sixty digits cannot tell. */
function within(value: Real, { low, high }: Enclosure): boolean {
  const slack = Real.max(1, value.abs()).mul('1e-45');
  return value.plus(slack).gte(low) && value.minus(slack).lte(high);
}

/** Whether both sides have, at the witness, values inside the enclosures that it states. */
export function agreesAtWitness(a: Expr, b: Expr, witness: Witness): boolean {
  const { world, places } = worldAt(witness);
  return within(valueIn(a, world, places), witness.left) && within(valueIn(b, world, places), witness.right);
}
