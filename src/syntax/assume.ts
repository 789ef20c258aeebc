/** What users grant besides a formula: assumptions about hyper-parameters, and data declared by their arguments. */

import type { Datum, Declarations, Fact } from '../expr/declare.ts';
import { BUILT_IN, datumOf, FIXED_DISTRIBUTION } from '../expr/declare.ts';
import type { Expr, Sort, Var } from '../expr/expr.ts';
import { sym, variable } from '../expr/expr.ts';
import { compareRationals } from '../expr/rational.ts';
import { endsValue } from './arrange.ts';
import type { Bounds } from './bounds.ts';
import {
  boundsOfDomain,
  boundsOfFact,
  difference,
  domainWithin,
  greater,
  isDomain,
  isEmpty,
  meet,
  narrow,
} from './bounds.ts';
import type { Span } from './fault.ts';
import { refuse } from './fault.ts';
import { parse } from './parse.ts';
import type { Relation, Side } from './relation.ts';
import { only, readRelations, trimmed } from './relation.ts';
import { FORMULA_SCOPE } from './scope.ts';
import type { Token } from './token.ts';
import { tokenise } from './token.ts';
import { CONSTANTS, isReserved } from './word.ts';

interface LastWord {
  readonly word: string;
  /** The text before it. */
  readonly body: string;
}

/** The word after a declaration: `n integer`, `n is open-unit`, `prev(y) distribution`. */
function lastWord(text: string): LastWord {
  const tokens = tokenise(text);
  const length = tokens.at(-2)?.text === '-' ? 3 : 1;
  const word = tokens.slice(-length);
  const before = tokens.slice(0, -length);
  if (before.at(-1)?.text === 'is') before.pop();
  const isWord = word[0]?.kind === 'name' && endsValue(before.at(-1));
  return isWord
    ? { word: word.map((token) => token.text).join(''), body: text.slice(0, before.at(-1)?.end) }
    : { word: '', body: text };
}

/**
 * `declared` with the assumption that `text` makes: `beta > 0`, `0 < p < 1`, `n integer`, `alpha != 0`,
 * `len(w) > len(l)`. What is said of one hyper-parameter by numbers goes to its domain as far as a domain can
 * say it; the rest goes to the facts. Throws FormulaError, also if the assumption contradicts an earlier one.
 */
export function readAssumption(text: string, declared: Declarations): Declarations {
  const { word, body } = lastWord(text);
  if (isDomain(word)) {
    const parameter = parse(body, { ...FORMULA_SCOPE, declared });
    if (parameter.kind !== 'sym') return refuse(trimmed(body), { kind: 'not-an-assumption' });
    return narrowed(declared, parameter.name, boundsOfDomain(word), trimmed(text));
  }
  const { relations } = readRelations(text);
  if (relations.length === 0) {
    parse(text, { ...FORMULA_SCOPE, declared });
    refuse(trimmed(text), { kind: 'not-an-assumption' });
  }
  return relations.reduce((granted, relation) => assume(granted, relation, trimmed(text)), declared);
}

function assume(declared: Declarations, relation: Relation, whole: Span): Declarations {
  const [left, right] = readSides(relation, declared);
  if (left.kind === 'num' && right.kind === 'num') {
    const holds = compares(compareRationals(left.value, right.value), relation.mark);
    return holds ? declared : refuse(whole, { kind: 'contradiction', about: '' });
  }
  const fact = factOf(left, relation.mark, right);
  const bounds = boundsOfFact(fact);
  if (bounds !== undefined) return narrowed(declared, ...bounds, whole);
  return { ...declared, facts: [...declared.facts, fact] };
}

function readSides({ left, right }: Relation, declared: Declarations): readonly [Expr, Expr] {
  const scope = { ...FORMULA_SCOPE, declared };
  return [parse(left.text, scope), parse(right.text, scope)];
}

function factOf(left: Expr, mark: Relation['mark'], right: Expr): Fact {
  if (mark === '!=') return { kind: 'nonzero', of: difference(left, right) };
  const strict = mark.length === 1;
  return mark.startsWith('>') ? greater(left, right, strict) : greater(right, left, strict);
}

function compares(order: number, mark: Relation['mark']): boolean {
  if (order === 0) return mark === '<=' || mark === '>=';
  return mark === '!=' || mark.startsWith(order < 0 ? '<' : '>');
}

function narrowed(declared: Declarations, name: string, bounds: Bounds, whole: Span): Declarations {
  return narrow(declared, name, bounds) ?? refuse(whole, { kind: 'contradiction', about: name });
}

/** The sort of an argument in a declaration, by its letter; `y1` and `y_1` are like `y`. */
const SORT_OF_LETTER: ReadonlyMap<string, Sort> = new Map([
  ...Array.from('wlyab', (letter): [string, Sort] => [letter, 'response']),
  ...Array.from('tsk', (letter): [string, Sort] => [letter, 'token']),
  ...Array.from('vu', (letter): [string, Sort] => [letter, 'vocab']),
  ['x', 'prompt'],
]);

/** What stands left of a definition or names data: `h(y)`, `m(y,t)`, `Z()`. */
export interface Head {
  readonly name: string;
  readonly params: readonly Var[];
}

