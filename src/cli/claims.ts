/** From what was typed to claims: names, paths and formulas, in their order, with what is assumed of them. */

import type { Variant } from '../index.ts';
import { assuming, faultText, formulaClaim, freeNames, nearest } from '../index.ts';
import type { Outcome } from './outcome.ts';
import { didYouMean, refusal } from './outcome.ts';
import { readInput } from './terminal.ts';

export interface ClaimOptions {
  readonly expression?: readonly string[] | undefined;
  readonly assume?: readonly string[] | undefined;
  readonly data?: readonly string[] | undefined;
}

/** A claim as it was typed. */
interface Typed {
  readonly kind: 'name' | 'formula';
  readonly text: string;
}

const WHAT_CLAIMS_ARE =
  ': an id (see `midpo list`), a derivation file (./mine.yaml) or a formula (after `=` or `-e`)';

/** More than the longest formula: the formula language says itself what is too long. */
const LONGEST_INPUT = 1_000_000;

/**
 * The claims of a command that takes `count` of them. A formula beside a named claim speaks in the names of
 * that claim. Assumptions are about the formulas; where there are none, about the first claim.
 */
export async function readClaims(
  positional: readonly string[],
  options: ClaimOptions,
  count: number,
): Promise<readonly Variant[] | Outcome> {
  const { expression = [], assume = [], data = [] } = options;
  const given = positional.length + expression.length;
  if (given !== count) {
    const wanted = count === 1 ? 'one claim' : `${count} claims`;
    return refusal(`${wanted} wanted, ${given === 0 ? 'none' : given} given${WHAT_CLAIMS_ARE}`);
  }
  const typed = await readTyped(positional, expression);
  if (!isList(typed)) return typed;

  const named: (Variant | undefined)[] = [];
  for (const { kind, text } of typed) {
    // Reading files takes libraries that formulas do without.
    const found = kind === 'name' ? (await import('../node.ts')).loadVariant(text) : undefined;
    if (found !== undefined && found.kind !== 'variant') return refusal(faultText(found));
    named.push(found);
  }
  const beside = named.find((variant) => variant !== undefined);
  const claims: Variant[] = [];
  for (const [i, { text }] of typed.entries()) {
    const claim = named[i] ?? formulaClaim(text, { assume, data, beside });
    if (claim.kind !== 'variant') return refusal(faultText(claim));
    claims.push(claim);
  }
  if (typed.some(({ kind }) => kind === 'formula')) return claims;
  if (data.length > 0) {
    return refusal('--data declares the data of a formula; a derivation file declares its own');
  }
  return assumeOfNamed(claims, assume);
}

async function readTyped(
  positional: readonly string[],
  expression: readonly string[],
): Promise<readonly Typed[] | Outcome> {
  const typed: Typed[] = [];
  for (const text of positional) {
    if (text === '-') {
      if (positional.indexOf('-') !== positional.lastIndexOf('-')) {
        return refusal('standard input holds one formula: `-` may stand for one claim only');
      }
      const input = await readInput(LONGEST_INPUT);
      if (input === undefined) return refusal('standard input is not a formula: too long, or not UTF-8');
      typed.push({ kind: 'formula', text: withoutSign(input.trim()) });
    } else if (text.startsWith('=')) {
      typed.push({ kind: 'formula', text: withoutSign(text) });
    } else {
      typed.push({ kind: 'name', text });
    }
  }
  return [...typed, ...expression.map((text): Typed => ({ kind: 'formula', text: withoutSign(text) }))];
}

/** A formula after `-e` or from standard input may begin with `=` too. */
const withoutSign = (text: string): string => text.replace(/^=/, '');

/** A misspelt name in an assumption would assume nothing of the claim: it is refused. */
function assumeOfNamed(claims: readonly Variant[], assume: readonly string[]): readonly Variant[] | Outcome {
  const [first, ...others] = claims;
  if (first === undefined || assume.length === 0) return claims;
  const granted = assuming(first, assume);
  if (granted.kind !== 'variant') return refusal(faultText(granted));
  const known = claims.flatMap(({ parameters }) => [...parameters.keys()]);
  const spoken = [
    ...Object.keys(granted.declared.parameters),
    ...granted.declared.facts.flatMap(({ of }) =>
      freeNames(of).flatMap((e) => (e.kind === 'sym' ? [e.name] : [])),
    ),
  ];
  const unknown = spoken.find((name) => !known.includes(name));
  if (unknown === undefined) return [granted, ...others];
  const where = claims.map(({ id }) => id).join(' or ');
  return refusal(`no hyper-parameter \`${unknown}\` in ${where}${didYouMean(nearest(unknown, known))}`);
}

/** One claim that is to be a loss: it is about the chosen or the rejected response. */
export async function readLoss(
  positional: readonly string[],
  options: ClaimOptions,
): Promise<Variant | Outcome> {
  const claims = await readClaims(positional, options, 1);
  if (!isList(claims)) return claims;
  const [claim] = claims;
  if (claim === undefined) throw new Error('one claim was asked for and none was read');
  return isOfPair(claim) ? claim : noLoss;
}

/** As many claims as there are, each of them a loss; none is an empty list. */
export async function readLosses(
  positional: readonly string[],
  options: ClaimOptions,
): Promise<readonly Variant[] | Outcome> {
  const claims = await readClaims(positional, options, positional.length + (options.expression?.length ?? 0));
  return isList(claims) && !claims.every(isOfPair) ? noLoss : claims;
}

const isOfPair = ({ loss }: Variant): boolean =>
  freeNames(loss).some(({ kind, name }) => kind === 'var' && (name === 'w' || name === 'l'));

const noLoss = refusal(
  'a loss is about the chosen response `w` and the rejected response `l`, and this formula mentions neither',
);

const isList = <T>(value: readonly T[] | Outcome): value is readonly T[] => Array.isArray(value);
