/** What may be asked of a plot: which curves, against what, and from where to where. */

/** What is drawn against the path. */
export const PLOT_CURVES = ['loss', 'weight', 'reward'] as const;
export type PlotCurve = (typeof PLOT_CURVES)[number];
/** What varies: the margin, or the number of tokens of the chosen response. */
export const PLOT_AXES = ['margin', 'length'] as const;
export type PlotAxis = (typeof PLOT_AXES)[number];

export interface PlotQuestion {
  readonly x: PlotAxis;
  readonly curves: readonly PlotCurve[];
  /** Lengths are whole numbers. */
  readonly from: number;
  readonly to: number;
  /** The margin, where a length varies. */
  readonly margin: number;
  /** What is said of hyper-parameters, lengths, probabilities and data: `beta`, `len(w)`, `ref(y,t)`, `score(w)`. */
  readonly given: ReadonlyMap<string, number>;
}
