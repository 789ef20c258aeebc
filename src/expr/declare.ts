/** What is granted about names: domains of hyper-parameters, shapes and domains of data. Plain data. */

import type { Expr, Sort } from './expr.ts';

/** `unit` is [0, 1], `open-unit` is (0, 1); `boolean` is {0, 1}. */
export const DOMAINS = [
  'real',
  'positive',
  'nonnegative',
  'unit',
  'open-unit',
  'integer',
  'boolean',
] as const;
export type Domain = (typeof DOMAINS)[number];

/** A property an expression may have; licences, assumptions and side conditions are made of these. */
export interface Fact {
  readonly kind: 'positive' | 'nonnegative' | 'nonzero' | 'integer';
  readonly of: Expr;
}

/** One family of data that goes by one name, such as `pi`. */
export interface Datum {
  readonly is: Domain;
  /** The argument lists it takes: `pi` takes (y), (y,t) and (y,t,v). */
  readonly shapes: readonly (readonly Sort[])[];
  /**
   * A probability distribution, positive everywhere. Over responses it is given by its token
   * conditionals: normalised over vocabulary and responses, `sum(t, y, log(p(y,t))) = log(p(y))`.
   */
  readonly distribution: boolean;
  /** Whether it depends on the implicit prompt. `len` does not; the marginal tier turns on this. */
  readonly prompt: boolean;
  /** Whether the policy's parameters enter: only `pi` among the built-in names. */
  readonly policy: boolean;
}

/** Everything granted: read by the decision procedure, the checker, and printed as assumptions. */
export interface Declarations {
  readonly parameters: Readonly<Record<string, Domain>>;
  readonly data: Readonly<Record<string, Datum>>;
  /** Further assumptions that no single domain says, such as `beta - 1` positive. */
  readonly facts: readonly Fact[];
}

const distribution = (policy: boolean): Datum => ({
  is: 'positive',
  shapes: [['response'], ['response', 'token'], ['response', 'token', 'vocab']],
  distribution: true,
  prompt: true,
  policy,
});
const perResponse = (is: Domain, prompt: boolean): Datum => ({
  is,
  shapes: [['response']],
  distribution: false,
  prompt,
  policy: false,
});

/** A distribution fixed with respect to the policy: the shape of `ref`, for `prev` and the like. */
export const FIXED_DISTRIBUTION: Datum = distribution(false);

/** The data every formula may use without declaring it. */
export const BUILT_IN: Readonly<Record<string, Datum>> = Object.freeze({
  pi: distribution(true),
  ref: FIXED_DISTRIBUTION,
  len: perResponse('positive', false),
  r: perResponse('real', true),
  zeta: perResponse('positive', true),
  Z: { is: 'positive', shapes: [[]], distribution: false, prompt: true, policy: false },
  D: { is: 'positive', shapes: [['prompt']], distribution: true, prompt: true, policy: false },
  objective: { is: 'real', shapes: [[]], distribution: false, prompt: false, policy: true },
  pi_star: perResponse('positive', true),
  policy_marginal: {
    is: 'positive',
    shapes: [['response']],
    distribution: false,
    prompt: false,
    policy: true,
  },
  mutual_information: { is: 'real', shapes: [[]], distribution: false, prompt: false, policy: true },
  prior_density: perResponse('positive', true),
  kl_weight: { is: 'positive', shapes: [[]], distribution: false, prompt: false, policy: false },
  prefers: {
    is: 'open-unit',
    shapes: [['response', 'response']],
    distribution: false,
    prompt: true,
    policy: false,
  },
} satisfies Record<string, Datum>);

/** Nothing granted beyond the built-in data. */
export const NOTHING_DECLARED: Declarations = Object.freeze({ parameters: {}, data: BUILT_IN, facts: [] });

/** The domain of a hyper-parameter; undeclared names are real. Safe for names such as `constructor`. */
export const domainOf = (declared: Declarations, name: string): Domain =>
  Object.hasOwn(declared.parameters, name) ? (declared.parameters[name] ?? 'real') : 'real';

/** The declaration of a datum, undefined if there is none. */
export const datumOf = (declared: Declarations, name: string): Datum | undefined =>
  Object.hasOwn(declared.data, name) ? declared.data[name] : undefined;
