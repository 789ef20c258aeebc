/** Expressions in the notations of other algebra systems: infix, with data as plain symbols, logistic functions spelt out. */

import type { Declarations, Domain } from '../src/expr/declare.ts';
import { datumOf, domainOf } from '../src/expr/declare.ts';
import type { Apply, Call, Expr, Sym } from '../src/expr/expr.ts';
import { keyOf } from '../src/forms/program.ts';

/** A statement without sums, stop-gradients and indicators, in the terms that all systems share. */
export interface Translation {
  readonly left: string;
  readonly right: string;
  /** The symbols v0, v1, ... with their domains. */
  readonly symbols: readonly (readonly [name: string, domain: Domain])[];
}

/** Thrown inside this file on what not every system can express. */
class InexpressibleError extends Error {}

type Names = (of: Sym | Apply) => string;

const binary = (mark: string, parts: readonly string[]): string => `(${parts.join(` ${mark} `)})`;

function write(e: Expr, name: Names): string {
  const inner = (part: Expr): string => write(part, name);
  switch (e.kind) {
    case 'num':
      return e.value.d === 1n && e.value.n >= 0n ? `${e.value.n}` : `(${e.value.n}/${e.value.d})`;
    case 'sym':
    case 'apply':
      return name(e);
    case 'add':
      return binary('+', e.terms.map(inner));
    case 'mul':
      return binary('*', e.factors.map(inner));
    case 'pow':
      return `(${inner(e.base)})^(${inner(e.exponent)})`;
    case 'call':
      return writeCall(e, inner);
    default:
      throw new InexpressibleError(e.kind);
  }
}

function writeCall({ fn, args }: Call, inner: (e: Expr) => string): string {
  const [u = ''] = args.map(inner);
  switch (fn) {
    case 'exp':
    case 'log':
    case 'sqrt':
    case 'abs':
      return `${fn}(${u})`;
    case 'log1p':
      return `log(1 + ${u})`;
    case 'expm1':
      return `(exp(${u}) - 1)`;
    case 'sigmoid':
      return `(1/(1 + exp(-(${u}))))`;
    case 'logsigmoid':
      return `log(1/(1 + exp(-(${u}))))`;
    case 'softplus':
      return `log(1 + exp(${u}))`;
    case 'tanh':
      return `((exp(${u}) - exp(-(${u})))/(exp(${u}) + exp(-(${u}))))`;
    default:
      throw new InexpressibleError(fn);
  }
}

/** Both sides over the same symbols; undefined where some system lacks a word for what occurs. */
export function translate(a: Expr, b: Expr, declared: Declarations): Translation | undefined {
  const symbols = new Map<string, readonly [string, Domain]>();
  const name: Names = (of) => {
    const key = `${of.kind} ${keyOf(of)}`;
    const domain =
      of.kind === 'sym' ? domainOf(declared, of.name) : (datumOf(declared, of.name)?.is ?? 'real');
    const known = symbols.get(key) ?? ([`v${symbols.size}`, domain] as const);
    symbols.set(key, known);
    return known[0];
  };
  try {
    const [left, right] = [write(a, name), write(b, name)];
    return { left, right, symbols: [...symbols.values()] };
  } catch (error) {
    if (error instanceof InexpressibleError) return undefined;
    throw error;
  }
}
