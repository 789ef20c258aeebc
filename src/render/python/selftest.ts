/** The self-test of an exported module: losses and gradients on a small batch, as computed by our kernels. */

import type { Responses } from '../../numeric/batch.ts';
import type { Example } from '../../report/example.ts';
import type { Module } from './function.ts';
import { gradientName, policyInputs } from './function.ts';
import type { Input } from './inputs.ts';
import type { Nested } from './layout.ts';
import { callLines, flat, nestedLines } from './layout.ts';
import { float, WIDTH } from './literal.ts';

/** How each library makes arrays and compares them. */
interface Spelling {
  readonly make: (kind: Input['kind'], moves: boolean) => readonly [open: string, options: readonly string[]];
  readonly equal: (ours: string, theirs: string, tolerance: string) => readonly string[];
}

const SPELLING: Readonly<Record<Module['dialect']['target'], Spelling>> = {
  python: {
    make: (kind, moves) => [
      'torch.tensor(',
      [
        `dtype=torch.${kind === 'labels' ? 'int64' : kind === 'mask' ? 'bool' : 'float64'}`,
        ...(moves ? ['requires_grad=True'] : []),
      ],
    ],
    equal: (ours, theirs, tolerance) =>
      callLines('torch.testing.assert_close', [ours, theirs, 'rtol=0.0', `atol=${tolerance}`], '    '),
  },
  jax: {
    make: (kind) => [
      'jnp.array(',
      [`dtype=jnp.${kind === 'labels' ? 'int64' : kind === 'mask' ? 'bool_' : 'float64'}`],
    ],
    equal: (ours, theirs, tolerance) =>
      callLines('assert jnp.allclose', [ours, theirs, 'rtol=0.0', `atol=${tolerance}`], '    '),
  },
  numpy: {
    make: (kind) => [
      'np.array(',
      [`dtype=np.${kind === 'labels' ? 'int64' : kind === 'mask' ? 'bool_' : 'float64'}`],
    ],
    equal: (ours, theirs, tolerance) =>
      callLines('np.testing.assert_allclose', [ours, theirs, 'rtol=0.0', `atol=${tolerance}`], '    '),
  },
};

/** `def _self_test` and the lines that call it; nothing where there are no numbers to test with. */
export function selfTest(module: Module): readonly string[] {
  const { report, dialect, inputs, name } = module;
  const { example } = report;
  if (example === undefined) return [];
  const spelling = SPELLING[dialect.target];
  const policy = policyInputs(inputs);
  const isPolicy = (one: Input): boolean => policy.some((other) => other.name === one.name);
  const array = (target: string, kind: Input['kind'], value: Nested, moves: boolean): readonly string[] => {
    const [open, options] = spelling.make(kind, moves);
    const line = `    ${target} = ${open}${flat(value)}, ${options.join(', ')})`;
    if (line.length <= WIDTH) return [line];
    return [
      `    ${target} = ${open}`,
      ...nestedLines(value, '        ', ','),
      ...options.map((option) => `        ${option},`),
      '    )',
    ];
  };
  const call = (of: string, target: string): readonly string[] => {
    const args = [
      ...inputs.arrays.map((one) => one.name),
      ...inputs.settings.map((one) => `${one.name}=${float(example.parameters.get(one.of) ?? Number.NaN)}`),
    ];
    return callLines(`${target} = ${of}`, args, '    ');
  };
  const { values, own, other } = example.losses;
  const tolerance = float(Math.max(...Array.from(own, (x, i) => x + (other[i] ?? 0))));
  const expected = example.gradients.map(({ role, ours }) => ({
    role,
    value: tokens(
      example.batch[role],
      ours.values,
      example.coordinates === 'logits' ? example.batch.vocabulary : 0,
    ),
    tolerance: float(Math.max(...Array.from(ours.own, (x, i) => x + (ours.other[i] ?? 0)))),
  }));
  const gradients = policy.flatMap((one) =>
    expected.filter(({ role }) => role === one.role).map((is) => ({ ...is, one })),
  );
  return [
    'def _self_test() -> None:',
    '    """Losses and gradients on a small batch against those that midpo computed."""',
    ...(dialect.target === 'jax' ? ['    jax.config.update("jax_enable_x64", True)'] : []),
    ...inputs.arrays.flatMap((one) => array(one.name, one.kind, numbersOf(one, example), isPolicy(one))),
    ...call(name, 'losses, chosen_rewards, rejected_rewards'),
    ...array('expected', 'per-pair', [...values].map(float), false),
    ...spelling.equal('losses', 'expected', tolerance),
    '    assert chosen_rewards.shape == rejected_rewards.shape == losses.shape',
    ...(gradients.length === 0
      ? []
      : differentiated(
          module,
          gradients.map(({ one }) => one.name),
          call,
        )),
    ...gradients.flatMap(({ one, role, value, tolerance: allowed }) => [
      ...array('expected', one.kind, value, false),
      ...spelling.equal(
        dialect.target === 'python' ? `${one.name}.grad` : `${role}_gradient`,
        'expected',
        allowed,
      ),
    ]),
    '',
    '',
    'if __name__ == "__main__":',
    '    _self_test()',
    '    print("self-test passed")',
  ];
}

