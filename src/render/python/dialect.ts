/** What torch, jax and numpy call things. */

import type { ScalarName } from '../../numeric/functions.ts';

export const TARGETS = ['python', 'jax', 'numpy'] as const;
export type Target = (typeof TARGETS)[number];

/** Helpers that a module may need, each written out in it. */
export type Helper =
  | 'masked-sum'
  | 'masked-logsumexp'
  | 'select'
  | 'token'
  | 'positions'
  | 'log1mexp'
  | 'logsigmoid'
  | 'sigmoid'
  | 'log-softmax'
  | 'logsumexp'
  | 'at-labels'
  | 'through-softmax';

/** A function as it is called, and the helper that has to be there. */
export interface Fn {
  readonly name: string;
  readonly helper?: Helper;
}

export interface Dialect {
  readonly target: Target;
  /** The type of an array, in annotations. */
  readonly array: string;
  /** Prefix of array functions: `torch.exp`. */
  readonly module: string;
  readonly axis: 'dim' | 'axis';
  readonly functions: Readonly<Record<Exclude<ScalarName, 'softplus' | 'relu'>, Fn>>;
  readonly relu: (x: string) => string;
  readonly maximum: string;
  readonly minimum: string;
  readonly logaddexp: string;
  readonly logsumexp: Fn;
  readonly logSoftmax: Fn;
  /** A name or a call without its gradient; undefined where there are no gradients. */
  readonly frozen: ((x: string) => string) | undefined;
  /** An array of numbers of the type that the arguments have. */
  readonly cast: (x: string) => string;
  /** Whether functions of plain numbers are those of the `math` module. */
  readonly plainNumbers: boolean;
}

const named = (module: string, own: Partial<Record<ScalarName, Fn>>): Dialect['functions'] => ({
  exp: { name: `${module}.exp` },
  log: { name: `${module}.log` },
  log1p: { name: `${module}.log1p` },
  expm1: { name: `${module}.expm1` },
  sqrt: { name: `${module}.sqrt` },
  tanh: { name: `${module}.tanh` },
  abs: { name: `${module}.abs` },
  sigmoid: { name: `${module}.sigmoid` },
  logsigmoid: { name: '_logsigmoid', helper: 'logsigmoid' },
  log1mexp: { name: '_log1mexp', helper: 'log1mexp' },
  ...own,
});

const TORCH: Dialect = {
  target: 'python',
  array: 'Tensor',
  module: 'torch',
  axis: 'dim',
  functions: named('torch', { logsigmoid: { name: 'F.logsigmoid' } }),
  relu: (x) => `torch.relu(${x})`,
  maximum: 'torch.maximum',
  minimum: 'torch.minimum',
  logaddexp: 'torch.logaddexp',
  logsumexp: { name: 'torch.logsumexp' },
  logSoftmax: { name: 'torch.log_softmax' },
  frozen: (x) => `${x}.detach()`,
  cast: (x) => `${x}.to(dtype)`,
  plainNumbers: true,
};

const JAX: Dialect = {
  target: 'jax',
  array: 'Array',
  module: 'jnp',
  axis: 'axis',
  functions: named('jnp', {
    sigmoid: { name: 'jax.nn.sigmoid' },
    logsigmoid: { name: 'jax.nn.log_sigmoid' },
  }),
  relu: (x) => `jax.nn.relu(${x})`,
  maximum: 'jnp.maximum',
  minimum: 'jnp.minimum',
  logaddexp: 'jnp.logaddexp',
  logsumexp: { name: 'jax.nn.logsumexp' },
  logSoftmax: { name: 'jax.nn.log_softmax' },
  frozen: (x) => `jax.lax.stop_gradient(${x})`,
  cast: (x) => `${x}.astype(dtype)`,
  plainNumbers: false,
};

const NUMPY: Dialect = {
  target: 'numpy',
  array: 'Array',
  module: 'np',
  axis: 'axis',
  functions: named('np', {
    sigmoid: { name: '_sigmoid', helper: 'sigmoid' },
  }),
  relu: (x) => `np.maximum(${x}, 0.0)`,
  maximum: 'np.maximum',
  minimum: 'np.minimum',
  logaddexp: 'np.logaddexp',
  logsumexp: { name: '_logsumexp', helper: 'logsumexp' },
  logSoftmax: { name: '_log_softmax', helper: 'log-softmax' },
  frozen: undefined,
  cast: (x) => `${x}.astype(dtype)`,
  plainNumbers: false,
};

export const DIALECT: Readonly<Record<Target, Dialect>> = { python: TORCH, jax: JAX, numpy: NUMPY };
