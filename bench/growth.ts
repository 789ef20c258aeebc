/** How cost grows with size: the exponent of the power law that fits measurements best. */

/** The slope of log cost over log size, by least squares; what is not finite is left out. */
export function growth(points: readonly (readonly [size: number, cost: number])[]): number {
  const logs = points
    .filter(([, cost]) => Number.isFinite(cost))
    .map(([size, cost]) => [Math.log(size), Math.log(cost)] as const);
  const mean = (pick: (p: readonly [number, number]) => number): number =>
    logs.reduce((sum, p) => sum + pick(p), 0) / logs.length;
  const [mx, my] = [mean(([x]) => x), mean(([, y]) => y)];
  const over = logs.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  return over / logs.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
}
