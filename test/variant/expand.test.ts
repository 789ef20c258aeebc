/** Unfolding definitions: in order, through each other, without capture. */

import { describe, expect, test } from 'vitest';
import { same } from '../../src/expr/binder.ts';
import { size } from '../../src/expr/walk.ts';
import { parse } from '../../src/syntax/parse.ts';
import { expand, extentOf } from '../../src/variant/expand.ts';
import { readVariant } from '../../src/variant/read.ts';

function lossOf(define: string, loss: string) {
  const read = readVariant(`title: T\ndefine:\n${define}\nloss: ${loss}`, 'x.yaml');
  if (read.kind !== 'variant') throw new Error(read.kind);
  return read;
}

describe('a loss with definitions', () => {
  test.each<[what: string, define: string, loss: string, unfolded: string]>([
    ['one', '  h(y): log(pi(y) / ref(y))', 'h(w) - h(l)', 'log(pi(w) / ref(w)) - log(pi(l) / ref(l))'],
    [
      'one within another',
      '  a(y): log(pi(y))\n  b(y): exp(a(y))',
      'b(w) - a(l)',
      'exp(log(pi(w))) - log(pi(l))',
    ],
    ['two arguments, exchanged', '  d(w,l): len(w) - len(l)', 'd(l, w)', 'len(l) - len(w)'],
    ['an index', '  g(y,t): log(pi(y,t))', 'sum(t, w, g(w,t))', 'sum(t, w, log(pi(w,t)))'],
    ['an index of another name', '  g(y,t): t * pi(y,t)', 'sum(s, w, g(w,s))', 'sum(s, w, s * pi(w,s))'],
    [
      'a bound index',
      '  g(y): sum(t, y, pi(y,t))',
      'sum(t, w, pi(w,t) * g(l))',
      'sum(t, w, pi(w,t) * sum(s, l, pi(l,s)))',
    ],
    [
      'a token that a binder would capture',
      '  g(y,s): sum(t, y, pi(y,t) * pi(y,s))',
      'sum(t, w, g(w,t))',
      'sum(t, w, sum(k, w, pi(w,k) * pi(w,t)))',
    ],
    [
      'a response that a binder would capture',
      '  g(y): sum(a, Y, len(a) * pi(y))',
      'sum(a, Y, pi(w) * g(a))',
      'sum(a, Y, pi(w) * sum(b, Y, len(b) * pi(a)))',
    ],
  ])('%s', (_, define, loss, unfolded) => {
    const { loss: folded, definitions } = lossOf(define, loss);
    expect(same(expand(folded, definitions), parse(unfolded))).toBe(true);
  });

  test('without definitions stays the very same', () => {
    const e = parse('pi(w) / pi(l)');
    expect(expand(e, [])).toBe(e);
  });

  test('its extent is found without unfolding it', () => {
    const define = '  a(y): pi(y) + len(y)\n  b(y): a(y) * a(y)\n  c(y): b(y) + exp(b(y))';
    const { loss, definitions } = lossOf(define, 'c(w) / c(l)');
    const known = new Map<string, { readonly nodes: number; readonly height: number }>();
    for (const { name, body } of definitions) known.set(name, extentOf(body, known));
    expect(extentOf(loss, known).nodes).toBe(size(expand(loss, definitions)));
  });
});