/** Reads a head, the sorts of its parameters from their letters. Throws FormulaError. */
export function readHead(text: string): Head {
  const tokens = tokenise(text);
  const [name, open, ...rest] = tokens;
  const close = rest.pop();
  if (name?.kind !== 'name' || open?.text !== '(' || close?.text !== ')') {
    return refuse(trimmed(text), { kind: tokens.length === 0 ? 'empty' : 'not-a-declaration' });
  }
  if (isReserved(name.text)) refuse(name, { kind: 'name-clash', name: name.text, with: 'function' });
  if (Object.hasOwn(BUILT_IN, name.text)) refuse(name, { kind: 'name-clash', name: name.text, with: 'data' });
  if (CONSTANTS.has(name.text)) refuse(name, { kind: 'constant-name', name: name.text });

  const params: Var[] = [];
  for (const [i, token] of rest.entries()) {
    const isComma = i % 2 === 1;
    const last = i === rest.length - 1;
    if (isComma ? token.text !== ',' || last : token.kind !== 'name') {
      return refuse(token, { kind: 'not-a-declaration' });
    }
    if (!isComma) params.push(parameterNamed(token, params));
  }
  return { name: name.text, params };
}

function parameterNamed(token: Token, before: readonly Var[]): Var {
  const name = token.text;
  const letter = /^([a-z])(?:_?\d{1,3})?$/.exec(name)?.[1] ?? '';
  const sort = SORT_OF_LETTER.get(letter);
  if (sort === undefined) return refuse(token, { kind: 'unknown-argument', name });
  if (before.some((other) => other.name === name)) refuse(token, { kind: 'repeated-argument', name });
  return variable(name, sort);
}

/**
 * `declared` with the data that `text` declares by their arguments: `score(y)`, `m(y,t) >= 0`, `phi(w,l)`,
 * `0 <= u(y) <= 1`; after it may stand a domain (`z(y,t) boolean`), `distribution` (a further fixed
 * distribution with the shapes of `ref`) and `response-only` (it does not depend on the prompt).
 * A name declared again with another argument list takes both. Throws FormulaError.
 */
export function readDatum(text: string, declared: Declarations): Declarations {
  const { body, words } = readWords(text);
  const { sides, relations } = readRelations(body);
  // The one side with brackets is the data; the others are numbers.
  const side = sides.find((candidate) => candidate.text.includes('(')) ?? only(body, trimmed(body));
  const { name, params } = readHead(side.text);
  const whole = trimmed(text);
  if (Object.hasOwn(declared.parameters, name)) {
    refuse(trimmed(side.text), { kind: 'name-clash', name, with: 'parameter' });
  }

  const isDistribution = words.has('distribution');
  const domains = [...words].filter(isDomain).map(boundsOfDomain);
  const all = [...domains, ...relations.map((relation) => boundsOfDatum(relation, side))].reduce(meet, {});
  const { domain, beyond } = domainWithin(all);
  if (isEmpty(all)) refuse(whole, { kind: 'contradiction', about: name });
  if (beyond.length > 0) refuse(whole, { kind: 'not-a-declaration' });

  const shape = params.map((param) => param.sort);
  const prompt = !words.has('response-only');
  const own: Datum = isDistribution
    ? { ...FIXED_DISTRIBUTION, prompt }
    : { is: domain, shapes: [shape], distribution: false, prompt, policy: false };
  const fits = own.shapes.some((known) => known.join() === shape.join());
  const says = domain === 'real' || domain === own.is;
  if (!fits || !says) refuse(whole, { kind: 'not-a-declaration' });
  return {
    ...declared,
    data: { ...declared.data, [name]: joined(datumOf(declared, name), own, name, whole) },
  };
}

/** Strips the words after a declaration. */
function readWords(text: string): { readonly body: string; readonly words: ReadonlySet<string> } {
  const words = new Set<string>();
  let rest = text;
  for (;;) {
    const { word, body } = lastWord(rest);
    const isKnown = isDomain(word) || word === 'distribution' || word === 'response-only';
    if (!isKnown || words.has(word)) return { body: rest, words };
    words.add(word);
    rest = body;
  }
}

function boundsOfDatum({ left, mark, right }: Relation, head: Side): Bounds {
  const value = sym('value');
  const sideOf = (side: Side): Expr => {
    if (side === head) return value;
    const number = parse(side.text);
    return number.kind === 'num' ? number : refuse(trimmed(side.text), { kind: 'not-a-declaration' });
  };
  const fact = factOf(sideOf(left), mark, sideOf(right));
  return boundsOfFact(fact)?.[1] ?? {};
}

/** The data already declared by this name, if any, with the further argument list. */
function joined(known: Datum | undefined, own: Datum, name: string, whole: Span): Datum {
  if (known === undefined) return own;
  if (known.is !== own.is || known.distribution !== own.distribution || known.prompt !== own.prompt) {
    return refuse(whole, { kind: 'conflicting-domain', name, is: known.is });
  }
  const isNew = (shape: readonly Sort[]): boolean => known.shapes.every((old) => old.join() !== shape.join());
  return { ...known, shapes: [...known.shapes, ...own.shapes.filter(isNew)] };
}
