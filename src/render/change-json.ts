/** One change from one loss to another, as JSON. */

import type { Expr } from '../expr/expr.ts';
import type { Change } from '../framework/changes.ts';
import { print } from '../syntax/print.ts';
import type { Json } from '../trace/json.ts';
import { changePhrase } from './change.ts';
import { phrasePlain } from './phrase.ts';

const written = (part: Expr | string): string => (typeof part === 'string' ? part : print(part));

/** `from` and `to`, or `of`, where the kind has them; `says` is the same in words. */
export const changeJson = (change: Change): Json => ({
  kind: change.kind,
  ...('from' in change ? { from: written(change.from), to: written(change.to) } : {}),
  ...('of' in change ? { of: print(change.of) } : {}),
  says: phrasePlain(changePhrase(change)),
});
