/** Ctrl-C during a long run: the terminal is left as it was found, and one line says what there is: nothing. */

/** Calls `clean` if the run is interrupted, and then lets the signal end it, threads and all; ends with a call of what it gives. */
export function onInterrupt(clean: () => void): () => void {
  const stop = (): void => {
    clean();
    process.stderr.write('interrupted: nothing was verified\n');
    // Nobody listens any more: whoever waits for midpo is told by the system what ended it.
    process.kill(process.pid, 'SIGINT');
  };
  process.once('SIGINT', stop);
  return () => {
    process.off('SIGINT', stop);
  };
}
