/** The words for what keeps a plot from being drawn. */

import type { PlotFault } from '../report/plot.ts';
import { runFault } from './numeric-fault.ts';
import type { Sentences } from './sentence.ts';
import { code, say } from './sentence.ts';
import { measured } from './value.ts';

const PLOT: Sentences<PlotFault> = {
  'no-value': ({ claim, name }) =>
    `${code(name)} of ${code(claim)} has no value: give one with ${code(`--set ${name}=0.1`)}`,
  'unknown-setting': ({ name, suggestion }) =>
    `--set: no claim has ${code(name)}${suggestion === undefined ? '' : `; did you mean ${code(suggestion)}?`}`,
  'outside-domain': ({ name, value, is }) => `--set: ${code(name)} is ${value}, which is not ${is}`,
  'cannot-plot': ({ claim, fault }) => `${code(claim)} cannot be drawn: ${runFault(fault)}`,
  'defined-nowhere': ({ claim }) =>
    `${code(claim)} has no finite value anywhere in this range; other values can be given with --set`,
  'no-reward': ({ claim }) => `${code(claim)} has no implicit reward: it is no function of one logit`,
  'margin-out-of-reach': ({ margin, most }) =>
    `at the margin ${measured(margin)} the policy would give a token a probability of one or more: with these lengths it may lie between ${measured(-most)} and ${measured(most)}`,
};

export const plotFault = (fault: PlotFault): string => say(PLOT, fault);
