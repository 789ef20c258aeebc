/**
 * How an expression stands on paper: order, fractions, roots, signs, parentheses. Only order and spelling change,
 * never the value; the outputs merely print what is decided here.
 */

import type { Call, Expr, Pow } from '../expr/expr.ts';
import { children } from '../expr/walk.ts';
import type { Display, ShownFn, Term } from './display.ts';
import { core, isTall, someDisplay, width } from './display.ts';
import { isMarked } from './highlight.ts';
import { hasGradient, isCoefficient, orderFactors, orderTerms } from './order.ts';
import { remembered } from './remembered.ts';
import { digitsOf, isNegative, isReciprocal, isRoot, spell, spellProduct } from './spell.ts';

/** `stacked` writes fractions one above the other, `inline` as a/b on one line (terminals, exponents). */
export type Layout = 'stacked' | 'inline';

interface Setting {
  readonly layout: Layout;
  /** Whether e^u may stand for exp(u): not where a hyper-parameter is called e. */
  readonly euler: boolean;
  /** The display of a spelled expression in this setting. */
  readonly show: (e: Expr) => Display;
}

function setting(layout: Layout, euler: boolean): Setting {
  const s: Setting = { layout, euler, show: remembered((e) => display(e, s)) };
  return s;
}
const SETTINGS = {
  euler: { stacked: setting('stacked', true), inline: setting('inline', true) },
  plain: { stacked: setting('stacked', false), inline: setting('inline', false) },
} as const;
const inlined = ({ euler }: Setting): Setting => SETTINGS[euler ? 'euler' : 'plain'].inline;

const ONE: Display = { kind: 'number', digits: '1' };
/** Beyond this width a numerator follows its fraction: 1/n (a + ... + z). */
const WIDE = 16;
/** Beyond this width an exponential is written exp(u). */
const LONG_EXPONENT = 8;

/** The display of `e`. Deterministic, and the same again for an expression read back from it. */
export function arrange(e: Expr, layout: Layout = 'stacked'): Display {
  return show(spell(e), SETTINGS[mentionsE(e) ? 'plain' : 'euler'][layout]);
}

const mentionsE = remembered((e: Expr): boolean =>
  e.kind === 'sym' ? e.name === 'e' : children(e).some(mentionsE),
);

const show = (e: Expr, s: Setting): Display => s.show(e);

function display(e: Expr, s: Setting): Display {
  switch (e.kind) {
    case 'num': {
      const digits = digitsOf(e.value);
      if (digits !== undefined) return { kind: 'number', digits };
      // Spelled products hold no such number, so this is an exponent: 2/3.
      const [over, under] = [e.value.n.toString(), e.value.d.toString()];
      return fraction({ kind: 'number', digits: over }, { kind: 'number', digits: under }, s);
    }
    case 'sym':
      return { kind: 'name', name: e.name };
    case 'var':
      return { kind: 'variable', variable: e };
    case 'apply': {
      const [of] = e.args;
      if (isMarked(e) && of !== undefined) return { kind: 'marked', of: show(of, s) };
      return { kind: 'datum', name: e.name, args: e.args };
    }
    case 'add':
      return { kind: 'terms', terms: orderTerms(e.terms).map((term) => signed(term, s)) };
    case 'mul': {
      const term = signed(e, s);
      return term.negative ? { kind: 'terms', terms: [term] } : term.of;
    }
    case 'pow':
      return showPower(e, s);
    case 'call':
      return showCall(e, s);
    case 'sum':
      return { kind: 'sum', index: e.index, range: e.range, body: closeTerms(show(e.body, s)) };
    case 'freeze':
      return { kind: 'freeze', of: show(e.body, s) };
    case 'grad': {
      const of = show(e.body, s);
      return { kind: 'gradient', of, bare: of.kind === 'datum' || (of.kind === 'call' && of.bare) };
    }
  }
}

function signed(e: Expr, s: Setting): Term {
  const [inner] = isMarked(e) ? children(e) : [];
  if (inner !== undefined) {
    // The sign stays outside the mark, where the terms are joined.
    const { negative, of } = signed(inner, s);
    return { negative, of: { kind: 'marked', of: closeTerms(of) } };
  }
  if (e.kind !== 'mul') return { negative: false, of: show(e, s) };
  const negative = isNegative(e);
  const factors = negative ? e.factors.slice(1) : e.factors;
  return { negative, of: closeTerms(showFactors(factors, s)) };
}

const group = (of: Display): Display => ({ kind: 'group', of });

/** Sums of terms need parentheses wherever they are part of something tighter. */
const closeTerms = (d: Display): Display => (core(d).kind === 'terms' ? group(d) : d);

/** Factors side by side. What reaches to the right, such as a bare log, is closed unless it is the last. */
function sideBySide(factors: readonly Display[]): Display {
  const [only] = factors;
  if (only === undefined) return ONE;
  if (factors.length === 1) return only;
  const last = factors.length - 1;
  return { kind: 'product', factors: factors.map((d, i) => closeFactor(d, i === last)) };
}

function closeFactor(d: Display, last: boolean): Display {
  if (d.kind === 'call' && d.bare && !last) return { ...d, bare: false };
  const inner = core(d);
  const open =
    inner.kind === 'terms' ||
    (inner.kind === 'sum' && !last) ||
    (inner.kind === 'fraction' && inner.inline) ||
    (inner.kind === 'call' && inner.bare && !last) ||
    inner.kind === 'product';
  return open ? group(d) : d;
}

