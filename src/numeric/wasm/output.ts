/** What a kernel gives. */

import type { Role } from '../batch.ts';
import type { VectorId } from './vector.ts';

/** One number per pair, or per token of a role; with `entries`, one per entry of each token's row. */
export interface Output {
  readonly over: 'pairs' | Role;
  /** With `entries`: what is added to the entry of the token itself. */
  readonly root: VectorId;
  readonly entries?: VectorId;
}

/** The formula is beyond kernels of this kind, and runs as plain code. */
export interface NotVectorised {
  readonly kind: 'not-vectorised';
  /** It reads tokens in a kernel of columns; a row of a fixed token or of the other response; or the host cannot. */
  readonly reason: 'tokens' | 'rows-elsewhere' | 'engine';
}
