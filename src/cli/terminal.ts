/** Where the program stands: how pages should look, and what is piped in. */

import type { Style } from '../index.ts';

const USUAL_WIDTH = 80;
const NARROWEST = 40;

/** Colour for people only: `NO_COLOR` forbids it, `FORCE_COLOR` wants it, otherwise a terminal decides. */
function wantsColor({ NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv): boolean {
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return process.stdout.isTTY === true && TERM !== 'dumb';
}

/** How to write on standard output. */
export const styleOfOutput = (): Style => ({
  color: wantsColor(process.env),
  width: Math.max(NARROWEST, process.stdout.columns ?? USUAL_WIDTH),
});

/** Standard input as text; undefined if it is longer than `limit` bytes or not UTF-8. */
export async function readInput(limit: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of process.stdin) {
    const bytes = Buffer.from(chunk);
    total += bytes.length;
    if (total > limit) return undefined;
    chunks.push(bytes);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    return undefined;
  }
}
