/** `npm run bench`: lists what can be measured; `npm run bench -- <name> [--json]` measures it. */

import { benchDecide } from './decide.ts';
import { benchPeers } from './disagreement.ts';

interface Bench {
  readonly says: string;
  /** Measures, prints on standard output, as one JSON value if asked. */
  readonly run: (json: boolean) => Promise<void>;
}

const BENCHES: Readonly<Record<string, Bench>> = {
  decide: {
    says: 'our decision against SymPy, Maxima, mathjs and nerdamer: speed on the corpus and on long sums',
    run: benchDecide,
  },
  peers: {
    says: 'every row of the corpus on which another system disagrees with us, and who is right',
    run: benchPeers,
  },
};

const [name = '', ...options] = process.argv.slice(2);
const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
if (bench === undefined) {
  for (const [id, { says }] of Object.entries(BENCHES)) console.log(`${id.padEnd(10)} ${says}`);
  process.exitCode = name === '' ? 0 : 2;
} else {
  await bench.run(options.includes('--json'));
}
