/** Traces read back from JSON, strictly: every node through the constructors, nothing missing, nothing extra. */

import * as v from 'valibot';
import type { Datum, Domain } from '../expr/declare.ts';
import { BUILT_IN, DOMAINS } from '../expr/declare.ts';
import type { Expr, Range } from '../expr/expr.ts';
import {
  add,
  apply,
  call,
  freeze,
  grad,
  INDEX_SORT,
  mul,
  num,
  pow,
  sum,
  sym,
  variable,
} from '../expr/expr.ts';
import { FUNCTIONS, isFnName } from '../expr/function.ts';
import { readRational } from '../expr/rational.ts';
import type { Trace } from './trace.ts';

/** Why a JSON value is not a trace: `at` is a path such as `stages.2.steps.0.after`. */
export interface TraceFault {
  readonly kind: 'bad-trace';
  readonly at: string;
  readonly says: string;
}

/** Whatever a formula can write is within: 200 nestings make 801 levels, 400 digits and an exponent 800 digits. */
const LIMITS = { depth: 1000, nodes: 2_000_000, digits: 1300, items: 100_000 };
const SORTS = ['response', 'token', 'vocab', 'prompt'] as const;

class ExprError extends Error {}
const refuse = (expected: string): never => {
  throw new ExprError(`expected ${expected}`);
};

const name = (json: unknown): string =>
  typeof json === 'string' && /^[A-Za-z_][A-Za-z0-9_]{0,199}$/.test(json) && json !== '__proto__'
    ? json
    : refuse('a name');

interface Count {
  left: number;
}

function readExpr(json: unknown, depth: number, count: Count): Expr {
  if (depth >= LIMITS.depth) refuse(`nesting of at most ${LIMITS.depth}`);
  if (--count.left < 0) refuse(`at most ${LIMITS.nodes} nodes`);
  if (!Array.isArray(json) || json.length > LIMITS.items) return refuse('an expression');
  const [tag, ...parts] = json as readonly unknown[];
  const inner = (i: number): Expr => readExpr(parts[i], depth + 1, count);
  const all = (): readonly Expr[] => parts.map((_, i) => inner(i));
  const exactly = (n: number): void => {
    if (parts.length !== n) refuse(`${n} parts after ${JSON.stringify(tag)}`);
  };
  switch (tag) {
    case 'num': {
      exactly(1);
      const [text] = parts;
      const value = typeof text === 'string' && text.length <= LIMITS.digits ? readRational(text) : undefined;
      return num(value ?? refuse('a reduced fraction such as "-1/2"'));
    }
    case 'sym':
      exactly(1);
      return sym(name(parts[0]));
    case 'var': {
      exactly(2);
      const sort = SORTS.find((s) => s === parts[1]) ?? refuse(`one of ${SORTS.join(', ')}`);
      return variable(name(parts[0]), sort);
    }
    case 'data':
      return apply(
        name(parts[0]),
        parts.slice(1).map((_, i) => inner(i + 1)),
      );
    case 'add':
      return parts.length > 0 ? add(all()) : refuse('terms');
    case 'mul':
      return parts.length > 0 ? mul(all()) : refuse('factors');
    case 'pow':
      exactly(2);
      return pow(inner(0), inner(1));
    case 'sum': {
      exactly(3);
      const range = readRange(parts[1], depth, count);
      return sum(variable(name(parts[0]), INDEX_SORT[range.kind]), range, inner(2));
    }
    case 'freeze':
      exactly(1);
      return freeze(inner(0));
    case 'grad':
      exactly(1);
      return grad(inner(0));
  }
  if (typeof tag !== 'string' || !isFnName(tag)) return refuse('an expression');
  const { min, max } = FUNCTIONS[tag];
  if (parts.length < min || (max !== undefined && parts.length > max)) refuse(`other arguments for ${tag}`);
  return call(tag, all());
}

function readRange(json: unknown, depth: number, count: Count): Range {
  if (json === 'vocabulary' || json === 'responses' || json === 'prompts') return { kind: json };
  if (!Array.isArray(json) || json.length !== 2 || json[0] !== 'tokens') return refuse('a range');
  return { kind: 'tokens', of: readExpr(json[1], depth + 1, count) };
}

const isObject = (json: unknown): boolean =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

