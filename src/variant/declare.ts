/** From the fields of a file to what its formulas may name: hyper-parameters, distributions and data. */

import type { Datum, Declarations, Domain } from '../expr/declare.ts';
import { BUILT_IN, FIXED_DISTRIBUTION } from '../expr/declare.ts';
import type { Sort } from '../expr/expr.ts';
import type { Rational } from '../expr/rational.ts';
import { readDecimal, readRational } from '../expr/rational.ts';
import type { Head } from '../syntax/assume.ts';
import { readHead } from '../syntax/assume.ts';
import { boundsOfDomain, isEmpty, meet } from '../syntax/bounds.ts';
import { FormulaError } from '../syntax/fault.ts';
import { MOST_DIGITS } from '../syntax/token.ts';
import { CONSTANTS, isReserved } from '../syntax/word.ts';
import type { YamlText } from './document.ts';
import { keySpanAt, nodesAt, spanAt } from './document.ts';
import type { Holder } from './fault.ts';
import { textOf } from './formula.ts';
import type { FieldPath } from './refusal.ts';
import { refuse } from './refusal.ts';
import { spanWithin } from './scalar.ts';
import type { DerivationFile } from './schema.ts';
import type { DataField, Parameter } from './variant.ts';

/** The names in use so far, and for what. */
export type Taken = Map<string, Holder>;

export interface Declared {
  readonly declared: Declarations;
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly data: ReadonlyMap<string, DataField>;
  readonly taken: Taken;
}

/** Names begin with a letter: those that begin with an underscore belong to the rules' metavariables. */
const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;
const RESPONSES: readonly string[] = ['w', 'l', 'y'];

/** Reads the declarations. Throws Refusal. */
export function declare(yaml: YamlText, file: DerivationFile): Declared {
  const taken: Taken = new Map();
  const parameters = new Map<string, Parameter>();
  for (const [name, { default: given, ...field }] of file.parameters ?? []) {
    const path = ['parameters', name];
    take(yaml, taken, path, name, 'parameter');
    const usual = given === undefined ? undefined : readDefault(yaml, [...path, 'default'], name, field.is);
    parameters.set(name, { ...field, ...(usual && { default: usual }) });
  }
  const shapes = new Map<string, Datum>(Object.entries(BUILT_IN));
  for (const name of file.distributions?.keys() ?? []) {
    take(yaml, taken, ['distributions', name], name, 'distribution');
    shapes.set(name, FIXED_DISTRIBUTION);
  }
  const data = new Map<string, DataField>();
  for (const [text, { depends = 'prompt', ...field }] of file.data ?? []) {
    const path = ['data', text];
    const head = headOf(yaml, path, text);
    const known = taken.get(head.name) === 'data' ? shapes.get(head.name) : undefined;
    if (known === undefined) take(yaml, taken, path, head.name, 'data');
    shapes.set(head.name, joined(yaml, path, head, { ...field, depends }, known));
    data.set(writeHead(head), { ...field, depends });
  }
  const declared = {
    parameters: Object.fromEntries([...parameters].map(([name, { is }]) => [name, is])),
    data: Object.fromEntries(shapes),
    facts: [],
  };
  return { declared, parameters, data, taken };
}

/** Claims a name for one purpose. Throws Refusal if it is no name, or in use. */
export function take(yaml: YamlText, taken: Taken, path: FieldPath, name: string, by: Holder): void {
  const span = keySpanAt(yaml, path);
  if (!NAME.test(name)) refuse({ kind: 'not-a-name', name }, span, path);
  const holder = taken.get(name) ?? standing(name);
  if (holder !== undefined) refuse({ kind: 'name-taken', name, by: holder }, span, path);
  taken.set(name, by);
}

/** What a name means before anything is declared. */
function standing(name: string): Holder | undefined {
  if (RESPONSES.includes(name)) return 'response';
  if (isReserved(name)) return 'function';
  if (CONSTANTS.has(name)) return 'constant';
  return Object.hasOwn(BUILT_IN, name) ? 'data' : undefined;
}

/** A head without blanks: `m(y,t)`. */
export const writeHead = ({ name, params }: Head): string =>
  `${name}(${params.map((param) => param.name).join(',')})`;

/** Reads a key such as `h(y)` or `m(y,t)`. Throws Refusal. */
export function headOf(yaml: YamlText, path: FieldPath, text: string): Head {
  try {
    return readHead(text);
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    const { key } = nodesAt(yaml, path);
    const span = key === undefined ? keySpanAt(yaml, path) : spanWithin(yaml.text, key, text, error.fault);
    return refuse({ kind: 'formula', fault: error.fault }, span, path);
  }
}

function joined(
  yaml: YamlText,
  path: FieldPath,
  { name, params }: Head,
  { is, depends }: DataField,
  known: Datum | undefined,
): Datum {
  const shape: readonly Sort[] = params.map((param) => param.sort);
  const own = { is, shapes: [shape], distribution: false, prompt: depends === 'prompt', policy: false };
  if (known === undefined) return own;
  const isNew = known.shapes.every((old) => old.join() !== shape.join());
  // Data of one name share their properties; the same arguments twice would be two answers to one question.
  if (!isNew || known.is !== is || known.prompt !== own.prompt) {
    refuse({ kind: 'conflicting-data', name }, keySpanAt(yaml, path), path);
  }
  return { ...known, shapes: [...known.shapes, shape] };
}

/** The default exactly as written: `0.1` is 1/10, `1/3` is a third. */
function readDefault(yaml: YamlText, path: FieldPath, name: string, is: Domain): Rational {
  const text = textOf(yaml, path).trim();
  // As many digits as formulas may have.
  const at = readDecimal(text) ?? (text.length <= MOST_DIGITS ? readRational(text) : undefined);
  const span = spanAt(yaml, path);
  if (at === undefined) {
    return refuse({ kind: 'wrong-value', expected: 'number', found: 'text' }, span, path);
  }
  const point = { lower: { at, strict: false }, upper: { at, strict: false } };
  if (isEmpty(meet(boundsOfDomain(is), point))) refuse({ kind: 'outside-domain', name, is }, span, path);
  return at;
}
