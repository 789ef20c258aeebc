/** `midpo new`: a commented derivation file to start from. */

import { derivationTemplate } from '../index.ts';
import type { Outcome } from './outcome.ts';
import { answer, document, EXIT, refusal } from './outcome.ts';
import { writeFresh } from './write.ts';

export interface NewOptions {
  readonly json?: true | undefined;
}

const ID = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** Writes into the current folder, and never over a file that is there. */
export async function create(id: string, { json }: NewOptions): Promise<Outcome> {
  if (!ID.test(id)) {
    return refusal(
      'an id has lower-case letters, digits and dashes only, as in `my-loss`; it names the file',
    );
  }
  const file = `${id}.yaml`;
  const fault = writeFresh(file, derivationTemplate(id));
  if (fault !== undefined) return refusal(fault);
  if (json) return document(EXIT.holds, { schema: 'midpo/new', version: 1, id, file });
  const { catalogue } = await import('../node.ts');
  const remark = catalogue().includes(id)
    ? `\nThe catalogue has a ${id} too: \`midpo check ${id}\` is about that one, ./${file} about the file.`
    : '';
  return answer(EXIT.holds, `Wrote ${file}. Next: midpo check ./${file}${remark}`);
}
