/** Side conditions, judged from declarations by structure alone. What does not follow here does not hold. */

import type { Declarations, Domain, Fact } from '../expr/declare.ts';
import { BUILT_IN, datumOf, domainOf } from '../expr/declare.ts';
import type { Add, Expr } from '../expr/expr.ts';
import { identity, mentions } from './substitute.ts';

/** Declarations made ready: built-in data are what they are everywhere, facts are looked up by identity. */
export interface Granted {
  readonly declared: Declarations;
  readonly facts: ReadonlySet<string>;
}

const factKey = (kind: Fact['kind'], of: Expr): string => `${kind} ${identity(of)}`;

export const grant = (declared: Declarations): Granted => ({
  declared: { ...declared, data: { ...declared.data, ...BUILT_IN } },
  facts: new Set(declared.facts.map(({ kind, of }) => factKey(kind, of))),
});

/** What is known of a value; both together say that it is positive. */
interface Sign {
  readonly nonnegative: boolean;
  readonly nonzero: boolean;
}
const POSITIVE: Sign = { nonnegative: true, nonzero: true };
const NONNEGATIVE: Sign = { nonnegative: true, nonzero: false };
const UNKNOWN: Sign = { nonnegative: false, nonzero: false };

const SIGNS = {
  real: UNKNOWN,
  positive: POSITIVE,
  nonnegative: NONNEGATIVE,
  unit: NONNEGATIVE,
  'open-unit': POSITIVE,
  integer: UNKNOWN,
  boolean: NONNEGATIVE,
} satisfies Record<Domain, Sign>;

/** Whether a fact follows from what is granted, at a place where the indices in `bound` are bound. */
export function follows({ kind, of }: Fact, granted: Granted, bound: readonly string[] = []): boolean {
  if (kind === 'integer') return isGranted(kind, of, granted, bound);
  const { nonnegative, nonzero } = signOf(of, granted, bound);
  return (nonnegative || kind === 'nonzero') && (nonzero || kind === 'nonnegative');
}

/** A fact speaks of particular responses: it says nothing where a sum binds one of their names. */
const isGranted = (kind: Fact['kind'], of: Expr, { facts }: Granted, bound: readonly string[]): boolean =>
  facts.size > 0 && facts.has(factKey(kind, of)) && !bound.some((name) => mentions(of, name));

function signOf(e: Expr, granted: Granted, bound: readonly string[]): Sign {
  const { nonnegative, nonzero } = signByShape(e, granted, bound);
  const has = (kind: Fact['kind']): boolean => isGranted(kind, e, granted, bound);
  return {
    nonnegative: nonnegative || has('positive') || has('nonnegative'),
    nonzero: nonzero || has('positive') || has('nonzero'),
  };
}

function signByShape(e: Expr, granted: Granted, bound: readonly string[]): Sign {
  const inner = (part: Expr): Sign => signOf(part, granted, bound);
  switch (e.kind) {
    case 'num':
      return { nonnegative: e.value.n >= 0n, nonzero: e.value.n !== 0n };
    case 'sym':
      return SIGNS[domainOf(granted.declared, e.name)];
    case 'apply':
      return SIGNS[datumOf(granted.declared, e.name)?.is ?? 'real'];
    case 'add': {
      const signs = e.terms.map(inner);
      const nonnegative = signs.every((sign) => sign.nonnegative);
      if (!nonnegative) return signOfComplement(e, granted);
      return { nonnegative, nonzero: signs.some((sign) => sign.nonzero) };
    }
    case 'mul': {
      const signs = e.factors.map(inner);
      return {
        nonnegative: signs.every((sign) => sign.nonnegative),
        nonzero: signs.every((sign) => sign.nonzero),
      };
    }
    case 'pow': {
      const { nonnegative, nonzero } = inner(e.base);
      return { nonnegative: nonnegative && nonzero, nonzero };
    }
    case 'call': {
      const [of] = e.args;
      if (e.fn === 'abs' && of !== undefined) return { nonnegative: true, nonzero: inner(of).nonzero };
      return e.fn === 'exp' || e.fn === 'sigmoid' || e.fn === 'softplus' ? POSITIVE : UNKNOWN;
    }
    case 'sum': {
      // Every range is non-empty; terms of both signs may cancel.
      const { nonnegative, nonzero } = signOf(e.body, granted, [...bound, e.index.name]);
      return { nonnegative, nonzero: nonnegative && nonzero };
    }
    case 'freeze':
      return inner(e.body);
    case 'var':
    case 'grad':
      return UNKNOWN;
  }
}

/** Of 1 - p, for a share p: not negative, and not zero where the share is never the whole. */
function signOfComplement({ terms }: Add, { declared }: Granted): Sign {
  const [whole, less, further] = terms[0]?.kind === 'num' ? terms : terms.toReversed();
  const [sign, ...shares] = less?.kind === 'mul' ? less.factors : [];
  if (!isOne(whole) || !isMinusOne(sign) || shares.length === 0 || further !== undefined) return UNKNOWN;
  const kinds = shares.map((share) => shareOf(share, declared));
  if (kinds.includes(undefined)) return UNKNOWN;
  return { nonnegative: true, nonzero: kinds.includes('part') };
}

const isOne = (e: Expr | undefined): boolean => e?.kind === 'num' && e.value.n === 1n && e.value.d === 1n;
const isMinusOne = (e: Expr | undefined): boolean =>
  e?.kind === 'num' && e.value.n === -1n && e.value.d === 1n;

const SHARES: Readonly<Partial<Record<Domain, 'part' | 'at-most-whole'>>> = {
  'open-unit': 'part',
  unit: 'at-most-whole',
  boolean: 'at-most-whole',
};

/** What lies between 0 and 1 by declaration or by definition: below 1, or at most 1. */
function shareOf(e: Expr, declared: Declarations): 'part' | 'at-most-whole' | undefined {
  if (e.kind === 'sym') return SHARES[domainOf(declared, e.name)];
  if (e.kind === 'apply') return SHARES[datumOf(declared, e.name)?.is ?? 'real'];
  return e.kind === 'call' && e.fn === 'sigmoid' ? 'part' : undefined;
}
