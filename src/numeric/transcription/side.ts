/** What transcribed losses are given: plain arrays, and the few sums every method needs. */

/** A response under policy and reference; nothing here knows expressions or kernels. */
export interface Side {
  /** Log-probability of each token under a distribution: `pi`, `ref`, `prev`. */
  readonly logs: Readonly<Record<string, readonly number[]>>;
  /** Log-probabilities over the vocabulary at each token; empty where the method needs none. */
  readonly rows: Readonly<Record<string, readonly (readonly number[])[]>>;
  /** Masks and weights of tokens. */
  readonly perToken: Readonly<Record<string, readonly number[]>>;
  /** Scores of the response. */
  readonly perResponse: Readonly<Record<string, number>>;
}

/** The loss of one pair from its sides, hyper-parameters `p`, and data `x` of the pair, the prompt or the batch. */
export type Transcription = (
  w: Side,
  l: Side,
  p: Readonly<Record<string, number>>,
  x: Readonly<Record<string, number>>,
) => number;

export const total = (xs: readonly number[]): number => xs.reduce((sum, x) => sum + x, 0);
export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
export const logSigmoid = (x: number): number => -softplus(-x);
export const sigmoid = (x: number): number =>
  x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));

/** log(1 - exp(x)) for x <= 0 */
export const logOneMinusExp = (x: number): number =>
  x > -0.69 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));

export const logsOf = (y: Side, name: string): readonly number[] => y.logs[name] ?? [];
export const rowsOf = (y: Side, name: string): readonly (readonly number[])[] => y.rows[name] ?? [];
export const weightsOf = (y: Side, name: string): readonly number[] => y.perToken[name] ?? [];
export const sequence = (y: Side, name = 'pi'): number => total(logsOf(y, name));
export const length = (y: Side): number => logsOf(y, 'pi').length;
/** log pi(y) - log ref(y) */
export const ratio = (y: Side, against = 'ref'): number => sequence(y) - sequence(y, against);
export const mean = (y: Side, name = 'pi'): number => sequence(y, name) / length(y);

/** sum_v p (log p - log q) */
const divergence = (p: readonly number[], q: readonly number[]): number =>
  total(
    p.map((logP, v) =>
      logP === Number.NEGATIVE_INFINITY ? 0 : Math.exp(logP) * (logP - (q[v] ?? Number.NaN)),
    ),
  );
/** The divergence of q from p at each token. */
export const divergences = (y: Side, p: string, q: string): readonly number[] =>
  rowsOf(y, p).map((row, t) => divergence(row, rowsOf(y, q)[t] ?? []));
export const dot = (a: readonly number[], b: readonly number[]): number =>
  total(a.map((x, i) => x * (b[i] ?? Number.NaN)));
/** The log-ratio of each token. */
export const tokenRatios = (y: Side): readonly number[] =>
  logsOf(y, 'pi').map((log, t) => log - (logsOf(y, 'ref')[t] ?? Number.NaN));
