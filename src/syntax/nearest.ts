/** The nearest known name to a misspelt one, for "did you mean". */

/** Longer names are not compared: they are not typing errors, and the text is untrusted. */
const LONGEST = 64;

/**
 * The candidate that fewest slips (insertions, deletions, replacements, swaps of neighbours; case is
 * free) turn into `name`; the first of equals. Undefined when none is near: about one slip for three letters.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > LONGEST) return undefined;
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let bound = Math.max(1, Math.floor(name.length / 3));
  for (const candidate of candidates) {
    const slips = distance(wanted, candidate.toLowerCase(), bound);
    // A single letter is within one slip of every other: that is no hint.
    if (slips > bound || slips >= Math.max(name.length, candidate.length)) continue;
    best = candidate;
    bound = slips - 1;
    if (bound < 0) break;
  }
  return best;
}

/** The optimal string alignment distance (Damerau's, no substring edited twice), or more than `bound`. */
function distance(a: string, b: string, bound: number): number {
  if (Math.abs(a.length - b.length) > bound) return bound + 1;
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row: number[] = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          (last[j] ?? bound) + 1,
          (row[j - 1] ?? bound) + 1,
          (last[j - 1] ?? bound) + cost,
          swapped ? (beforeLast[j - 2] ?? bound) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    if (Math.min(...row) > bound) return bound + 1;
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? bound + 1;
}
