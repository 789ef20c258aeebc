/** Places for labels: each as near as can be to where it would like to be, none closer to another than a gap. */

/** The places in the order of the wishes; within `bounds` where there is room for all. */
export function spread(
  wishes: readonly number[],
  gap: number,
  [low, high]: readonly [number, number],
): readonly number[] {
  const order = wishes.map((_, i) => i).sort((a, b) => (wishes[a] ?? 0) - (wishes[b] ?? 0) || a - b);
  const places = wishes.map(() => 0);
  let before = low - gap;
  for (const i of order) {
    before = Math.max(before + gap, wishes[i] ?? 0);
    places[i] = before;
  }
  // What was pushed beyond the end is pushed back, and pushes those before it.
  let after = high + gap;
  for (const i of order.toReversed()) {
    after = Math.min(after - gap, places[i] ?? 0);
    places[i] = after;
  }
  return places;
}
