/** Timing by the best of several: on a shared machine everything else only adds. */

/** Processor time of this process leaves out what else the machine does; several threads need the clock on the wall. */
export type Clock = 'processor' | 'wall';

const NOW: Readonly<Record<Clock, () => number>> = {
  processor() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
  wall: () => performance.now() / 1000,
};

/** The least time of `repeat` runs after one for warming up, in seconds. */
export async function best(
  repeat: number,
  run: () => void | Promise<void>,
  clock: Clock = 'processor',
): Promise<number> {
  await run();
  const now = NOW[clock];
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k < repeat; k++) {
    const start = now();
    await run();
    least = Math.min(least, now() - start);
  }
  return least;
}
