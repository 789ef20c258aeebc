/** `derive` where there is no derivation to show: the verdict first for people, one document for programs, no file. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { wrongWith } from '../schema/schemas.ts';
import { folderWith, midpo } from './run.ts';

const UNPROVED = '-log(sigmoid(beta*(log(pi(w)/(1 - ref(w))) - log(pi(l)/(1 - ref(l))))))';
const REFUSED = ['derive', '-e', UNPROVED, '--assume', 'beta > 0'];

describe('a derivation that the checker refuses', () => {
  test('as text opens with the verdict and claims nothing', () => {
    const { exit, out, err } = midpo(REFUSED);
    expect({ exit, err }).toEqual({ exit: 1, err: '' });
    const [, , first] = out.split('\n');
    expect(first).toMatch(/^ {2}Not established\. The independent checker refused/);
    expect(out.indexOf('1 - π_ref(y) > 0 is not proved')).toBeLessThan(out.indexOf('Claim'));
    expect(out).not.toContain('It is the loss of');
    expect(out).not.toContain('Result');
  });

  test('as JSON is the verdict of the checker, with the fault and its place', () => {
    const { exit, out, err } = midpo([...REFUSED, '--to', 'json']);
    expect({ exit, err }).toEqual({ exit: 1, err: '' });
    const document = JSON.parse(out);
    expect(wrongWith('audit', document)).toEqual([]);
    expect(document).toMatchObject({ schema: 'midpo/audit', verdict: 'refused' });
    expect(document.fault).toMatchObject({ kind: 'bad-definition', stage: null, step: null });
    expect(document.fault.says).toMatch(/^1 - ref\(y\) > 0 is not proved/);
  });

  test.each(['latex', 'latex-fragment', 'markdown', 'quarto', 'html'])('as %s is one line of error', (to) => {
    const { exit, out, err } = midpo([...REFUSED, '--to', to]);
    expect({ exit, out }).toEqual({ exit: 1, out: '' });
    expect(err).toMatch(
      /^formula is not derived, and nothing is written: .*1 - ref\(y\) > 0 is not proved.*\n$/,
    );
  });

  test.each(['text', 'json', 'latex'])('to a file as %s writes none', (to) => {
    const file = join(folderWith(), 'never');
    const { exit, out, err } = midpo([...REFUSED, '--to', to, '-o', file]);
    expect({ exit, out }).toEqual({ exit: 1, out: '' });
    expect(err).toContain('nothing is written');
    expect(existsSync(file)).toBe(false);
  });
});
