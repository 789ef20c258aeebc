/** The small functions that exported code may need, written out for each library. */

import type { Helper, Target } from './dialect.ts';

type Texts = Readonly<Partial<Record<Helper, string>>>;

const TORCH: Texts = {
  positions: `
def _positions(mask: Tensor, dtype: torch.dtype) -> Tensor:
    """The numbers of the tokens, from 1."""
    return torch.arange(1, mask.shape[-1] + 1, dtype=dtype, device=mask.device)
`,
  'masked-sum': `
def _masked_sum(values: Tensor, mask: Tensor) -> Tensor:
    """The sum over tokens; what stands at masked positions does not count."""
    return torch.where(mask.bool(), values, 0.0).sum(-1)
`,
  'masked-logsumexp': `
def _masked_logsumexp(values: Tensor, mask: Tensor) -> Tensor:
    """The log of the sum of exponentials over tokens, without masked positions."""
    return torch.logsumexp(torch.where(mask.bool(), values, -math.inf), dim=-1)
`,
  select: `
def _select(logprobs: Tensor, labels: Tensor) -> Tensor:
    """The log-probability of each token, out of those of the whole vocabulary."""
    return logprobs.gather(-1, labels.unsqueeze(-1)).squeeze(-1)
`,
  token: `
def _token(values: Tensor, mask: Tensor, k: int) -> Tensor:
    """What stands at token k, counted from 1; NaN where a response is shorter."""
    there = mask[:, k - 1].bool().reshape((-1,) + (1,) * (values.dim() - 2))
    return torch.where(there, values[:, k - 1], math.nan)
`,
  log1mexp: `
def _log1mexp(x: Tensor) -> Tensor:
    """log(1 - exp(x)) for x <= 0, in the form that does not cancel."""
    near = torch.log(-torch.expm1(x.clamp(min=-math.log(2))))
    far = torch.log1p(-torch.exp(x.clamp(max=-math.log(2))))
    return torch.where(x > -math.log(2), near, far)
`,
};

const JAX: Texts = {
  positions: `
def _positions(mask: Array, dtype: jnp.dtype) -> Array:
    """The numbers of the tokens, from 1."""
    return jnp.arange(1, mask.shape[-1] + 1, dtype=dtype)
`,
  'masked-sum': `
def _masked_sum(values: Array, mask: Array) -> Array:
    """The sum over tokens; what stands at masked positions does not count."""
    return jnp.where(mask.astype(bool), values, 0.0).sum(-1)
`,
  'masked-logsumexp': `
def _masked_logsumexp(values: Array, mask: Array) -> Array:
    """The log of the sum of exponentials over tokens, without masked positions."""
    return jax.nn.logsumexp(jnp.where(mask.astype(bool), values, -jnp.inf), axis=-1)
`,
  select: `
def _select(logprobs: Array, labels: Array) -> Array:
    """The log-probability of each token, out of those of the whole vocabulary."""
    return jnp.take_along_axis(logprobs, labels[..., None], axis=-1)[..., 0]
`,
  token: `
def _token(values: Array, mask: Array, k: int) -> Array:
    """What stands at token k, counted from 1; NaN where a response is shorter."""
    there = mask[:, k - 1].astype(bool).reshape((-1,) + (1,) * (values.ndim - 2))
    return jnp.where(there, values[:, k - 1], jnp.nan)
`,
  log1mexp: `
def _log1mexp(x: Array) -> Array:
    """log(1 - exp(x)) for x <= 0, in the form that does not cancel."""
    near = jnp.log(-jnp.expm1(jnp.maximum(x, -math.log(2))))
    far = jnp.log1p(-jnp.exp(jnp.minimum(x, -math.log(2))))
    return jnp.where(x > -math.log(2), near, far)
`,
};

