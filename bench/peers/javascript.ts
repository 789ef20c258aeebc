/** Answers questions by a JavaScript system named on the command line; run as a process of its own, because they may hang. */

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import type { Answer, Question } from './answer.ts';
import { median } from './answer.ts';

/** Parsing apart from deciding where a system allows that: `prepare` is timed as parsing, what it gives as deciding. */
interface System {
  readonly prepare: (question: Question) => () => Answer['says'];
}

interface Nerdamer {
  (text: string): { toString(): string };
  flush(): void;
}

/** Simplifies the difference, parsing included; neither version knows a third answer. */
function nerdamer(load: string): System {
  const require = createRequire(import.meta.url);
  const system = require(load) as Nerdamer;
  return {
    prepare: ({ left, right, polynomial }) => {
      const difference = `${polynomial ? 'expand' : 'simplify'}((${left})-(${right}))`;
      return () => {
        const text = system(difference).toString();
        system.flush();
        return text === '0' ? 'equal' : 'different';
      };
    },
  };
}

async function mathjs(): Promise<System> {
  const { parse, symbolicEqual } = await import('mathjs');
  return {
    prepare: ({ left, right }) => {
      const [a, b] = [parse(left), parse(right)];
      return () => (symbolicEqual(a, b) ? 'equal' : 'different');
    },
  };
}

const SYSTEMS: Readonly<Record<string, () => System | Promise<System>>> = {
  mathjs,
  nerdamer: () => nerdamer('nerdamer/all.js'),
  'nerdamer-prime': () => nerdamer('nerdamer-prime/all'),
};

function answer(system: System, question: Question): Answer {
  const before = performance.now();
  const decide = system.prepare(question);
  const parseMs = performance.now() - before;
  const times: number[] = [];
  let says: Answer['says'] = 'unknown';
  for (let k = 0; k < question.repeat; k++) {
    const start = performance.now();
    says = decide();
    times.push(performance.now() - start);
  }
  return { says, ms: median(times.slice(times.length > 1 ? 1 : 0)), parseMs };
}

const system = await SYSTEMS[process.argv[2] ?? '']?.();
if (system === undefined) throw new TypeError(`a system is one of ${Object.keys(SYSTEMS).join(', ')}`);
process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  let found: Answer;
  try {
    found = answer(system, JSON.parse(line) as Question);
  } catch {
    found = { says: 'unknown', ms: Number.NaN, parseMs: Number.NaN };
  }
  process.stdout.write(`${JSON.stringify(found)}\n`);
}
