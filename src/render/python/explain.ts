/** What an exported module says of itself: formula, paper, assumptions, tier, prior, and the meaning of arguments. */

import { some } from '../../expr/walk.ts';
import type { Prior } from '../../framework/membership.ts';
import type { ExportReport } from '../../report/export.ts';
import { print } from '../../syntax/print.ts';
import { plainText } from '../escape.ts';
import { paperPhrase } from '../paper.ts';
import { phrasePlain } from '../phrase.ts';
import { assumptions, plainStatement } from '../statement.ts';
import { tierSentence, WHY_SAYS } from '../words.ts';
import type { Input, Inputs } from './inputs.ts';
import { distributionName, SHAPE } from './inputs.ts';
import { paragraph, quotable } from './literal.ts';

const LIBRARY = { python: 'PyTorch', jax: 'JAX', numpy: 'NumPy' } as const;

/** The docstring of the module, without its quotation marks. */
export function moduleText(report: ExportReport, target: keyof typeof LIBRARY): readonly string[] {
  const { variant, membership } = report;
  const { says, paper, definitions, declared } = variant;
  const words = (text: string): readonly string[] => paragraph(quotable(text), '');
  const formula = (left: string, right: string): readonly string[] =>
    paragraph(quotable(`${left} = ${right}`), '        ', '    ');
  const cited = phrasePlain(paperPhrase(paper));
  const refers = some(report.loss, (e) => e.kind === 'apply' && e.name === 'ref');
  const granted = assumptions(declared).map(plainStatement);
  return [
    ...paragraph(`${quotable(variant.title)}: the loss in ${LIBRARY[target]}, exported by midpo.`, '', '"""'),
    ...(says === undefined ? [] : ['', ...words(says)]),
    '',
    ...formula('loss', print(variant.loss)),
    ...definitions.flatMap(({ name, params, body }) =>
      formula(`${name}(${params.map((param) => param.name).join(', ')})`, print(body)),
    ),
    '',
    ...words(
      `w is the chosen response, l the rejected one; pi is the policy${refers ? ', ref the reference' : ''}.`,
    ),
    ...(cited === '' ? [] : ['', ...words(`Paper: ${cited}.`)]),
    ...(granted.length === 0 ? [] : ['', ...words(`Assuming: ${granted.join(', ')}.`)]),
    '',
    ...words(`Tier: ${membership.tier}. ${tierSentence(membership)}`),
    ...(membership.outside === undefined ? [] : words(WHY_SAYS[membership.outside.why])),
    ...priorLines(membership.prior),
  ];
}

function priorLines(prior: Prior | undefined): readonly string[] {
  if (prior === undefined) return [];
  const line = (head: string, text: string): readonly string[] =>
    paragraph(quotable(`${head} ${text}`), '        ', '    ');
  return prior.kind === 'one'
    ? [
        '',
        'Prior, up to a factor:',
        '',
        ...line('zeta(y) =', print(prior.prior.zeta)),
        ...line('weight =', print(prior.prior.weight)),
      ]
    : [
        '',
        'Priors, up to a factor:',
        '',
        ...line('chosen: zeta(y) =', print(prior.chosen.zeta)),
        ...line('rejected: zeta(y) =', print(prior.rejected.zeta)),
        ...line('weight =', print(prior.chosen.weight)),
      ];
}

const PLAIN = {
  labels: 'tokens as indices into the vocabulary',
  mask: 'true or 1 where a response has a token, false or 0 where it is padded',
} as const;

/** The `Args:` of a docstring. Padding may hold any finite numbers. */
export function argumentLines(report: ExportReport, { arrays, settings }: Inputs): readonly string[] {
  const { parameters } = report.variant;
  const line = (name: string, text: string): readonly string[] =>
    paragraph(`${name}: ${quotable(text)}`, '            ', '        ');
  return [
    '    Args:',
    ...arrays.flatMap((one) => line(one.name, `${SHAPE[one.kind]}, ${meaning(report, one)}.`)),
    ...settings.flatMap(({ name, of }) =>
      line(name, `${ended(parameters.get(of)?.says ?? 'a hyper-parameter')}`),
    ),
  ];
}

const ended = (text: string): string => (/[.!?]$/.test(plainText(text)) ? text : `${text}.`);

function meaning({ variant }: ExportReport, { kind, of, role }: Input): string {
  if (kind === 'labels' || kind === 'mask') return PLAIN[kind];
  if (kind === 'logps' || kind === 'logits') {
    const what = kind === 'logits' ? 'logits over the vocabulary' : 'log-probability of each token';
    const says = variant.distributions.get(of)?.says;
    const whose =
      { policy: 'the policy', ref: 'the reference' }[distributionName(of)] ??
      says ??
      `the distribution ${of}`;
    return `${what} of the ${role} response under ${plainText(whose).replace(/\.$/, '')}`;
  }
  const field = [...variant.data].find(([head]) => head.replace(/\(.*$/, '') === of)?.[1];
  const says = plainText(field?.says ?? `the data ${of}`).replace(/\.$/, '');
  const at = role === undefined ? '' : `, of the ${role} response`;
  return `${says}${at}`;
}
