/** Runs TeX on a page and reads what it had to say; the tests that use it are skipped, loudly, where TeX is missing. */

import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const NEEDS = 'needs texlive-latex-extra latexmk poppler-utils: scripts/install-peers.sh';

const answers = (program: string, argument: string): boolean =>
  spawnSync(program, [argument], { stdio: 'ignore' }).status === 0;
/** Whether the programs are here. */
export const HAS_TEX =
  answers('pdflatex', '--version') && answers('latexmk', '--version') && answers('pdftotext', '-v');
export const HAS_LUA = HAS_TEX && answers('lualatex', '--version');

export interface Compiled {
  readonly log: string;
  readonly pages: number;
  /** The words of the PDF in reading order; numbers of equations left out. */
  readonly text: string;
  readonly seconds: number;
  /** What a careful author would not leave in the log. */
  readonly complaints: readonly string[];
}

/** Boxes that stick out by more than this many points are complaints. */
const MOST_POINTS = 5;

const run = promisify(execFile);

/** Compiles `files`, of which `main.tex` is the article. Throws, with the end of the log, if TeX stops. */
export async function compile(
  files: Readonly<Record<string, string>>,
  engine: 'pdf' | 'lualatex' = 'pdf',
): Promise<Compiled> {
  const folder = mkdtempSync(join(tmpdir(), 'midpo-tex-'));
  const began = performance.now();
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const options = [
      `-${engine}`,
      '-interaction=nonstopmode',
      '-halt-on-error',
      '-silent',
      '-norc',
      'main.tex',
    ];
    const logOf = (): string => readFileSync(join(folder, 'main.log'), 'latin1');
    await run('latexmk', options, { cwd: folder, timeout: 120_000 }).catch((error: unknown) => {
      throw new Error(`TeX stopped: ${/^!.*(?:\n.*){6}/m.exec(logOf())?.[0] ?? String(error)}`);
    });
    const seconds = (performance.now() - began) / 1000;
    const printed = await run('pdftotext', ['-raw', 'main.pdf', '-'], { cwd: folder, maxBuffer: 1 << 26 });
    const log = logOf();
    return {
      log,
      pages: Number(/Output written on .*?\((\d+) pages?/s.exec(log)?.[1] ?? Number.NaN),
      text: words(printed.stdout),
      seconds,
      complaints: complaintsOf(log),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What pdftotext prints, without the numbers of equations. */
export const words = (printed: string): string => printed.replace(/\(\d+\)\s*$/gm, '');

function complaintsOf(log: string): readonly string[] {
  // TeX folds its log at 79 characters; a complaint begins its line.
  return log.split('\n').filter((line) => {
    const points = /^Overfull \\[hv]box \((\d+(?:\.\d+)?)pt/.exec(line)?.[1];
    if (points !== undefined) return Number(points) > MOST_POINTS;
    return /^(?:LaTeX|Package|Class)\b.*Warning|^Missing character|^Underfull \\vbox|^pdfTeX warning/.test(
      line,
    );
  });
}
