/**
 * Every published loss of the catalogue transcribed by hand into plain arithmetic over token log-probabilities:
 * a second opinion on the formulas of the derivation files, and on the whole way from their text to numbers.
 */

import type { Side, Transcription } from './side.ts';
import {
  divergences,
  dot,
  length,
  logOneMinusExp,
  logSigmoid,
  logsOf,
  mean,
  ratio,
  rowsOf,
  sequence,
  sigmoid,
  tokenRatios,
  total,
  weightsOf,
} from './side.ts';

const of = (values: Readonly<Record<string, number>>, name: string): number => values[name] ?? Number.NaN;

/** Losses of DPO's shape differ in the score of a response. */
const bySide =
  (score: (y: Side, p: Readonly<Record<string, number>>) => number): Transcription =>
  (w, l, p) =>
    -logSigmoid(score(w, p) - score(l, p));

const dpo = bySide((y, p) => of(p, 'beta') * ratio(y));
/** beta * (h(w) - h(l)) */
const margin = (w: Side, l: Side, p: Readonly<Record<string, number>>): number =>
  of(p, 'beta') * (ratio(w) - ratio(l));

const masked =
  (rewards: string, penalties: string): Transcription =>
  (w, l, p) => {
    const u = (y: Side): number => dot(weightsOf(y, rewards), tokenRatios(y));
    const d = (y: Side): number => dot(weightsOf(y, penalties), divergences(y, 'ref', 'pi'));
    return -logSigmoid(of(p, 'beta') * (u(w) - u(l)) - of(p, 'beta') * (d(l) - d(w)));
  };

const forward = (y: Side): number => total(divergences(y, 'ref', 'pi'));
const half = (p: Readonly<Record<string, number>>): number => 1 / (2 * of(p, 'beta'));

