/** How a page for a terminal looks: colours on or off, and its width. */

import picocolors from 'picocolors';

export interface Style {
  readonly color: boolean;
  /** Columns; formulas that cannot be broken stand out beyond it. */
  readonly width: number;
}

/** What colours mean on our pages. */
export interface Paint {
  readonly title: (text: string) => string;
  /** Labels and side remarks. */
  readonly faint: (text: string) => string;
  /** Names of rules. */
  readonly name: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly doubtful: (text: string) => string;
}

/** The colours of a style: without colour each leaves its text as it is. */
export function paint({ color }: Style): Paint {
  const { bold, dim, cyan, green, red, yellow } = picocolors.createColors(color);
  return { title: bold, faint: dim, name: cyan, good: green, bad: red, doubtful: yellow };
}
