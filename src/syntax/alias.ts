/** What other languages call the functions and data of formulas, for "did you mean". */

/** The words here, and others for them. */
export const ALIASES: Readonly<Record<string, readonly string[]>> = {
  log: ['ln', 'loge'],
  sigmoid: ['logistic', 'expit', 'sigma', 'sigm', 'inv_logit'],
  logsigmoid: ['log_sigmoid', 'log_expit'],
  softplus: ['log1pexp', 'soft_plus'],
  max: ['maximum', 'fmax', 'amax'],
  min: ['minimum', 'fmin', 'amin'],
  clamp: ['clip', 'clip_by_value'],
  abs: ['absolute', 'fabs'],
  sqrt: ['root', 'square_root'],
  indicator: ['heaviside', 'step', 'iverson', 'where'],
  stopgrad: ['detach', 'stop_gradient', 'sg'],
  kl: ['kl_div', 'kldiv', 'kl_divergence', 'd_kl'],
  len: ['length', 'size'],
  pi: ['policy', 'pi_theta'],
  ref: ['reference', 'pi_ref'],
};

const MEANT: ReadonlyMap<string, string> = new Map(
  Object.entries(ALIASES).flatMap(([meant, names]) => names.map((name) => [name, meant] as const)),
);

/** The name here of what is called `name` elsewhere; case is free. Undefined where none is known. */
export const aliasOf = (name: string): string | undefined => MEANT.get(name.toLowerCase());
