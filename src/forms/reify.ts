/** Canonical elements back into expressions, in an order that depends on structure only. */

import type { Expr, Range } from '../expr/expr.ts';
import { add, apply, call, exp, log, mul, num, pow, sum, variable } from '../expr/expr.ts';
import type { Rational } from '../expr/rational.ts';
import { isOne } from '../expr/rational.ts';
import type { Atom, Mono, Poly, Ring } from './element.ts';
import { isBound, levelOf, writtenArguments } from './leaf.ts';
import { compareAtoms, sortedTerms } from './order.ts';

/** Names that no free variable of a formula has: those are w, l, y, a, b, c, d among responses, x among prompts. */
const INDEX_NAMES = { token: 't', vocab: 'v', response: 'z', prompt: 'q' } as const;

/** The index of level 2 over tokens is `t_2`, that of level 0 just `t`. */
function readable(ring: Ring, e: Expr): Expr {
  if (e.kind === 'apply') {
    return apply(
      e.name,
      writtenArguments(ring.declared, e).map((arg) => readable(ring, arg)),
    );
  }
  if (e.kind !== 'var' || !isBound(e)) return e;
  const level = levelOf(e);
  return variable(level === '0' ? INDEX_NAMES[e.sort] : `${INDEX_NAMES[e.sort]}_${level}`, e.sort);
}

export function reify(ring: Ring, poly: Poly): Expr {
  const terms = sortedTerms(ring, poly).map(([mono, c]) => term(ring, mono, c));
  return terms.length === 1 ? (terms[0] ?? num(0)) : terms.length === 0 ? num(0) : add(terms);
}

export function reifyMono(ring: Ring, mono: Mono): readonly Expr[] {
  const factors: Expr[] = [...mono.powers]
    .sort((p, q) => compareAtoms(ring, p.atom, q.atom))
    .map(({ atom, times }) => (times === 1 ? ofAtom(ring, atom) : pow(ofAtom(ring, atom), num(times))));
  if (mono.exponent !== undefined) factors.push(exp(reify(ring, mono.exponent)));
  return factors;
}

function term(ring: Ring, mono: Mono, c: Rational): Expr {
  const factors = reifyMono(ring, mono);
  if (factors.length === 0) return num(c);
  const [first = num(1), another] = factors;
  if (isOne(c)) return another === undefined ? first : mul(factors);
  return mul([num(c), ...factors]);
}

function ofAtom(ring: Ring, { shape }: Atom): Expr {
  switch (shape.kind) {
    case 'name':
      return readable(ring, shape.of);
    case 'log':
      return log(reify(ring, shape.of));
    case 'group':
      return reify(ring, shape.of);
    case 'root':
      return pow(reify(ring, shape.of), num({ n: 1n, d: BigInt(shape.degree) }));
    case 'parity': {
      const factors = reifyMono(ring, shape.of);
      return pow(num(-1), factors.length === 1 ? (factors[0] ?? num(1)) : mul(factors));
    }
    case 'fn': {
      const args = shape.args.map((arg) => reify(ring, arg));
      const [a = num(0), b = num(0)] = args;
      if (shape.fn === 'pow') return pow(a, b);
      if (shape.fn === 'max') return args.length === 1 ? call('relu', [a]) : call('max', [num(0), ...args]);
      return call(shape.fn, [num(0), a]);
    }
    case 'sum': {
      const range: Range =
        shape.range.kind === 'tokens' ? { kind: 'tokens', of: readable(ring, shape.range.of) } : shape.range;
      const factors = reifyMono(ring, shape.body);
      const [first = num(1), another] = factors;
      const index = readable(ring, shape.index);
      if (index.kind !== 'var') throw new TypeError('an index is a variable');
      return sum(index, range, another === undefined ? first : mul(factors));
    }
  }
}
