/** `midpo list`: the catalogue. */

import { catalogueJson, catalogueText, faultText } from '../index.ts';
import { catalogue, loadVariant } from '../node.ts';
import type { Outcome } from './outcome.ts';
import { answer, document, EXIT, refusal } from './outcome.ts';
import { styleOfOutput } from './terminal.ts';

export interface ListOptions {
  readonly json?: true | undefined;
}
