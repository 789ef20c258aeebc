/** What a derivation file says, as plain data: a published loss, its names, its prior and the evidence for it. */

import type { Declarations, Domain } from '../expr/declare.ts';
import type { Expr, Var } from '../expr/expr.ts';
import type { Rational } from '../expr/rational.ts';
import type { Why } from '../framework/outside.ts';
import type { Tier } from '../framework/tier.ts';
import type { TranscriptionName } from '../numeric/transcription/losses.ts';

/** Where the loss was published. `equation` is there only where somebody has seen the text. */
export interface Paper {
  readonly arxiv?: string;
  readonly authors?: readonly string[];
  readonly year?: number;
  readonly title?: string;
  readonly venue?: string;
  readonly equation?: string;
  readonly url?: string;
}

export interface Parameter {
  readonly is: Domain;
  /** A usual value, within the domain. */
  readonly default?: Rational;
  /** As the file gives it; whether it is safe to print is for `render/` to judge. */
  readonly latex?: string;
  readonly says?: string;
}

/** A fixed distribution with the shapes of `ref`, such as the previous iterate. */
export interface Distribution {
  readonly latex?: string;
  readonly says?: string;
}

export interface DataField {
  readonly is: Domain;
  /** `prompt`: it may depend on the prompt too; `response`: on its arguments alone. */
  readonly depends: 'prompt' | 'response';
  readonly latex?: string;
  readonly says?: string;
}

/** An abbreviation. In formulas it stays a call (`h(w)` is an `apply` node) until `expand` unfolds it. */
export interface Definition {
  readonly name: string;
  readonly params: readonly Var[];
  /** May call the definitions before it. */
  readonly body: Expr;
}

/** The prior over the free response `y`, and the weight on `log(pi/zeta)`. */
export type Prior =
  | { readonly kind: 'common'; readonly weight: Expr; readonly zeta: Expr }
  /** One prior for chosen responses and another for rejected ones. */
  | { readonly kind: 'by-label'; readonly weight: Expr; readonly chosen: Expr; readonly rejected: Expr };

/** What the file claims that the tool will find; the tests compare. */
export interface Expectation {
  readonly tier?: Tier;
  readonly gradientTier?: Tier;
  readonly why?: Why;
}

/** The value of a hyper-parameter that selects a case; `null`: the case has no hyper-parameter of this name. */
export type CaseValue = string | number | boolean | null;

/** Reference vectors that the loss must reproduce. */
export interface Evidence {
  /** A name among the shipped vectors, or a path from the folder of the derivation file. */
  readonly vectors: string;
  /**
   * Each of our hyper-parameters in theirs, which are free names. Every declared one is there: those that the
   * file does not mention go by the same name.
   */
  readonly parameters: ReadonlyMap<string, Expr>;
  /** Our data by head without blanks, such as `m(y,t)`: a path into the vectors' inputs. */
  readonly data: ReadonlyMap<string, string>;
  /** Which cases are meant: those that have all these values. Empty: all of them. */
  readonly where: ReadonlyMap<string, CaseValue>;
  /** The batches whose cases are meant; undefined: all of them. */
  readonly batches?: readonly string[];
  /** What their code computes in these cases, where that is not the published loss. */
  readonly loss?: Expr;
  /** The reward of a candidate y, for vectors about how pairs are made: the best and the worst of each prompt. */
  readonly selects?: Expr;
  /** Their code gives no number in these cases, where the loss has one. */
  readonly gives?: 'nan';
  readonly says?: string;
}

/** The text a variant was read from. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

export interface Variant {
  readonly kind: 'variant';
  /** The name of the file without `.yaml`; `formula` for a formula claim. */
  readonly id: string;
  readonly title: string;
  readonly says?: string;
  readonly paper?: Paper;
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly distributions: ReadonlyMap<string, Distribution>;
  /** By head without blanks, such as `m(y,t)`. */
  readonly data: ReadonlyMap<string, DataField>;
  /** In the order of the file. */
  readonly definitions: readonly Definition[];
  readonly prior?: Prior;
  /** The published loss of the pair `w`, `l`. */
  readonly loss: Expr;
  readonly expect: Expectation;
  /** The loss transcribed by hand into plain arithmetic, which the formula must agree with. */
  readonly transcription?: TranscriptionName;
  readonly evidence: readonly Evidence[];
  /** The domains of the parameters, and all data: the built-in ones, the file's own and its distributions. */
  readonly declared: Declarations;
  readonly source: Source;
}