/** An object by its entries: valibot's own record takes arrays and drops an entry named `constructor`. */
const record = <S extends v.GenericSchema>(keys: v.GenericSchema<string>, values: S) =>
  v.pipe(
    v.custom<Record<string, unknown>>(isObject, 'expected an object'),
    v.rawTransform(({ dataset, addIssue, NEVER }): Readonly<Record<string, v.InferOutput<S>>> => {
      const entries: [string, v.InferOutput<S>][] = [];
      for (const [key, value] of Object.entries(dataset.value)) {
        const found = v.is(keys, key)
          ? v.safeParse(values, value, { abortEarly: true })
          : v.safeParse(keys, key, { abortEarly: true });
        if (!found.success) {
          const [{ message, path = [] }] = found.issues;
          const here = { type: 'object', origin: 'value', input: dataset.value, key, value } as const;
          addIssue({ message, path: [here, ...path] });
          return NEVER;
        }
        entries.push([key, found.output]);
      }
      return Object.fromEntries(entries);
    }),
  );

const REMARKS = [
  'frozen-prior',
  'label-prior',
  'one-partition',
  'value-only',
  'published-gradient',
  'prior-gradient',
] as const;

/** The schema, with one count of nodes for the whole trace. */
function schema(count: Count) {
  const expr = v.pipe(
    v.unknown(),
    v.rawTransform(({ dataset, addIssue, NEVER }): Expr => {
      try {
        return readExpr(dataset.value, 0, count);
      } catch (error) {
        if (!(error instanceof ExprError)) throw error;
        addIssue({ message: error.message });
        return NEVER;
      }
    }),
  );
  const id = v.pipe(v.string(), v.regex(/^[A-Za-z_][A-Za-z0-9_-]{0,199}$/));
  const key = v.pipe(v.string(), v.regex(/^(?!__proto__$)[A-Za-z_][A-Za-z0-9_]{0,199}$/));
  const domain = v.picklist(DOMAINS);
  const list = <S extends v.GenericSchema>(item: S) => v.pipe(v.array(item), v.maxLength(LIMITS.items));
  const datum = v.strictObject({
    is: domain,
    shapes: list(list(v.picklist(SORTS))),
    distribution: v.boolean(),
    prompt: v.boolean(),
    policy: v.boolean(),
  });
  const step = v.strictObject({
    rule: id,
    direction: v.picklist(['forward', 'backward']),
    at: list(v.pipe(v.number(), v.integer(), v.minValue(0))),
    bindings: record(key, expr),
    after: expr,
    waypoint: v.boolean(),
  });
  return v.strictObject({
    schema: v.literal('midpo/trace'),
    version: v.literal(1),
    claim: v.pipe(v.string(), v.maxLength(100_000)),
    declared: v.strictObject({
      parameters: record(key, domain),
      data: record(
        v.pipe(
          key,
          v.check((k) => !Object.hasOwn(BUILT_IN, k), 'a built-in name cannot be declared again'),
        ),
        datum,
      ),
      facts: list(
        v.strictObject({ kind: v.picklist(['positive', 'nonnegative', 'nonzero', 'integer']), of: expr }),
      ),
    }),
    digest: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
    definitions: list(v.strictObject({ id, lhs: expr, rhs: expr })),
    stages: list(
      v.strictObject({
        id,
        start: expr,
        goal: expr,
        relation: v.picklist(['=', '<=']),
        uses: list(id),
        continues: v.nullable(id),
        steps: list(step),
        remarks: list(
          v.pipe(
            v.picklist(REMARKS),
            v.transform((kind) => ({ kind })),
          ),
        ),
      }),
    ),
  });
}

/** A trace with the digest it was stored under. */
export interface StoredTrace {
  readonly trace: Trace;
  readonly digest: string;
}

/** Reads a trace from parsed JSON. Anything but exactly a trace is a fault: unknown and missing fields too. */
export function readTrace(json: unknown): StoredTrace | TraceFault {
  const found = v.safeParse(schema({ left: LIMITS.nodes }), json, { abortEarly: true });
  if (!found.success) {
    const [issue] = found.issues;
    return { kind: 'bad-trace', at: v.getDotPath(issue) ?? '', says: issue.message };
  }
  const { declared, digest, ...rest } = found.output;
  const parameters: Record<string, Domain> = { ...declared.parameters };
  const data: Record<string, Datum> = { ...BUILT_IN, ...declared.data };
  return { trace: { ...rest, declared: { parameters, data, facts: declared.facts } }, digest };
}
