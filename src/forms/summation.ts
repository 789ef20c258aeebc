/** Sums in canonical form: index-free factors pulled out, indices renamed by nesting, normalisation applied. */

import { datumOf } from '../expr/declare.ts';
import type { Expr, Range, Var } from '../expr/expr.ts';
import { apply } from '../expr/expr.ts';
import { MINUS_ONE, ONE } from '../expr/rational.ts';
import { dividedOut, exponential, multiply, powerOf, reciprocalOf } from './arithmetic.ts';
import { onDiagonal, sumOfPowers } from './collapse.ts';
import type { Atom, Mono, Poly, Ring } from './element.ts';
import {
  accumulate,
  addPolys,
  atomOf,
  constant,
  monomial,
  ofAtom,
  scale,
  single,
  ZERO_POLY,
} from './element.ts';
import { boundInLeaf, indexAt, leafName, writtenArguments } from './leaf.ts';
import { generalPower, logOf } from './logarithm.ts';
import { indicator, maxOf } from './piecewise.ts';

/** sum_{index in range} body, for a body in canonical form. */
export function sumOf(ring: Ring, index: Var, range: Range, body: Poly): Poly {
  const total = new Map();
  for (const [mono, c] of dividedOut(ring, body)) {
    const { free, dependent } = split(ring, mono, index.name);
    const summed = sumOfMono(ring, index, range, dependent);
    for (const [m, d] of scale(multiply(ring, free, summed), c)) accumulate(total, m, d);
  }
  return total;
}

/** A monomial as a factor free of the index times one whose every factor depends on it. */
function split(ring: Ring, mono: Mono, index: string): { readonly free: Poly; readonly dependent: Poly } {
  if (!mono.bound.includes(index)) return { free: single(mono, ONE), dependent: constant(ring, ONE) };
  const depends = ({ bound }: Atom | Mono): boolean => bound.includes(index);
  const exponents = [...(mono.exponent ?? ZERO_POLY)];
  const part = (wanted: boolean): Poly =>
    multiply(
      ring,
      single(
        monomial(
          ring,
          mono.powers.filter(({ atom }) => depends(atom) === wanted),
          undefined,
        ),
        ONE,
      ),
      exponential(ring, new Map(exponents.filter(([m]) => depends(m) === wanted))),
    );
  return { free: part(false), dependent: part(true) };
}

function sumOfMono(ring: Ring, index: Var, range: Range, dependent: Poly): Poly {
  const total: Poly[] = [];
  for (const [mono, c] of dependent) {
    const known = normalised(ring, index, range, mono) ?? sumOfPowers(ring, index, range, mono);
    if (known !== undefined) {
      total.push(scale(known, c));
      continue;
    }
    const diagonal = range.kind === 'tokens' ? onDiagonal(ring, index, mono) : undefined;
    if (diagonal !== undefined) {
      total.push(scale(renameBound(ring, single(diagonal.rest, ONE), index, diagonal.at), c));
      continue;
    }
    const exchanged = exchange(ring, index, range, mono);
    if (exchanged !== undefined) {
      total.push(scale(exchanged, c));
      continue;
    }
    const place = indexAt(mono.height, range);
    const renamed = renameBound(ring, single(mono, ONE), index, place);
    for (const [body, d] of renamed) {
      const atom = atomOf(ring, { kind: 'sum', index: place, range, body });
      total.push(scale(single(ofAtom(ring, atom), d), c));
    }
  }
  return addPolys(ring, total);
}

/** Outer to inner; among tokens by the name of the response. */
const NESTING: Readonly<Record<Range['kind'], number>> = {
  prompts: 0,
  responses: 1,
  tokens: 2,
  vocabulary: 3,
};
const nestingKey = (range: Range): string =>
  `${NESTING[range.kind]} ${range.kind === 'tokens' ? leafName(range.of) : ''}`;

/** sum_i sum_j = sum_j sum_i for independent ranges: the one that comes first in the nesting order goes outside. */
function exchange(ring: Ring, index: Var, range: Range, mono: Mono): Poly | undefined {
  const [only, another] = mono.powers;
  const inner = only?.atom.shape;
  if (inner?.kind !== 'sum' || another !== undefined || mono.exponent !== undefined || only?.times !== 1)
    return undefined;
  if (nestingKey(inner.range) >= nestingKey(range)) return undefined;
  const dependent = inner.range.kind === 'tokens' && boundInLeaf(inner.range.of).includes(index.name);
  if (dependent) return undefined;
  return sumOf(ring, inner.index, inner.range, sumOf(ring, index, range, single(inner.body, ONE)));
}

