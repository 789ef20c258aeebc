/** How V8, the engine below Node, is to run a program that is over within a second. */

import { setFlagsFromString } from 'node:v8';

/**
 * V8 optimises a function once so many bytes of its byte code have run (66 KiB, if nobody says otherwise). A short
 * command then spends a third of its time on compiling what it is about to leave; what runs on for seconds gets
 * there all the same.
 */
const BYTES_BEFORE_OPTIMISING = 500_000;

/** The flag is one of V8 11, Node 20's: later versions count calls as well, and may come to do without it. */
export function optimiseLate(version: string = process.versions.v8): void {
  if (version.startsWith('11.')) setFlagsFromString(`--interrupt-budget=${BYTES_BEFORE_OPTIMISING}`);
}
