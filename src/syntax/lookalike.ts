/** Characters that look right but are not in the language, and what was meant by them. */

const GREEK =
  'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho _ sigma tau upsilon phi chi psi omega';

const MEANT: ReadonlyMap<string, string> = new Map([
  ...GREEK.split(' ').map((name, i): [string, string] => [String.fromCodePoint(0x3b1 + i), name]),
  ['ς', 'sigma'],
  ['ϵ', 'epsilon'],
  ['ϕ', 'phi'],
  ['Σ', 'sum'],
  ['∑', 'sum'],
  ['√', 'sqrt'],
  ['−', '-'],
  ['‐', '-'],
  ['‑', '-'],
  ['–', '-'],
  ['—', '-'],
  ['×', '*'],
  ['·', '*'],
  ['⋅', '*'],
  ['∙', '*'],
  ['•', '*'],
  ['∗', '*'],
  ['÷', '/'],
  ['∕', '/'],
  ['⁄', '/'],
  ['≤', '<='],
  ['≥', '>='],
  ['≠', '!='],
]);

/** The ASCII spelling of what a foreign character stands for, if it is known. */
export function meantBy(character: string): string | undefined {
  const known = MEANT.get(character);
  if (known !== undefined) return known;
  // Superscripts would lose their meaning under compatibility normalisation; they are powers.
  const plain = character.normalize('NFKC');
  if (!/^[\x21-\x7e]+$/.test(plain) || plain === character) return undefined;
  return /^[⁰¹²³⁴-⁹]$/u.test(character) ? `^${plain}` : plain;
}
