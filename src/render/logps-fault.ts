/** The message for everything that keeps log-probabilities of a training run from being judged. */

import type { CompileFault } from '../numeric/demand.ts';
import type { LogpsFault } from '../report/logps.ts';
import type { SettingFault } from '../report/settings.ts';
import { plainText } from './escape.ts';
import { runFault } from './numeric-fault.ts';
import type { Sentences } from './sentence.ts';
import { code, say } from './sentence.ts';
import { planFault, rowsFault, tensorFault } from './tensor-fault.ts';
import { claimFault, DOMAINS } from './variant-fault.ts';

const SETTINGS: Sentences<SettingFault | { readonly kind: 'no-rows' }> = {
  'no-value': ({ name }) =>
    `the hyper-parameter ${code(name)} has no value: give \`--set ${plainText(name)}=NUMBER\``,
  'outside-its-domain': ({ name, is, value }) => `${code(name)} is ${value}, and has to be ${DOMAINS[is]}`,
  'against-assumption': ({ names }) =>
    `the values of ${names.map(code).join(', ')} are against what is assumed of them`,
  'no-rows': () => 'the file has no rows',
};

/** One message: what, where, and what would be right. `path` is the file that was read. */
export function logpsFault(fault: LogpsFault, path: string): string {
  const at = plainText(path);
  switch (fault.kind) {
    case 'no-value':
    case 'outside-its-domain':
    case 'against-assumption':
      return say(SETTINGS, fault);
    case 'no-rows':
      return `${at}: ${say(SETTINGS, fault)}`;
    case 'needs-distributions':
    case 'no-such-column':
    case 'two-columns':
      return `${at}: ${planFault(fault)}`;
    case 'bad-number':
    case 'uneven':
    case 'no-tokens':
    case 'padding-unknown':
    case 'tokens-wanted':
    case 'lengths-wanted':
    case 'list-unwanted':
    case 'logits-unwanted':
    case 'logits-wanted':
    case 'other-vocabulary':
    case 'bad-label':
    case 'prompt-unknown':
    case 'alignment-unknown':
    case 'not-predicted':
    case 'other-label':
    case 'no-distribution':
    case 'impossible-token':
    case 'disagrees':
      return `${at}: ${rowsFault(fault)}`;
    case 'missing-data':
    case 'missing-parameter':
    case 'free-variable':
    case 'unsupported-range':
    case 'unsupported-arguments':
      return runFault(fault satisfies CompileFault);
    case 'no-such-file':
    case 'is-a-directory':
    case 'unreadable':
    case 'file-too-large':
    case 'not-utf8':
    case 'not-json':
    case 'no-such-vectors':
      return claimFault(fault);
    default:
      return `${plainText(fault.path)}: ${tensorFault(fault)}`;
  }
}