/** The statements that make the gradients. */
function differentiated(
  { dialect, inputs, name }: Module,
  policy: readonly string[],
  call: (of: string, target: string) => readonly string[],
): readonly string[] {
  const results = policyInputs(inputs).map(({ role }) => `${role}_gradient`);
  const targets = `${results.join(', ')}${results.length === 1 ? ',' : ''}`;
  if (dialect.target === 'python') return ['    losses.sum().backward()'];
  if (dialect.target === 'numpy') return call(gradientName(name), targets);
  const indices = policy.map((_, i) => i);
  const total = [
    '',
    `    def total(${policy.map((one) => `${one}: Array`).join(', ')}) -> Array:`,
    ...call(name, 'losses, _, _').map((line) => `    ${line}`),
    '        return losses.sum()',
    '',
  ];
  const argnums = `(${indices.join(', ')}${indices.length === 1 ? ',' : ''})`;
  return [
    ...total,
    `    gradient = jax.grad(total, argnums=${argnums})`,
    ...callLines(`${targets} = gradient`, policy, '    '),
  ];
}

/** An argument's value on the example, padded with noughts. */
function numbersOf({ kind, of, role }: Input, { batch }: Example): Nested {
  const side = batch[role ?? 'chosen'];
  switch (kind) {
    case 'logps':
      return tokens(side, side.logProbs.get(of) ?? new Float64Array(0), 0);
    case 'logits':
      return tokens(side, side.rows.get(of) ?? new Float64Array(0), batch.vocabulary);
    case 'labels':
      return padded(side, (i) => String(side.labels[i] ?? 0), '0');
    case 'mask':
      return padded(side, () => 'True', 'False');
    case 'per-token':
      return tokens(side, side.perToken.get(of) ?? new Float64Array(0), 0);
    case 'per-response':
      return [...(side.perResponse.get(of) ?? [])].map(float);
    case 'per-pair':
      return [...(batch.perPair.get(of) ?? [])].map(float);
    case 'per-prompt':
      return [...(batch.perPrompt.get(of) ?? [])].map(float);
  }
}

/** Numbers by token, or `width` of them by token. */
const tokens = (side: Responses, values: Float64Array, width: number): Nested =>
  width === 0
    ? padded(side, (i) => float(values[i] ?? 0), '0.0')
    : padded(
        side,
        (i) => Array.from({ length: width }, (_, v) => float(values[i * width + v] ?? 0)),
        Array.from({ length: width }, () => '0.0'),
      );

function padded({ count, offsets }: Responses, at: (position: number) => Nested, nothing: Nested): Nested {
  const lengths = Array.from({ length: count }, (_, i) => (offsets[i + 1] ?? 0) - (offsets[i] ?? 0));
  const longest = Math.max(0, ...lengths);
  return lengths.map((length, i) =>
    Array.from({ length: longest }, (_, t) => (t < length ? at((offsets[i] ?? 0) + t) : nothing)),
  );
}
