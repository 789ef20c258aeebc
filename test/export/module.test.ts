/** Exported modules as source: clean by every tool, harmless whatever the names, self-testing, and in place in a trainer. */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { identifier, newNames } from '../../src/render/python/identifier.ts';
import { float, paragraph, quotable } from '../../src/render/python/literal.ts';
import { pythonModule } from '../../src/render/python/module.ts';
import { trainerName } from '../../src/render/python/trl.ts';
import { reportExport } from '../../src/report/export.ts';
import { formulaClaim } from '../../src/variant/claim.ts';
import { catalogue, loadVariant } from '../../src/variant/files.ts';
import { readVariant } from '../../src/variant/read.ts';
import type { Variant } from '../../src/variant/variant.ts';
import { hasCommand, hasPython, PYTHON, save } from './jobs.ts';

const TORCH = hasPython('torch', 'numpy');
const TARGETS = ['python', 'numpy', 'jax'] as const;

function moduleOf(
  variant: Variant | { readonly kind: string },
  target: (typeof TARGETS)[number],
  trl = false,
) {
  if (!('loss' in variant)) throw new Error(JSON.stringify(variant));
  const report = reportExport(variant);
  if (report.kind !== 'export') throw new Error(JSON.stringify(report));
  return pythonModule(report, { target, trl });
}

const python = (args: readonly string[], input = '') =>
  spawnSync(PYTHON, args, { encoding: 'utf8', input, env: { ...process.env, OMP_NUM_THREADS: '1' } });

/** Names and texts that would do harm as code. */
const HOSTILE = `
title: 'x""" \\ {evil} %s """; import os; os.system("touch /tmp/midpo-pwned") #'
says: "line\\\\N{DOLLAR SIGN}\\\\x41 \\"\\"\\" 'quoted' \\\\"
paper: { title: '"""\\""", exit(1)', authors: ['"""', "\\\\"] }
parameters:
  lambda: { is: positive, default: 0.5, says: 'ends in a backslash \\' }
  import: { is: positive, default: 0.5 }
  torch: { is: positive, default: 0.25, says: '""" + exit(1) + """' }
  losses: { is: positive, default: 0.25 }
  beta_: { is: positive, default: 0.125 }
  chosen_mask: { is: positive, default: 0.5 }
data:
  print(y): { is: real, says: '"""' }
  gradient(y,t): { is: nonnegative }
  np(w,l): { is: real }
  dtype(): { is: real }
define:
  F(y): sum(t, y, gradient(y,t) * log(pi(y,t) / ref(y,t)))
  class(y): lambda * F(y) + import * print(y)
loss: -log(sigmoid(torch * (class(w) - class(l)) + np(w,l) - losses * beta_ * dtype() * chosen_mask))
`;

describe('names', () => {
  test.each([
    ['lambda', 'lambda_'],
    ['print', 'print_'],
    ['__class__', 'class_'],
    ['a"; import os #', 'a_import_os'],
    ['π', 'n'],
    ['9x', 'n_9x'],
    ['', 'n'],
  ])('%s becomes %s', (given, wanted) => {
    expect(newNames().take(given)).toBe(wanted);
  });

  test('any names become different identifiers', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 20 }), (given) => {
        const names = newNames();
        const taken = given.map((name) => names.take(name));
        expect(new Set(taken).size).toBe(taken.length);
        for (const name of taken) expect(name).toMatch(/^[A-Za-z][A-Za-z0-9_]*$/);
        expect(given.map((name) => identifier(name).length <= 40)).not.toContain(false);
      }),
    );
  });
});

describe('text', () => {
  test('whatever it is, it stays within its docstring', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const inside = paragraph(quotable(text), '    ').join('\n');
        expect(inside.replace(/\\./gs, '')).not.toMatch(/["\\]/);
      }),
    );
  });

  test.runIf(TORCH)('Python reads back what was quoted, and floats bit for bit', () => {
    const texts = ['"""', '\\', '\\"""', 'a\\N{DOLLAR SIGN}\\x41\\u0041\\\n', '"'.repeat(7), '$x {y} %s'];
    const numbers = [0.1, -0, 1e300, 5e-324, 2 ** 53, -1 / 3, 1e21];
    const code = [
      `texts = [${texts.map((text) => `"${quotable(text)}"`).join(', ')}]`,
      `numbers = [${numbers.map(float).join(', ')}]`,
      'import json, struct',
      'print(json.dumps([texts, [struct.pack(">d", x).hex() for x in numbers]]))',
    ].join('\n');
    const [read, bits] = JSON.parse(python(['-'], code).stdout);
    expect(read).toEqual(texts.map((text) => text.replace(/\s+/g, ' ').trim()));
    const own = numbers.map((x) => {
      const view = Buffer.alloc(8);
      view.writeDoubleBE(x);
      return view.toString('hex');
    });
    expect(bits).toEqual(own);
  });
});

describe.runIf(TORCH)('hostile files', () => {
  test.each(['python', 'numpy'] as const)('%s: come out as text and harmless names, and run', (target) => {
    const variant = readVariant(HOSTILE, '/tmp/"""; import os #.yaml');
    const module = moduleOf(variant, target);
    const path = save(module);
    const { status, stdout, stderr } = python([path]);
    expect(stderr).toBe('');
    expect([status, stdout]).toEqual([0, 'self-test passed\n']);
    expect(existsSync('/tmp/midpo-pwned')).toBe(false);
    const names = [...module.inputs.arrays, ...module.inputs.settings].map(({ name }) => name);
    expect(names).toContain('lambda_');
    expect(new Set(names).size).toBe(names.length);
  });
});

