#!/usr/bin/env node
/** The command line: reads the arguments, runs a command, writes what it comes to. */

import { CommanderError } from 'commander';
import { optimiseLate } from './engine.ts';
import type { Outcome } from './outcome.ts';
import { EXIT } from './outcome.ts';
import { createProgram } from './program.ts';

/** The exit code is set and not called for: what was written is flushed first. */
function deliver({ exit, out = '', err = '' }: Outcome): void {
  process.exitCode = exit;
  if (err !== '') process.stderr.write(err);
  if (out !== '') process.stdout.write(out);
}

/** The command line has printed its own message, or the help that was asked for. */
function ofUsage({ code, exitCode, message }: CommanderError): Outcome {
  if (exitCode === 0) return { exit: EXIT.holds };
  const isFormula = code === 'commander.unknownOption' && /[(*/^]/.test(message);
  return { exit: EXIT.badInput, ...(isFormula && { err: 'a formula begins with `=` or follows `-e`\n' }) };
}

function ofBug(error: unknown): Outcome {
  const { MIDPO_DEBUG } = process.env;
  const says = error instanceof Error ? error.message : String(error);
  const detail = MIDPO_DEBUG === '1' && error instanceof Error ? `${error.stack}\n` : '';
  const hint = detail === '' ? ' (MIDPO_DEBUG=1 shows where it happened)' : '';
  return {
    exit: EXIT.internal,
    err: `internal error: ${says}\nThis is a mistake in midpo: please report it with the command you typed${hint}\n${detail}`,
  };
}

/** Whoever reads may stop early (`midpo list | head -1`): that is no error. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

optimiseLate();
try {
  await createProgram(deliver).parseAsync();
} catch (error) {
  deliver(error instanceof CommanderError ? ofUsage(error) : ofBug(error));
}
