/** A bar that shows how far a long run is: for people at a terminal, on standard error, gone when the run is done. */

export interface Bar {
  readonly tell: (done: number, all: number) => void;
  readonly end: () => void;
}

/** Undefined where nobody watches: standard error is no terminal, or a short run is over before a bar is read. */
export async function progressBar(pairs: number): Promise<Bar | undefined> {
  if (process.stderr.isTTY !== true || pairs < LONG_RUN) return undefined;
  const { SingleBar } = await import('cli-progress');
  const bar = new SingleBar({
    format: '{bar} {percentage} %, {value} of {total} pairs, {eta_formatted} to go',
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    noTTYOutput: false,
    fps: 10,
  });
  bar.start(pairs, 0);
  return {
    tell: (done, all) => {
      bar.setTotal(all);
      bar.update(done);
    },
    end: () => bar.stop(),
  };
}

/** Random pairs that take longer than a second or so. */
export const LONG_RUN = 20_000;
