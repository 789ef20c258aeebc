/** Text of formulas in SVG: subscripts lowered, minus signs as such, everything escaped. */

import { escapeHtml } from './escape.ts';

const LOWERED = /_(?:\{([^{}]*)\}|([\p{L}\p{N}]+))/gu;

/** The content of a text element: `π_ref(y_w)` with real subscripts. */
export function svgText(text: string): string {
  let out = '';
  let end = 0;
  const write = (piece: string): void => {
    // What follows a subscript has to be raised again.
    const raised = end > 0 && piece !== '';
    out += raised ? `<tspan dy="-0.19em">${escaped(piece)}</tspan>` : escaped(piece);
  };
  for (const found of text.matchAll(LOWERED)) {
    write(text.slice(end, found.index));
    out += `<tspan dy="0.25em" font-size="75%">${escaped(found[1] ?? found[2] ?? '')}</tspan>`;
    end = found.index + found[0].length;
  }
  write(text.slice(end));
  return out;
}

/** Blanks at the ends count here, where they stand between words and formulas. */
const escaped = (text: string): string =>
  text
    .split(/( +)/)
    .map((part) => (part.startsWith(' ') ? part : escapeHtml(part)))
    .join('')
    .replace(/(^|[^\p{L}\p{N}])-/gu, '$1−');

/** About how wide a text of this size is. */
export const textWidth = (text: string, size: number): number =>
  0.55 *
  size *
  Array.from(text.replace(LOWERED, (_, braced?: string, word?: string) => (braced ?? word ?? '').slice(1)))
    .length;
