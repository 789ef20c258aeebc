/** A claim that is a formula: a variant with no file behind it, its hyper-parameters found in the formula itself. */

import { freeNames } from '../expr/binder.ts';
import type { Declarations } from '../expr/declare.ts';
import { domainOf, NOTHING_DECLARED } from '../expr/declare.ts';
import type { Sort } from '../expr/expr.ts';
import { readAssumption, readDatum } from '../syntax/assume.ts';
import { FormulaError } from '../syntax/fault.ts';
import { parse } from '../syntax/parse.ts';
import { FORMULA_SCOPE } from '../syntax/scope.ts';
import type { FormulaClaimFault } from './fault.ts';
import type { Parameter, Variant } from './variant.ts';

/** What is granted beside a formula, in the words of `--assume` and `--data`. */
export interface Granted {
  readonly assume?: readonly string[];
  readonly data?: readonly string[];
  /** A variant whose names the formula speaks in: its declarations and definitions hold here too. */
  readonly beside?: Variant | undefined;
}

/**
 * The formula as a variant with the id `formula`. Its hyper-parameters are those it names or that are assumed
 * something of, real unless assumed otherwise. It need not be a loss: `compare` takes any expression.
 */
export function formulaClaim(
  text: string,
  { assume = [], data = [], beside }: Granted = {},
): Variant | FormulaClaimFault {
  const known = beside?.declared ?? NOTHING_DECLARED;
  const declared = readEach('data', data, known, readDatum);
  if ('kind' in declared) return declared;
  const granted = readEach('assumption', assume, declared, readAssumption);
  if ('kind' in granted) return granted;
  return reading('formula', text, () => variantOf(text, granted, beside));
}

/** The variant under further assumptions. They may be about names that it does not have. */
export function assuming(variant: Variant, assume: readonly string[]): Variant | FormulaClaimFault {
  const declared = readEach('assumption', assume, variant.declared, readAssumption);
  return 'kind' in declared ? declared : { ...variant, declared };
}

type Part = FormulaClaimFault['part'];

/** What `read` makes of the text, or why it is refused. */
function reading<T>(part: Part, text: string, read: () => T): T | FormulaClaimFault {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    return { kind: 'formula-claim', part, text, fault: error.fault };
  }
}

/** `known` with what each of the texts adds to it. */
function readEach(
  part: Part,
  texts: readonly string[],
  known: Declarations,
  read: (text: string, declared: Declarations) => Declarations,
): Declarations | FormulaClaimFault {
  let declared = known;
  for (const text of texts) {
    const more = reading(part, text, () => read(text, declared));
    if ('kind' in more) return more;
    declared = more;
  }
  return declared;
}

function variantOf(text: string, granted: Declarations, beside: Variant | undefined): Variant {
  const definitions = beside?.definitions ?? [];
  const sorts = definitions.map(({ name, params }): [string, readonly Sort[]] => [
    name,
    params.map(({ sort }) => sort),
  ]);
  const loss = parse(text, { ...FORMULA_SCOPE, declared: granted, definitions: Object.fromEntries(sorts) });
  const named = freeNames(loss).flatMap((e) => (e.kind === 'sym' ? [e.name] : []));
  const parameters = new Map<string, Parameter>();
  for (const name of new Set([...named, ...Object.keys(granted.parameters)])) {
    const own = beside?.parameters.get(name);
    parameters.set(name, { ...own, is: domainOf(granted, name) });
  }
  const domains = Object.fromEntries([...parameters].map(([name, { is }]) => [name, is]));
  return {
    kind: 'variant',
    id: 'formula',
    title: text.trim(),
    parameters,
    distributions: beside?.distributions ?? new Map(),
    data: beside?.data ?? new Map(),
    definitions,
    loss,
    expect: {},
    evidence: [],
    declared: { ...granted, parameters: domains },
    source: { file: '', text },
  };
}
