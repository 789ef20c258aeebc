/** `npm run bench`: lists what can be measured; `npm run bench -- <name> [--json]` measures it. */

import { benchCheck } from './check.ts';
import { benchDecide } from './decide.ts';
import { benchDerive } from './derive.ts';
import { benchPeers } from './disagreement.ts';
import { benchKernels } from './kernels.ts';

interface Bench {
  readonly says: string;
  /** Measures, prints on standard output, as one JSON value if asked. */
  readonly run: (json: boolean) => Promise<void>;
}

const BENCHES: Readonly<Record<string, Bench>> = {
  check: {
    says: 'whether a loss is in the framework: tiers, the whole report and its text, for each variant',
    run: benchCheck,
  },
  decide: {
    says: 'our decision against SymPy, Maxima, mathjs and nerdamer: speed on the corpus and on long sums',
    run: benchDecide,
  },
  derive: {
    says: 'a derivation found, judged and written: each variant, the catalogue, priors of more and more factors',
    run: benchDerive,
  },
  kernels: {
    says: 'losses per second against PyTorch, NumPy and mathjs: DPO, TDPO on whole distributions, growth of cost',
    run: benchKernels,
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
