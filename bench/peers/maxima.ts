/** Answers questions by Maxima, one JSON line each: a fresh process per question, timed within. */

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Domain } from '../../src/expr/declare.ts';
import type { Answer, Question } from './answer.ts';

const ASSUMED: Readonly<Record<Domain, (v: string) => string>> = {
  real: () => '',
  positive: (v) => `assume(${v} > 0)$`,
  nonnegative: (v) => `assume(${v} >= 0)$`,
  unit: (v) => `assume(${v} >= 0, ${v} <= 1)$`,
  'open-unit': (v) => `assume(${v} > 0, ${v} < 1)$`,
  integer: (v) => `declare(${v}, integer)$`,
  boolean: (v) => `declare(${v}, integer)$ assume(${v} >= 0, ${v} <= 1)$`,
};

/**
 * The canonical simplifier for logs, exps and roots first, then Maxima's own three-valued question. Its clock
 * ticks in hundredths of a second: quick decisions are repeated until they fill some ticks.
 */
function script({ left, right, symbols, polynomial, repeat }: Question): string {
  const difference = `(${left}) - (${right})`;
  const way = polynomial
    ? 'if expand(d) = 0 then equal_ else different_'
    : 'if radcan(d) = 0 then equal_ else block([q : is(equal(d, 0))], if q = true then equal_ elseif q = false then different_ else unknown_)';
  return `display2d: false$
${symbols.map(([name, domain]) => ASSUMED[domain](name)).join('\n')}
p0: elapsed_real_time()$
d: ${difference}$
p1: elapsed_real_time()$
decide() := ${way}$
${repeat > 1 ? 's: decide()$' : ''}
n: 0$ t0: elapsed_real_time()$
unless n > 0 and elapsed_real_time() - t0 >= ${repeat > 1 ? 0.1 : 0} do (n: n + 1, s: decide())$
t1: elapsed_real_time()$
print("ANSWER", s, float((t1 - t0) / n), float(p1 - p0))$
`;
}

function ask(question: Question): Promise<Answer> {
  const folder = mkdtempSync(join(tmpdir(), 'maxima-'));
  const file = join(folder, 'question.mac');
  writeFileSync(file, script(question));
  return new Promise((resolve) => {
    const child = spawn('maxima', ['--very-quiet', '-b', file], { stdio: ['ignore', 'pipe', 'ignore'] });
    let text = '';
    child.stdout.on('data', (part: Buffer) => {
      text += part.toString();
    });
    child.on('close', () => {
      rmSync(folder, { recursive: true });
      const found = /^ANSWER (equal|different|unknown)_ (\S+) (\S+)/m.exec(text);
      const [, says = 'unknown', seconds = 'NaN', parsing = 'NaN'] = found ?? [];
      const ms = (value: string): number => 1000 * Number(value);
      resolve({ says: says as Answer['says'], ms: ms(seconds), parseMs: ms(parsing) });
    });
  });
}

process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await ask(JSON.parse(line) as Question))}\n`);
}
