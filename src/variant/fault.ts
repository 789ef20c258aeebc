/** What can be wrong with a derivation file, with a file at all, or with a claim: data with a place, no prose. */

import type { ErrorCode } from 'yaml';
import type { Domain } from '../expr/declare.ts';
import type { FormulaFault } from '../syntax/fault.ts';
import type { Place } from './place.ts';

/** What a field may want. */
export const EXPECTED = [
  'mapping',
  'list',
  'text',
  'line',
  'formula',
  'number',
  'domain',
  'dependence',
  'tier',
  'reason',
  'year',
  'arxiv',
  'web-address',
  'case-value',
  'not-a-number',
  'transcription',
  'mark',
] as const;
export type Expected = (typeof EXPECTED)[number];

/** What stands there instead. */
export type Found = 'nothing' | 'mapping' | 'list' | 'number' | 'truth-value' | 'text';

/** YAML that a derivation file has no use for. */
export type Construct = 'alias' | 'anchor' | 'tag' | 'merge-key' | 'directive' | 'non-text-key';

/** What already goes by a name. */
export type Holder =
  | 'function'
  | 'constant'
  | 'response'
  | 'parameter'
  | 'data'
  | 'distribution'
  | 'definition';

export type Detail =
  | { readonly kind: 'too-long'; readonly limit: number }
  | { readonly kind: 'too-many-parts'; readonly limit: number }
  | { readonly kind: 'too-deep'; readonly limit: number }
  | { readonly kind: 'empty' }
  | { readonly kind: 'bad-yaml'; readonly problem: ErrorCode }
  | { readonly kind: 'not-allowed'; readonly construct: Construct }
  | { readonly kind: 'duplicate-field'; readonly name: string }
  | {
      readonly kind: 'unknown-field';
      readonly name: string;
      readonly suggestion: string | undefined;
      readonly known: readonly string[];
    }
  | { readonly kind: 'missing-field'; readonly name: string }
  | { readonly kind: 'excluded-field'; readonly name: string; readonly by: string }
  | { readonly kind: 'wrong-value'; readonly expected: Expected; readonly found: Found }
  | { readonly kind: 'outside-domain'; readonly name: string; readonly is: Domain }
  | { readonly kind: 'not-a-name'; readonly name: string }
  | { readonly kind: 'name-taken'; readonly name: string; readonly by: Holder }
  /** Braces split `m(y,t)` at its comma: this is the part before it. */
  | { readonly kind: 'split-name'; readonly name: string }
  | { readonly kind: 'conflicting-data'; readonly name: string }
  | { readonly kind: 'undeclared-parameter'; readonly name: string; readonly suggestion: string | undefined }
  | { readonly kind: 'undeclared-data'; readonly name: string; readonly suggestion: string | undefined }
  /** The body calls itself or a definition further down. */
  | { readonly kind: 'not-yet-defined'; readonly name: string }
  | { readonly kind: 'expands-too-far'; readonly limit: number }
  | { readonly kind: 'pair-in-prior'; readonly name: string }
  | { readonly kind: 'loss-without-pair' }
  /** A file of notation in which there is nothing. */
  | { readonly kind: 'empty-notation' }
  /** LaTeX that does more than stand for a symbol. */
  | { readonly kind: 'not-a-symbol'; readonly latex: string }
  /** Two symbols of a file of notation would look the same. */
  | { readonly kind: 'mark-taken'; readonly latex: string; readonly by: string }
  /** Offsets within the formula; `at` has them in the file. */
  | { readonly kind: 'formula'; readonly fault: FormulaFault };

/** One thing wrong in a derivation file. */
export type VariantFault = Detail & {
  readonly file: string;
  /** The field, such as `evidence[0].parameters.beta`; empty for the file as a whole. */
  readonly field: string;
  readonly at: Place;
};

/** A file that cannot be had, or is not what it should be. */
export type FileFault =
  | { readonly kind: 'no-such-file'; readonly path: string; readonly suggestion: string | undefined }
  | { readonly kind: 'is-a-directory'; readonly path: string }
  /** `reason` is the system's code, such as `EACCES`. */
  | { readonly kind: 'unreadable'; readonly path: string; readonly reason: string }
  | { readonly kind: 'file-too-large'; readonly path: string; readonly limit: number }
  | { readonly kind: 'not-utf8'; readonly path: string }
  | { readonly kind: 'not-json'; readonly path: string; readonly at: Place }
  | { readonly kind: 'no-such-vectors'; readonly name: string; readonly suggestion: string | undefined };

/** Something wrong with what a formula claim was made of. */
export interface FormulaClaimFault {
  readonly kind: 'formula-claim';
  readonly part: 'formula' | 'assumption' | 'data';
  readonly text: string;
  readonly fault: FormulaFault;
}

export type ClaimFault =
  | VariantFault
  | FileFault
  | FormulaClaimFault
  | { readonly kind: 'unknown-claim'; readonly name: string; readonly suggestion: string | undefined };
