/** The protocol between the bench and another system: one question per line, one answer per line, both JSON, after a line `ready`. */

import type { Domain } from '../../src/expr/declare.ts';

export interface Question {
  readonly left: string;
  readonly right: string;
  readonly symbols: readonly (readonly [name: string, domain: Domain])[];
  readonly polynomial: boolean;
  /** How often to decide; the first time warms up where there are more. */
  readonly repeat: number;
}

export interface Answer {
  /** `unknown` where the system says so itself, or fails. */
  readonly says: 'equal' | 'different' | 'unknown';
  /** The median time of one decision in milliseconds, parsing apart. */
  readonly ms: number;
  readonly parseMs: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