export const TRANSCRIPTIONS = {
  dpo,
  adpo: dpo,
  dice: bySide((y, p) => of(p, 'beta') * ratio(y, 'prev')),
  'r-dpo': (w, l, p) => -logSigmoid(margin(w, l, p) + of(p, 'alpha') * (length(w) - length(l))),
  'h-dpo': (w, l, p) =>
    -logSigmoid(
      of(p, 'alpha') * of(p, 'beta') * (sequence(w) - sequence(l)) -
        of(p, 'beta') * (sequence(w, 'ref') - sequence(l, 'ref')),
    ),
  simpo: (w, l, p) => -logSigmoid(of(p, 'beta') * (mean(w) - mean(l)) - of(p, 'gamma')),
  'ln-dpo': bySide((y, p) => of(p, 'beta') * (mean(y) - mean(y, 'ref'))),
  tdpo1: (w, l, p) => -logSigmoid(margin(w, l, p) - of(p, 'beta') * (forward(l) - forward(w))),
  tdpo2: (w, l, p) =>
    -logSigmoid(margin(w, l, p) - of(p, 'alpha') * of(p, 'beta') * (forward(l) - forward(w))),
  'tis-dpo': (w, l, p) => {
    const part = (y: Side, weights: readonly number[]): number =>
      dot(weights, tokenRatios(y)) - of(p, 'alpha') * dot(weights, divergences(y, 'pi', 'ref'));
    return -logSigmoid(of(p, 'beta') * (part(w, weightsOf(w, 'gain')) - part(l, weightsOf(l, 'harm'))));
  },
  'sparsepo-common': masked('mu', 'mu'),
  'sparsepo-independent': masked('mu', 'delta'),
  sdpo: bySide((y, p) => of(p, 'beta') * dot(weightsOf(y, 'inside'), tokenRatios(y))),
  rainbowpo: (w, l, p, x) => {
    const reference = of(p, 'm') * (mean(w, 'ref') - mean(l, 'ref'));
    const wanted = reference + (1 - of(p, 'm')) * of(p, 'gamma');
    return -logSigmoid(of(p, 'beta') * of(x, 'phi') * (mean(w) - mean(l) - wanted));
  },
  modpo: bySide(
    (y, p) => (of(p, 'beta') * ratio(y) - of(p, 'lambda') * of(y.perResponse, 'score')) / of(p, 'omega'),
  ),
  kto: (w, l, p, x) =>
    of(p, 'lambda_d') * sigmoid(of(p, 'beta') * (of(x, 'z') - ratio(w))) +
    of(p, 'lambda_u') * sigmoid(of(p, 'beta') * (ratio(l) - of(x, 'z'))),
  'apo-zero': (w, l, p) => sigmoid(-of(p, 'beta') * ratio(w)) + sigmoid(of(p, 'beta') * ratio(l)),
  'apo-down': (w, l, p) => sigmoid(of(p, 'beta') * ratio(w)) + sigmoid(-margin(w, l, p)),
  ipo: (w, l, p) => (ratio(w) - ratio(l) - half(p)) ** 2,
  'ipo-mean': (w, l, p) => (mean(w) - mean(w, 'ref') - (mean(l) - mean(l, 'ref')) - half(p)) ** 2,
  slic: (w, l, p) => Math.max(0, 1 - margin(w, l, p)),
  cdpo: (w, l, p) => {
    const u = margin(w, l, p);
    return -(1 - of(p, 'epsilon')) * logSigmoid(u) - of(p, 'epsilon') * logSigmoid(-u);
  },
  'robust-dpo': (w, l, p) => {
    const [u, e] = [margin(w, l, p), of(p, 'epsilon')];
    return (-(1 - e) * logSigmoid(u) + e * logSigmoid(-u)) / (1 - 2 * e);
  },
  cpo: (w, l, p) => -logSigmoid(of(p, 'beta') * (sequence(w) - sequence(l))) - of(p, 'lambda') * sequence(w),
  orpo: (w, l, p) => {
    const logOdds = (y: Side): number => mean(y) - logOneMinusExp(mean(y));
    return -mean(w) - of(p, 'lambda') * logSigmoid(logOdds(w) - logOdds(l));
  },
  'f-dpo-js': bySide((y, p) => of(p, 'beta') * (Math.LN2 + logSigmoid(ratio(y)))),
  'f-dpo-forward-kl': bySide((y, p) => -of(p, 'beta') * Math.exp(-ratio(y))),
  'f-dpo-alpha': bySide((y, p) => {
    const alpha = of(p, 'alpha');
    return (of(p, 'beta') * (1 - Math.exp(-alpha * ratio(y)))) / alpha;
  }),
  dpop: (w, l, p) =>
    -logSigmoid(of(p, 'beta') * (ratio(w) - ratio(l) - of(p, 'lambda') * Math.max(0, -ratio(w)))),
  odpo: (w, l, p) =>
    -logSigmoid(
      margin(w, l, p) - of(p, 'alpha') * Math.log(of(w.perResponse, 'score') - of(l.perResponse, 'score')),
    ),
  'ld-dpo': (w, l, p) => {
    const shared = Math.min(length(w), length(l));
    const part = (y: Side): number => {
      const ratios = tokenRatios(y);
      return total(ratios.slice(0, shared)) + of(p, 'alpha') * total(ratios.slice(shared));
    };
    return -logSigmoid(of(p, 'beta') * (part(w) - part(l)));
  },
  wpo: (w, l, p) => {
    const weight = (y: Side): number => {
      const collisions = rowsOf(y, 'pi').map((row) => Math.log(total(row.map((log) => Math.exp(2 * log)))));
      return (total(logsOf(y, 'pi')) - total(collisions)) / length(y);
    };
    return -Math.min(1, Math.exp(weight(w) + weight(l))) * logSigmoid(margin(w, l, p));
  },
  exo: (w, l, p) => {
    const [u, e] = [margin(w, l, p), of(p, 'epsilon')];
    return sigmoid(u) * (logSigmoid(u) - Math.log1p(-e)) + sigmoid(-u) * (logSigmoid(-u) - Math.log(e));
  },
  nca: (w, l, p) => {
    const [rw, rl] = [of(p, 'beta') * ratio(w), of(p, 'beta') * ratio(l)];
    return -logSigmoid(rw) - 0.5 * logSigmoid(-rw) - 0.5 * logSigmoid(-rl);
  },
  sppo: (w, l, p) => (ratio(w) - half(p)) ** 2 + (ratio(l) + half(p)) ** 2,
  'cal-dpo': (w, l, p) =>
    -logSigmoid(ratio(w) - ratio(l)) + (ratio(w) - half(p)) ** 2 + (ratio(l) + half(p)) ** 2,
  simper: (w, l) => Math.exp(mean(l)) - Math.exp(mean(w)),
  alphapo: (w, l, p) => {
    const alpha = of(p, 'alpha');
    const score = (y: Side): number => (of(p, 'beta') * (1 - Math.exp(-alpha * mean(y)))) / alpha;
    return -logSigmoid(score(w) - score(l) - of(p, 'gamma'));
  },
  bco: (w, l, p, x) =>
    -logSigmoid(of(p, 'beta') * ratio(w) - of(x, 'delta')) -
    logSigmoid(-(of(p, 'beta') * ratio(l) - of(x, 'delta'))),
  'chi-po': (w, l, p) => {
    const score = (y: Side): number => of(p, 'beta') * (Math.exp(ratio(y)) + ratio(y));
    const bound = 2 * of(p, 'R');
    return -logSigmoid(Math.min(Math.max(score(w) - score(l), -bound), bound));
  },
  rpo: (w, l, p) => -logSigmoid(margin(w, l, p)) - of(p, 'alpha') * mean(w),
  discopop: (w, l, p) => {
    const u = margin(w, l, p);
    const blend = sigmoid(u / of(p, 'tau'));
    return -sigmoid(-u / of(p, 'tau')) * logSigmoid(u) + blend * Math.exp(-u);
  },
  'beta-dpo': (w, l, p, x) => {
    const step = of(p, 'alpha') * (of(x, 'margin') - of(p, 'threshold'));
    return -logSigmoid((1 + step) * margin(w, l, p));
  },
  'dr-dpo': (w, l, p, x) => {
    const s = Math.exp(logSigmoid(margin(w, l, p)) / of(p, 'beta_prime'));
    return -of(p, 'beta_prime') * (s / of(x, 'average') - 1 + Math.log(of(x, 'average')));
  },
  aot: (w, l, p, x) => -logSigmoid(of(p, 'beta') * (sequence(w) - sequence(l) - of(x, 'margin'))),
  'aot-unpaired': (w, l, p, x) => {
    const chosen = -logSigmoid(of(p, 'beta') * (ratio(w) - of(x, 'lower')));
    return (chosen - logSigmoid(of(p, 'beta') * (of(x, 'upper') - ratio(l)))) / 2;
  },
  'alpha-dpo': (w, l, p, x) => {
    const score = (ratio(w) - ratio(l) - of(x, 'centre')) / of(x, 'spread');
    return -logSigmoid(of(p, 'beta') * (mean(w) - mean(l)) - (of(p, 'gamma') + of(p, 'alpha') * score));
  },
  sipo: (w, l, p, x) => {
    const first = margin(w, l, p);
    const second = of(x, 'conflict') === 1 ? -first : first;
    return -of(p, 'omega') * logSigmoid(first) - (1 - of(p, 'omega')) * logSigmoid(second);
  },
  'focal-dpo': (w, l, p) => {
    const u = margin(w, l, p);
    return -(sigmoid(-u) ** of(p, 'gamma')) * logSigmoid(u);
  },
  'minor-dpo': (w, l, p) => -logSigmoid(of(p, 'beta') * (ratio(w) - Math.max(0, ratio(l)))),
  'dpo-shift': (w, l, p) => -logSigmoid(of(p, 'beta') * (ratio(w) - of(p, 'shift') * ratio(l))),
} as const satisfies Readonly<Record<string, Transcription>>;

/** What a derivation file names its transcription by. */
export type TranscriptionName = keyof typeof TRANSCRIPTIONS;

const isTranscribed = (name: string): name is TranscriptionName => Object.hasOwn(TRANSCRIPTIONS, name);
export const TRANSCRIBED: readonly TranscriptionName[] = Object.keys(TRANSCRIPTIONS).filter(isTranscribed);
