/** A plan as a WebAssembly module: one function that runs over a block of pairs. */

import { ROLES } from '../batch.ts';
import { CONSTANT, PAIR } from '../graph.ts';
import type { Assembly, Binaryen, Ref } from './assembly.ts';
import { assembly, PAIRS } from './assembly.ts';
import { readsRowsElsewhere } from './elsewhere.ts';
import { loads } from './load.ts';
import { loops } from './loops.ts';
import type { NotVectorised, Output } from './output.ts';
import type { Store } from './schedule.ts';
import type { Source } from './source.ts';
import { sources } from './source.ts';
import type { Plan } from './vector.ts';

export interface Emitted {
  readonly binary: Uint8Array;
  /** What the pointers point to: the function is `run(pairs, vocabulary, ...pointers to sources, ...pointers to outputs)`. */
  readonly sources: readonly Source[];
}

/** 1 GiB. */
const LARGEST_MEMORY = 1 << 14;

/** `flat`: everything is one number per pair, and lanes are neighbouring pairs; else they are neighbours in the inmost loops. */
export function emit(
  binaryen: Binaryen,
  plan: Plan,
  outputs: readonly Output[],
  flat: boolean,
): Emitted | NotVectorised {
  if (readsRowsElsewhere(plan, outputs)) return { kind: 'not-vectorised', reason: 'rows-elsewhere' };
  const m = new binaryen.Module();
  m.setFeatures(binaryen.Features.SIMD128);
  // Loads and stores are made for the memory there is: it comes first.
  m.setMemory(1, LARGEST_MEMORY, 'memory');
  const labelled = outputs.flatMap(({ over, entries }) =>
    over === 'pairs' || entries === undefined ? [] : [over],
  );
  const read = sources(plan, flat, labelled);
  const state = assembly(binaryen, m, read, outputs.length);
  const body = wholeFunction(plan, outputs, flat, state);
  const { none, i32, createType } = binaryen;
  m.addFunctionImport('fetch', 'rows', 'fetch', createType([i32, i32]), i32);
  m.addFunctionImport('take', 'rows', 'take', createType([i32, i32]), none);
  m.addFunction('run', createType(state.parameters), none, state.locals, body);
  m.addFunctionExport('run', 'run');
  if (m.validate() === 0) throw new Error('the kernel is not a valid module');
  const binary = m.emitBinary();
  m.dispose();
  return { binary, sources: read };
}

function wholeFunction(plan: Plan, outputs: readonly Output[], flat: boolean, state: Assembly): Ref {
  const { m, int, get, set, outputPointer, pair, eights, storeAt } = state;
  const load = loads(flat, state);
  const { scope, counting } = loops(plan, state, load);
  const constants = plan.nodes.flatMap((node, id) =>
    plan.scopes[id] === CONSTANT ? [set(id, load.compute(node))] : [],
  );
  const ofPairs = outputs.flatMap(({ over, root }, output) => (over === 'pairs' ? [{ output, root }] : []));
  const ofTokens = outputs.flatMap(({ over, ...roots }, output): readonly Store[] =>
    over === 'pairs' ? [] : [{ output, over, ...roots }],
  );
  const place = (): Ref => (flat ? int(pair) : eights(int(pair)));
  const body = [
    ...(flat ? [] : boundaries(state)),
    ...scope(
      PAIR,
      ofPairs.map(({ root }) => root),
      ofTokens,
    ),
    ...ofPairs.map(({ output, root }) => storeAt(m.i32.add(outputPointer(output), place()), get(root), flat)),
  ];
  const end = (): Ref => (flat ? eights(int(PAIRS)) : int(PAIRS));
  return m.block(null, [...constants, counting(pair, flat ? 16 : 1, end, body)]);
}

/** Where the current pair's tokens begin, and how many there are. */
function boundaries({ m, int, pointer, pair, fours, start, length }: Assembly): readonly Ref[] {
  return ROLES.flatMap((role) => {
    const at = (): Ref => m.i32.add(pointer({ kind: 'offsets', role }), fours(int(pair)));
    const size = m.i32.sub(m.i32.load(4, 4, at()), int(start[role]));
    return [m.local.set(start[role], m.i32.load(0, 4, at())), m.local.set(length[role], size)];
  });
}
