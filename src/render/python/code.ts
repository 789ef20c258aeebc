/** Pieces of Python expressions: text, how tightly it binds, and the axes of its value. */

/** How tightly an expression binds, loosest first. */
export const BINDS = { sum: 1, product: 2, unary: 3, atom: 4 } as const;
export type Binding = (typeof BINDS)[keyof typeof BINDS];

/** The batch axis; the levels of loops, from 0, are the axes after it. No axes: a plain number. */
export const BATCH = -1;

export interface Code {
  readonly text: string;
  readonly binds: Binding;
  /** In ascending order. */
  readonly axes: readonly number[];
  /** A call as its parts, which may stand on lines of their own. */
  readonly call?: { readonly name: string; readonly args: readonly string[] };
}

export const atom = (text: string, axes: readonly number[]): Code => ({ text, binds: BINDS.atom, axes });

/** The text, in brackets if it binds more loosely than its place asks for. */
export const within = ({ text, binds }: Code, place: Binding): string => (binds < place ? `(${text})` : text);

/** All axes of some pieces, in order. */
export const joined = (...all: readonly (readonly number[])[]): readonly number[] =>
  [...new Set(all.flat())].sort((a, b) => a - b);

/** `code` with new axes of size one, so that it broadcasts to `axes`; leading ones come by themselves. */
export function aligned(code: Code, axes: readonly number[]): Code {
  if (code.axes.length === 0) return code;
  const [first = BATCH] = code.axes;
  const index = axes.filter((axis) => axis >= first).map((axis) => (code.axes.includes(axis) ? ':' : 'None'));
  if (!index.includes('None')) return code;
  return atom(`${within(code, BINDS.atom)}[${index.join(', ')}]`, axes);
}

/** A term of a sum. */
export interface Term {
  readonly code: Code;
  readonly negative: boolean;
}

/** A minus in front of a product or a name taken off. */
function unsigned({ code, negative }: Term): Term {
  const signed = code.text.startsWith('-') && code.binds >= BINDS.product && code.binds < BINDS.atom;
  if (!signed) return { code, negative };
  return { code: { ...code, text: code.text.slice(1) }, negative: !negative };
}

/** a + b - c, on one line, or as the terms with their signs. */
export function termsOf(all: readonly Term[]): readonly string[] {
  const axes = joined(...all.map(({ code }) => code.axes));
  const terms = all.map(({ code, negative }) => unsigned({ code: aligned(code, axes), negative }));
  // A sum that begins with a minus reads worse than one that ends with it.
  const first = terms.findIndex(({ negative }) => !negative);
  const order = first > 0 ? [...terms.slice(first, first + 1), ...terms.toSpliced(first, 1)] : terms;
  return order.map(({ code, negative }, i) => {
    const plain = within(code, negative ? BINDS.product : BINDS.sum);
    if (i === 0) return negative ? `-${plain}` : plain;
    return `${negative ? '-' : '+'} ${plain}`;
  });
}

export const sumOf = (terms: readonly Term[]): Code => ({
  text: termsOf(terms).join(' '),
  binds: BINDS.sum,
  axes: joined(...terms.map(({ code }) => code.axes)),
});

export function productOf(a: Code, b: Code): Code {
  const axes = joined(a.axes, b.axes);
  const [left, right] = [aligned(a, axes), aligned(b, axes)];
  return {
    text: `${within(left, BINDS.product)} * ${within(right, BINDS.product)}`,
    binds: BINDS.product,
    axes,
  };
}

export function quotientOf(a: Code, b: Code): Code {
  const axes = joined(a.axes, b.axes);
  const [over, under] = [aligned(a, axes), aligned(b, axes)];
  return {
    text: `${within(over, BINDS.product)} / ${within(under, BINDS.unary)}`,
    binds: BINDS.product,
    axes,
  };
}

export function negated(a: Code): Code {
  const { code, negative } = unsigned({ code: a, negative: true });
  if (!negative) return code;
  const binds = a.binds === BINDS.product ? BINDS.product : BINDS.unary;
  return { text: `-${within(code, BINDS.product)}`, binds, axes: a.axes };
}

/** A call of these arguments as they stand. */
export const callOf = (name: string, args: readonly string[], axes: readonly number[]): Code => ({
  ...atom(`${name}(${args.join(', ')})`, axes),
  call: { name, args },
});

/** A call of arguments brought to common axes. */
export function called(name: string, args: readonly Code[], more: readonly string[] = []): Code {
  const axes = joined(...args.map((arg) => arg.axes));
  return callOf(name, [...args.map((arg) => aligned(arg, axes).text), ...more], axes);
}