function fraction(over: Display, under: Display, s: Setting): Display {
  if (s.layout === 'stacked') return { kind: 'fraction', over, under, inline: false };
  const loose = (d: Display): boolean => ['terms', 'sum', 'fraction'].includes(core(d).kind);
  const reaches = over.kind === 'product' && over.factors.at(-1)?.kind === 'sum';
  return {
    kind: 'fraction',
    over: loose(over) || reaches ? group(over) : over,
    under: loose(under) || core(under).kind === 'product' ? group(under) : under,
    inline: true,
  };
}

/** A hyper-parameter or a length: what a paper divides a coefficient by, in contrast to a ratio of probabilities. */
const isLight = (e: Expr): boolean =>
  isCoefficient(e) || (e.kind === 'apply' && e.name === 'len') || (e.kind === 'pow' && isLight(e.base));

/** A product without its sign, as coefficient, fraction and data: (alpha/beta) |y|, beta (p/q), log(p)/|y|. */
function showFactors(factors: readonly Expr[], s: Setting): Display {
  const all = (list: readonly Expr[]): readonly Display[] => orderFactors(list).map((e) => show(e, s));
  const ratio = (over: readonly Expr[], under: readonly Expr[]): Display =>
    under.length === 0
      ? sideBySide(all(over))
      : fraction(sideBySide(all(over)), show(spellProduct(under), s), s);

  const above = factors.filter((e) => !isReciprocal(e));
  const below = factors.flatMap((e) => (e.kind === 'pow' && isReciprocal(e) ? [e.base] : []));
  if (below.length === 0) return sideBySide(all(above));

  // (p/q) grad log p: in the numerator it would look like the gradient of the fraction.
  const [moving, still] = [
    above.filter(hasGradient),
    factors.filter((e) => isReciprocal(e) || !hasGradient(e)),
  ];
  if (moving.length > 0) return sideBySide([...factorsOf(showFactors(still, s)), ...all(moving)]);

  const coefficients = above.filter(isCoefficient);
  const data = above.filter((e) => !isCoefficient(e));
  // A fraction below the line keeps the whole denominator together.
  const splits = !below.some((e) => isReciprocal(e) || (e.kind === 'mul' && e.factors.some(isReciprocal)));
  const light = below.filter((e) => splits && isLight(e));
  const heavy = below.filter((e) => !light.includes(e));
  if (data.length === 0) return ratio(coefficients, below);

  const numerator = sideBySide(all(data));
  const stacked = s.layout === 'stacked';
  if (heavy.length > 0) {
    const denominator = show(spellProduct(heavy), s);
    if (stacked && isTall(numerator) && !isTall(denominator)) {
      return sideBySide([ratio(coefficients, below), ...all(data)]);
    }
    // 2p/(p + q), but beta (p/q): a name in front of a ratio of probabilities is its coefficient.
    const joins = coefficients.every((e) => e.kind === 'num') || denominator.kind === 'terms';
    if (joins && light.length === 0) return ratio(above, heavy);
    const front = coefficients.length + light.length > 0 ? [ratio(coefficients, light)] : [];
    return sideBySide([...front.flatMap(factorsOf), ratio(data, heavy)]);
  }
  const separate = coefficients.length > 0 || (stacked && (isTall(numerator) || width(numerator) > WIDE));
  return separate ? sideBySide([ratio(coefficients, light), ...all(data)]) : ratio(data, light);
}

const factorsOf = (d: Display): readonly Display[] => (d.kind === 'product' ? d.factors : [d]);

function showPower(e: Pow, s: Setting): Display {
  if (isReciprocal(e)) return showFactors([e], s);
  if (isRoot(e)) return { kind: 'root', of: show(e.base, s) };
  const base = show(e.base, s);
  return {
    kind: 'power',
    base: isAtom(base) ? base : group(base),
    exponent: show(e.exponent, inlined(s)),
  };
}

/** What can carry an exponent without parentheses. */
function isAtom(shown: Display): boolean {
  const d = core(shown);
  if (d.kind === 'call') return d.fn !== 'log' && d.fn !== 'exp';
  return ['number', 'name', 'variable', 'datum', 'freeze'].includes(d.kind);
}

function showCall(e: Call, s: Setting): Display {
  const args = e.args.map((arg) => show(arg, s));
  const [of] = args;
  const [x] = e.args;
  const fn = shown(e.fn);
  if (
    fn === 'exp' &&
    of !== undefined &&
    x !== undefined &&
    s.layout === 'stacked' &&
    s.euler &&
    isShort(of)
  ) {
    return { kind: 'exponential', exponent: show(x, inlined(s)) };
  }
  return { kind: 'call', fn, args, bare: fn === 'log' && of !== undefined && standsAlone(of) };
}

const isShort = (d: Display): boolean =>
  width(d) <= LONG_EXPONENT &&
  !someDisplay(d, ({ kind }) => ['fraction', 'call', 'sum', 'group', 'exponential', 'root'].includes(kind));

/** What may follow a log without parentheses. */
function standsAlone(shown: Display): boolean {
  const d = core(shown);
  if (d.kind === 'call') return d.fn !== 'log';
  if (d.kind === 'fraction') return !d.inline;
  return ['number', 'name', 'variable', 'datum', 'freeze', 'root'].includes(d.kind);
}

/** Spelling has replaced the functions that are not printed by name. */
function shown(fn: Call['fn']): ShownFn {
  switch (fn) {
    case 'sqrt':
    case 'log1p':
    case 'expm1':
    case 'logsigmoid':
    case 'relu':
      throw new Error(`${fn} was not spelled out`);
    default:
      return fn;
  }
}
