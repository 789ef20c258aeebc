/** Canonical elements back into expressions, in an order that depends on structure only. */

import type { Expr, Range, Var } from '../expr/expr.ts';
import { add, apply, call, exp, log, mul, num, pow, sum, variable } from '../expr/expr.ts';
import type { Rational } from '../expr/rational.ts';
import { isOne, MINUS_ONE, negate, sameRational } from '../expr/rational.ts';
import { absoluteIn, withAbsolutes } from './absolute.ts';
import type { Atom, Mono, Poly, Ring } from './element.ts';
import { atomOf, monomial, scale } from './element.ts';
import { isBound, writtenArguments } from './leaf.ts';
import { compareAtoms, sortedTerms } from './order.ts';

/** Names that no free variable of a formula has: those are w, l, y, a, b, c, d among responses, x among prompts. */
const INDEX_NAMES = { token: 't', vocab: 'v', response: 'z', prompt: 'q' } as const;

/** How the indices of enclosing sums are written, innermost last. */
type Written = readonly (readonly [index: string, as: Var])[];

/** The index of a sum: the name of its sort, numbered where an enclosing sum has taken it. */
function indexName(index: Var, written: Written): Var {
  const base = INDEX_NAMES[index.sort];
  let name: string = base;
  for (let k = 1; written.some(([, as]) => as.name === name); k++) name = `${base}_${k}`;
  return variable(name, index.sort);
}

export const reify = (ring: Ring, poly: Poly): Expr => ofPoly(ring, poly, []);

function ofPoly(ring: Ring, poly: Poly, written: Written): Expr {
  const terms = sortedTerms(ring, withAbsolutes(ring, poly)).map(([mono, c]) => term(ring, mono, c, written));
  return terms.length === 1 ? (terms[0] ?? num(0)) : terms.length === 0 ? num(0) : add(terms);
}

const product = (factors: readonly Expr[]): Expr =>
  factors.length === 1 ? (factors[0] ?? num(1)) : factors.length === 0 ? num(1) : mul(factors);

function factorsOf(ring: Ring, mono: Mono, written: Written): readonly Expr[] {
  const factors: Expr[] = [...mono.powers]
    .sort((p, q) => compareAtoms(ring, p.atom, q.atom))
    .map(({ atom, times }) => {
      const base = ofAtom(ring, atom, written);
      return times === 1 ? base : pow(base, num(times));
    });
  if (mono.exponent !== undefined) factors.push(exp(ofPoly(ring, mono.exponent, written)));
  return factors;
}

function term(ring: Ring, mono: Mono, c: Rational, written: Written): Expr {
  const { coefficient, plain } = upright(ring, mono, c);
  const factors = factorsOf(ring, plain, written);
  if (factors.length === 0) return num(coefficient);
  return isOne(coefficient) ? product(factors) : mul([num(coefficient), ...factors]);
}

/** A divisor -|d|, which is canonical, written as |d|: its sign is that of the term. */
function upright(
  ring: Ring,
  mono: Mono,
  c: Rational,
): { readonly coefficient: Rational; readonly plain: Mono } {
  const turned = mono.powers.find(({ atom: { shape } }) => {
    const [only, another] = shape.kind === 'group' ? withAbsolutes(ring, shape.of).values() : [];
    return only !== undefined && another === undefined && sameRational(only, MINUS_ONE);
  });
  if (turned === undefined || turned.atom.shape.kind !== 'group') return { coefficient: c, plain: mono };
  const group = atomOf(ring, { kind: 'group', of: scale(turned.atom.shape.of, MINUS_ONE) });
  const powers = mono.powers.map((power) => (power === turned ? { ...power, atom: group } : power));
  const plain = monomial(ring, powers, mono.exponent);
  return upright(ring, plain, turned.times % 2 === 0 ? c : negate(c));
}

function ofLeaf(ring: Ring, e: Expr, written: Written): Expr {
  if (e.kind === 'apply') {
    return apply(
      e.name,
      writtenArguments(ring.declared, e).map((arg) => ofLeaf(ring, arg, written)),
    );
  }
  if (e.kind !== 'var' || !isBound(e)) return e;
  const as = written.findLast(([index]) => index === e.name)?.[1];
  // An index outside its sum: in a fact about what is summed.
  return as ?? indexName(e, []);
}

function ofAtom(ring: Ring, { shape }: Atom, written: Written): Expr {
  const inner = (poly: Poly): Expr => ofPoly(ring, poly, written);
  switch (shape.kind) {
    case 'name':
      return ofLeaf(ring, shape.of, written);
    case 'log':
      return log(inner(shape.of));
    case 'group':
      return inner(shape.of);
    case 'root':
      return pow(inner(shape.of), num({ n: 1n, d: BigInt(shape.degree) }));
    case 'parity':
      return pow(num(-1), product(factorsOf(ring, shape.of, written)));
    case 'fn': {
      const args = shape.args.map(inner);
      const [a = num(0), b = num(0)] = args;
      if (shape.fn === 'pow') return pow(a, b);
      const absolute = absoluteIn(ring, shape);
      if (absolute !== undefined) return call('abs', [inner(absolute)]);
      if (shape.fn === 'max') return args.length === 1 ? call('relu', [a]) : call('max', [num(0), ...args]);
      return call(shape.fn, [num(0), a]);
    }
    case 'sum': {
      const range: Range =
        shape.range.kind === 'tokens'
          ? { kind: 'tokens', of: ofLeaf(ring, shape.range.of, written) }
          : shape.range;
      const index = indexName(shape.index, written);
      const body = factorsOf(ring, shape.body, [...written, [shape.index.name, index]]);
      return sum(index, range, product(body));
    }
  }
}
