/** Proof by cases: where max, indicators, roots of squares or {0, 1} data keep two forms apart, decide each sign apart. */

import { same } from '../expr/binder.ts';
import type { Declarations, Fact } from '../expr/declare.ts';
import { domainOf } from '../expr/declare.ts';
import type { Apply, Expr, Sym } from '../expr/expr.ts';
import { add, minus, mul, num } from '../expr/expr.ts';
import type { Rational } from '../expr/rational.ts';
import { invert, negate, ONE } from '../expr/rational.ts';
import { rebuild, some } from '../expr/walk.ts';
import type { Atom, Mono, Poly, Ring } from './element.ts';
import { ofAtom, single } from './element.ts';
import { signOf } from './infer.ts';
import { domainOfLeaf } from './leaf.ts';
import { numberOf } from './logarithm.ts';
import { reify } from './reify.ts';

/** One case: what it grants, and what it replaces. The cases of one split cover everything. */
export interface Case {
  readonly facts: readonly Fact[];
  readonly equation: { readonly left: Sym | Apply; readonly right: Expr } | undefined;
}

export const inCase = (e: Expr, { equation }: Case): Expr =>
  equation === undefined
    ? e
    : rebuild(e, (node) =>
        node.kind === equation.left.kind && same(node, equation.left) ? equation.right : node,
      );

/** The declarations of a case. A replaced hyper-parameter keeps its domain: it no longer occurs. */
export const declaredIn = (declared: Declarations, { facts }: Case): Declarations =>
  facts.length === 0 ? declared : { ...declared, facts: [...declared.facts, ...facts] };

/** Cases that may bring two sides together, undefined where nothing in the difference calls for them. */
export function splitCases(ring: Ring, difference: Poly): readonly Case[] | undefined {
  const atoms = atomsIn(difference);
  const innermost = atoms
    .filter((atom) => isKink(atom) && atom.bound.length === 0)
    .filter((atom) => !argumentsOf(atom).some((p) => atomsIn(p).some(isKink)))
    .sort((p, q) => weight(p) - weight(q));
  for (const atom of innermost) {
    const cases = casesOf(ring, atom);
    if (cases !== undefined) return cases;
  }
  return booleanCases(ring, atoms);
}

const isKink = ({ shape }: Atom): boolean => shape.kind === 'root' || shape.kind === 'fn';

/** Plain arguments first: the sign of exp(a) - exp(b) follows from that of a - b, not the other way round. */
const weight = (atom: Atom): number =>
  argumentsOf(atom).reduce((sum, p) => sum + p.size + 10 * [...p.keys()].filter(isTranscendental).length, 0);
const isTranscendental = (mono: Mono): boolean =>
  mono.exponent !== undefined || mono.powers.some(({ atom }) => atom.shape.kind === 'log');

function argumentsOf({ shape }: Atom): readonly Poly[] {
  switch (shape.kind) {
    case 'name':
      return [];
    case 'fn':
      return shape.args;
    case 'sum':
      return [single(shape.body, ONE)];
    case 'parity':
      return [single(shape.of, ONE)];
    default:
      return [shape.of];
  }
}

/** Every atom of an element, those inside atoms and exponents too, inner ones first. */
function atomsIn(poly: Poly, found: Atom[] = []): readonly Atom[] {
  for (const mono of poly.keys()) {
    for (const { atom } of mono.powers) {
      if (found.includes(atom)) continue;
      for (const arg of argumentsOf(atom)) atomsIn(arg, found);
      if (!found.includes(atom)) found.push(atom);
    }
    if (mono.exponent !== undefined) atomsIn(mono.exponent, found);
  }
  return found;
}

function casesOf(ring: Ring, { shape }: Atom): readonly Case[] | undefined {
  if (shape.kind === 'root') {
    // The root of x^2 y: the sign of x decides.
    const factor = [...shape.of.keys()]
      .flatMap((mono: Mono) => mono.powers)
      .find(({ atom }) => signOf(ring, single(ofAtom(ring, atom), ONE)) === 'unknown');
    return factor === undefined
      ? undefined
      : bySign(reify(ring, single(ofAtom(ring, factor.atom), ONE)), false);
  }
  if (shape.kind !== 'fn') return undefined;
  if (shape.fn === 'pow') {
    const [base] = shape.args;
    const sign = base === undefined ? 'zero' : signOf(ring, base);
    return base === undefined || sign !== 'unknown'
      ? undefined
      : bySign(reify(ring, base), true).slice(0, ring.nonzero.has(base) ? 2 : 3);
  }
  const x = shape.args.find((arg) => numberOf(ring, arg) === undefined);
  return x === undefined ? undefined : bySign(reify(ring, x), shape.fn !== 'max');
}

/** x >= 0 or x <= 0; with `strict`, x > 0, x = 0 or x < 0, the middle one by substitution where x is a name plus the rest. */
function bySign(x: Expr, strict: boolean): readonly Case[] {
  const fact = (kind: Fact['kind'], of: Expr): Case => ({ facts: [{ kind, of }], equation: undefined });
  if (!strict) return [fact('nonnegative', x), fact('nonnegative', minus(x))];
  return [fact('positive', x), fact('positive', minus(x)), zeroCase(x)];
}

/** x = c * name + others = 0 by substitution for the first name that stands nowhere else in x. */
function zeroCase(x: Expr): Case {
  const facts: readonly Fact[] = [
    { kind: 'nonnegative', of: x },
    { kind: 'nonnegative', of: minus(x) },
  ];
  const terms = x.kind === 'add' ? x.terms : [x];
  for (const [i, term] of terms.entries()) {
    const linear = linearTerm(term);
    const others = terms.toSpliced(i, 1);
    if (linear === undefined || others.some((other) => some(other, (node) => same(node, linear.name))))
      continue;
    const right = others.length === 0 ? num(0) : mul([num(negate(invert(linear.c))), add(others)]);
    return { facts, equation: { left: linear.name, right } };
  }
  return { facts, equation: undefined };
}

function linearTerm(term: Expr): { readonly c: Rational; readonly name: Sym | Apply } | undefined {
  const [first, second, third] = term.kind === 'mul' ? term.factors : [num(1), term];
  if (third !== undefined || first?.kind !== 'num') return undefined;
  return second?.kind === 'sym' || second?.kind === 'apply' ? { c: first.value, name: second } : undefined;
}

/** A {0, 1}-valued hyper-parameter that sits inside an atom or exponent: both values. */
function booleanCases(ring: Ring, atoms: readonly Atom[]): readonly Case[] | undefined {
  for (const { shape } of atoms) {
    if (shape.kind !== 'name' || shape.of.kind === 'var') continue;
    if (domainOfLeaf(ring.declared, shape.of) !== 'boolean') continue;
    if (shape.of.kind === 'sym' && domainOf(ring.declared, shape.of.name) !== 'boolean') continue;
    const left = shape.of;
    return [0, 1].map((value) => ({ facts: [], equation: { left, right: num(value) } }));
  }
  return undefined;
}