const NUMPY: Texts = {
  positions: `
def _positions(mask: Array, dtype: np.dtype[Any]) -> Array:
    """The numbers of the tokens, from 1."""
    return np.arange(1, mask.shape[-1] + 1, dtype=dtype)
`,
  'masked-sum': `
def _masked_sum(values: Array, mask: Array) -> Array:
    """The sum over tokens; what stands at masked positions does not count."""
    return np.where(mask.astype(bool), values, 0.0).sum(-1)
`,
  'masked-logsumexp': `
def _masked_logsumexp(values: Array, mask: Array) -> Array:
    """The log of the sum of exponentials over tokens, without masked positions."""
    return _logsumexp(np.where(mask.astype(bool), values, -np.inf), axis=-1)
`,
  select: `
def _select(logprobs: Array, labels: Array) -> Array:
    """The log-probability of each token, out of those of the whole vocabulary."""
    return np.take_along_axis(logprobs, labels[..., None], axis=-1)[..., 0]
`,
  token: `
def _token(values: Array, mask: Array, k: int) -> Array:
    """What stands at token k, counted from 1; NaN where a response is shorter."""
    there = mask[:, k - 1].astype(bool).reshape((-1,) + (1,) * (values.ndim - 2))
    return np.where(there, values[:, k - 1], np.nan)
`,
  log1mexp: `
def _log1mexp(x: Array) -> Array:
    """log(1 - exp(x)) for x <= 0, in the form that does not cancel."""
    near = np.log(-np.expm1(np.maximum(x, -math.log(2))))
    far = np.log1p(-np.exp(np.minimum(x, -math.log(2))))
    return np.where(x > -math.log(2), near, far)
`,
  logsigmoid: `
def _logsigmoid(x: Array) -> Array:
    """log(1 / (1 + exp(-x))), without overflow."""
    return np.minimum(x, 0.0) - np.log1p(np.exp(-np.abs(x)))
`,
  sigmoid: `
def _sigmoid(x: Array) -> Array:
    """1 / (1 + exp(-x)), without overflow."""
    small = np.exp(-np.abs(x))
    return np.where(x < 0.0, small, 1.0) / (1.0 + small)
`,
  'log-softmax': `
def _log_softmax(logits: Array, axis: int) -> Array:
    """Log-probabilities of logits."""
    return logits - np.expand_dims(_logsumexp(logits, axis=axis), axis)
`,
  logsumexp: `
def _logsumexp(x: Array, axis: int) -> Array:
    """The log of the sum of exponentials, without overflow."""
    top = np.max(x, axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    return np.log(np.sum(np.exp(x - top), axis=axis)) + np.squeeze(top, axis)
`,
};

const NUMPY_GRADIENT: Texts = {
  'at-labels': `
def _at_labels(slope: Array, labels: Array, logprobs: Array) -> Array:
    """A derivative by each token, at its place in the vocabulary."""
    there = np.arange(logprobs.shape[-1]) == labels[..., None]
    return np.where(there, np.broadcast_to(slope, labels.shape)[..., None], 0.0)
`,
  'through-softmax': `
def _through_softmax(slopes: Array, logprobs: Array, mask: Array) -> Array:
    """Derivatives by log-probabilities turned into those by logits."""
    total = np.broadcast_to(slopes, logprobs.shape).sum(-1, keepdims=True)
    slopes = slopes - np.exp(logprobs) * total
    return np.where(mask.astype(bool)[..., None], slopes, 0.0)
`,
};

const HELPERS: Readonly<Record<Target, Texts>> = {
  python: TORCH,
  jax: JAX,
  numpy: { ...NUMPY, ...NUMPY_GRADIENT },
};

/** Helpers that others are made of. */
const NEEDS: Readonly<Partial<Record<Helper, Helper>>> = {
  'log-softmax': 'logsumexp',
  'masked-logsumexp': 'logsumexp',
};

/** The text of the helpers that are needed, two blank lines before each, in one fixed order. */
export function helperTexts(needed: ReadonlySet<Helper>, target: Target): readonly string[] {
  const texts = HELPERS[target];
  const all = new Set([...needed].flatMap((one) => [NEEDS[one] ?? one, one]));
  const order: readonly Helper[] = [
    'logsumexp',
    'log-softmax',
    'select',
    'token',
    'positions',
    'masked-sum',
    'masked-logsumexp',
    'log1mexp',
    'logsigmoid',
    'sigmoid',
    'at-labels',
    'through-softmax',
  ];
  return order.flatMap((one) => (all.has(one) && texts[one] !== undefined ? [texts[one].trim()] : []));
}
