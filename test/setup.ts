/**
 * One seed for every property, so that a run of the suite can be repeated as it was. MIDPO_SEED chooses
 * another (`random` a new one each time); a failure prints the seed that it was found with.
 */

import fc from 'fast-check';

const { MIDPO_SEED = '20250102' } = process.env;
if (MIDPO_SEED !== 'random') fc.configureGlobal({ seed: Number(MIDPO_SEED) });