/** The sums that distributions and lengths define. */
function normalised(ring: Ring, index: Var, range: Range, mono: Mono): Poly | undefined {
  const leaf = (name: string, args: readonly Expr[]): Poly =>
    single(ofAtom(ring, atomOf(ring, { kind: 'name', of: apply(name, args) })), ONE);
  if (mono === ring.one) return range.kind === 'tokens' ? leaf('len', [range.of]) : undefined;
  const [only, another] = mono.powers;
  if (only === undefined || another !== undefined || mono.exponent !== undefined || only.times !== 1)
    return undefined;
  const inLog = only.atom.shape.kind === 'log' ? loneAtom(only.atom.shape.of) : undefined;
  const shape = (inLog ?? only.atom).shape;
  if (shape.kind !== 'name' || shape.of.kind !== 'apply') return undefined;
  const { name } = shape.of;
  const args = writtenArguments(ring.declared, shape.of);
  const last = args.at(-1);
  const isIndex = (e: Expr | undefined): boolean => e?.kind === 'var' && e.name === index.name;
  const outer = args.slice(0, -1);
  if (!isIndex(last) || outer.some(isIndex) || datumOf(ring.declared, name)?.distribution !== true)
    return undefined;
  if (inLog === undefined) return range.kind === 'tokens' ? undefined : constant(ring, ONE);
  const [response, another2] = outer;
  if (range.kind !== 'tokens' || response === undefined || another2 !== undefined) return undefined;
  // sum_t log p(y,t) = log p(y): a sequence's probability is the product over its own tokens.
  const own = response.kind === 'var' && range.of.kind === 'var' && response.name === range.of.name;
  const prompts = shape.of.args.filter((arg) => !args.includes(arg));
  return own ? logOf(ring, leaf(name, [response, ...prompts])) : undefined;
}

function loneAtom(poly: Poly): Atom | undefined {
  const [only, another] = [...poly.keys()];
  const [power, second] = only?.powers ?? [];
  return another === undefined && second === undefined && only?.exponent === undefined && power?.times === 1
    ? power.atom
    : undefined;
}

/** The element with one bound index renamed; rebuilt by the operations, so it is canonical again. */
function renameBound(ring: Ring, poly: Poly, from: Var, to: Var): Poly {
  if (from.name === to.name && from.sort === to.sort) return poly;
  const inLeaf = (e: Expr): Expr => {
    if (e.kind === 'var') return e.name === from.name ? to : e;
    return e.kind === 'apply' ? apply(e.name, e.args.map(inLeaf)) : e;
  };
  const inAtom = (atom: Atom): Poly => {
    const { shape } = atom;
    switch (shape.kind) {
      case 'name': {
        const of = inLeaf(shape.of);
        return of.kind === 'var' || of.kind === 'apply' || of.kind === 'sym'
          ? single(ofAtom(ring, atomOf(ring, { kind: 'name', of })), ONE)
          : ZERO_POLY;
      }
      case 'log':
        return logOf(ring, inPoly(shape.of));
      case 'group':
        return inPoly(shape.of);
      case 'root':
        return generalPower(ring, inPoly(shape.of), constant(ring, { n: 1n, d: BigInt(shape.degree) }));
      case 'parity':
        return generalPower(ring, constant(ring, MINUS_ONE), inPoly(single(shape.of, ONE)));
      case 'fn': {
        const args = shape.args.map(inPoly);
        const [a = ZERO_POLY, b = ZERO_POLY] = args;
        if (shape.fn === 'max') return maxOf(ring, [ZERO_POLY, ...args]);
        return shape.fn === 'pow' ? generalPower(ring, a, b) : indicator(ring, shape.fn, ZERO_POLY, a);
      }
      case 'sum': {
        const range: Range =
          shape.range.kind === 'tokens' ? { kind: 'tokens', of: inLeaf(shape.range.of) } : shape.range;
        return sumOf(ring, shape.index, range, inPoly(single(shape.body, ONE)));
      }
    }
  };
  const inPoly = (old: Poly): Poly => {
    const parts: Poly[] = [];
    for (const [mono, c] of old) {
      if (!mono.bound.includes(from.name)) {
        parts.push(single(mono, c));
        continue;
      }
      let made = exponential(ring, inPoly(mono.exponent ?? ZERO_POLY));
      for (const { atom, times: k } of mono.powers) {
        const base = inAtom(atom);
        made = multiply(
          ring,
          made,
          k < 0 ? powerOf(ring, reciprocalOf(ring, base), -k) : powerOf(ring, base, k),
        );
      }
      parts.push(scale(made, c));
    }
    return addPolys(ring, parts);
  };
  return inPoly(poly);
}
