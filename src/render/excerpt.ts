/** A line of source with carets beneath a part of it, as wide as a terminal shows. */

/** The widest stretch of a line that is shown. */
const WINDOW = 76;

/**
 * The line `lead + marked + tail`, cut to a window around the marked part if it is long, and beneath it a
 * line of carets under exactly that part; a single caret where nothing is marked.
 */
export function excerpt(lead: string, marked: string, tail: string): readonly [line: string, carets: string] {
  const target = cut(visible(marked), WINDOW);
  const room = WINDOW - columns(target.text);
  // What stands before gets the room that what stands after leaves, and half of it at least.
  const after = cut(visible(tail), Math.max(room - columns(visible(lead)), Math.floor(room / 2)));
  const before = cut(reversed(visible(lead)), room - columns(after.text));
  const start = (before.whole ? '' : '...') + reversed(before.text);
  const end = target.whole ? after.text + (after.whole ? '' : '...') : '...';
  return [
    start + target.text + end,
    ' '.repeat(columns(start)) + '^'.repeat(Math.max(1, columns(target.text))),
  ];
}

const reversed = (text: string): string => Array.from(text).reverse().join('');

/** As much of the beginning of `text` as has room, and whether that is all of it. */
function cut(text: string, room: number): { readonly text: string; readonly whole: boolean } {
  let taken = '';
  let used = 0;
  for (const character of text) {
    used += columns(character);
    if (used > room) return { text: taken, whole: false };
    taken += character;
  }
  return { text: taken, whole: true };
}

/** Tabs and control characters as one blank each, so that the carets stand where they should. */
const visible = (text: string): string => text.replace(/\p{Cc}/gu, ' ');

/** Marks that take no column of their own: accents, joiners, directions, variation selectors. */
const NARROW = /\p{M}|\p{Cf}/u;
/** East Asian scripts, full-width forms and pictures take two columns in a terminal. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** The columns that `text` takes in a terminal. */
export function columns(text: string): number {
  let count = 0;
  for (const character of text) {
    if (!NARROW.test(character)) count += WIDE.test(character) ? 2 : 1;
  }
  return count;
}