const FORMULAS: readonly (readonly [formula: string, assume: readonly string[]])[] = [
  ['-log(sigmoid(log(pi(w)/ref(w)) - log(pi(l)/ref(l))))', []],
  ['-log(sigmoid(beta * log(pi(w)/pi(l)) - gamma))', ['beta > 0']],
  ['-logsigmoid(log(a*pi(w) + b*ref(w)) - log(a*pi(l) + b*ref(l)))', ['a > 0', 'b > 0']],
  ['softplus(tanh(pi(l)^k - pi(w)^k)) + abs(log(pi(w,1)))', ['k > 0']],
  ['log(1 + sum(t, w, pi(w,t)^2)) - log(sum(t, l, indicator(t <= 2) * ref(l,t) * pi(l,t)))', []],
  ['stopgrad(pi(w)) * log(pi(l)) + sum(t, w, stopgrad(log(pi(w,t))) * log(pi(w,t)))', []],
  [
    'log(exp(log(pi(w))) + exp(log(pi(l))) + 3) + log(sigmoid(c)) * sqrt(len(w)) - clamp(log(pi(w)), -c, c)',
    ['c > 0'],
  ],
  ['sum(t, w, sum(s, l, log(pi(w,t)) * log(pi(l,s)))) / (len(w) * len(l))', []],
  ['sum(t, w, kl(pi, ref, w, t) * entropy(pi, w, t)) - log(sum(v, V, pi(l,2,v)^2))', []],
  ['log(pi(w)) - 1/3 * log(pi(l)) + 1e-30 - 7/11000001 + 12345678901234567890', []],
];

describe.runIf(TORCH)('formulas of users', () => {
  test.each(FORMULAS)('%s', (formula, assume) => {
    const claim = formulaClaim(formula, { assume });
    for (const target of ['python', 'numpy'] as const) {
      const module = moduleOf(claim, target);
      expect(module.code).toContain('_self_test');
      const { stdout, stderr } = python(['-W', 'ignore', save(module)]);
      expect([stdout, stderr]).toEqual(['self-test passed\n', '']);
    }
  });
});

test.each([
  ['sum(y, Y, pi(y) * log(pi(w)))', 'unsupported-range'],
  ['log(pi(w)) - log(pi(y))', 'free-variable'],
  ['sum(t, w, log(pi(l,t)))', 'crossed-tokens'],
  ['log(pi(w)) * sum(v, V, 1)', 'no-vocabulary'],
  ['log(pi(w)) + objective()', 'policy-data'],
])('%s is refused: %s', (formula, kind) => {
  const claim = formulaClaim(formula);
  if (claim.kind !== 'variant') throw new Error(JSON.stringify(claim));
  expect(reportExport(claim)).toMatchObject({ kind: 'cannot-be-exported', fault: { kind } });
});

describe('all modules', () => {
  const folder = mkdtempSync(join(tmpdir(), 'midpo-modules-'));
  const made = catalogue().flatMap((id) => {
    const variant = loadVariant(id);
    const report = variant.kind === 'variant' ? reportExport(variant) : variant;
    if (report.kind !== 'export') throw new Error(JSON.stringify(report));
    return [
      ...TARGETS.map((target) => [target, pythonModule(report, { target })] as const),
      ['trl', pythonModule(report, { target: 'python', trl: true })] as const,
    ];
  });
  const paths = made.map(([what, { code, name }]) => {
    const path = join(folder, `${what}_${name}.py`);
    writeFileSync(path, code);
    return path;
  });
  const clean = (command: string, ...args: readonly string[]): void => {
    const { status, stdout, stderr } = spawnSync(command, [...args, ...paths], { encoding: 'utf8' });
    expect(`${stdout}${status === 0 ? '' : stderr}`).toMatch(/^(Success.*\n)?$/);
    expect(status).toBe(0);
  };

  test.runIf(hasCommand('black'))('are formatted', () => clean('black', '--check', '--quiet'));
  test.runIf(hasCommand('flake8'))('have no lint', () =>
    clean('flake8', '--isolated', '--max-line-length=88'),
  );
  test.runIf(hasCommand('mypy'))(
    'have sound types',
    () =>
      clean(
        'mypy',
        '--python-executable',
        PYTHON,
        '--ignore-missing-imports',
        '--cache-dir',
        join(folder, 'cache'),
      ),
    300_000,
  );

  test.runIf(TORCH)('train through a trainer of the TRL kind as they do by hand', () => {
    const ids = ['dpo', 'simpo', 'sparsepo-common', 'modpo', 'tdpo2', 'dice'];
    const args = ids.flatMap((id) => {
      const name = `${id.replaceAll('-', '_')}_loss`;
      return [join(folder, `trl_${name}.py`), name, trainerName(name)];
    });
    const { stdout, stderr } = python([join(import.meta.dirname, 'trl_stub.py'), ...args]);
    expect([stdout, stderr]).toEqual(['trained\n', '']);
  });

  test('are the same bytes every time', () => {
    expect(moduleOf(loadVariant('tdpo2'), 'python').code).toBe(
      readFileSync(join(folder, 'python_tdpo2_loss.py'), 'utf8'),
    );
  });
});
