/** Gives a batch the data of a method's own (masks, scores) out of the inputs and outputs of a vectors file. */

import type { Expr, Sort } from '../expr/expr.ts';
import { nodes } from '../expr/walk.ts';
import type { Batch, Responses, Role } from './batch.ts';
import { ROLES } from './batch.ts';
import { sortsOf } from './demand.ts';
import { valueAt } from './raw.ts';
import type { BatchFault } from './validate.ts';
import { flatNumbers } from './validate.ts';
import type { VectorBatch } from './vectors.ts';

/**
 * Ours -> where the file has it: a dotted path into a batch's inputs, or into a case's outputs if it begins with
 * `outputs.`. Where data are per response or token, the path leads to an object with `chosen` and `rejected`, or
 * has `{role}` in it; one number stands for all pairs. The paths `policy` and `ref` name the distributions of the
 * file, for a further distribution such as `prev`.
 */
export type DataMap = ReadonlyMap<string, string>;

export type AttachFault =
  | { readonly kind: 'no-such-path'; readonly name: string; readonly path: string }
  | {
      readonly kind: 'malformed-data';
      readonly name: string;
      readonly path: string;
      readonly fault: BatchFault;
    };

const DISTRIBUTION: ReadonlyMap<string, string> = new Map([
  ['policy', 'pi'],
  ['ref', 'ref'],
]);

const OUTPUTS = 'outputs.';

/** The argument lists a datum is used with. */
function usesOf(e: Expr, name: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [node] of nodes(e)) {
    if (node.kind === 'apply' && node.name === name) found.add(sortsOf(node).join());
  }
  return found;
}

/** The batch with every mapped datum that `e` uses; those it does not use are left alone. */
export function attach(
  { batch, inputs }: VectorBatch,
  outputs: unknown,
  map: DataMap,
  e: Expr,
): Batch | AttachFault {
  let result = batch;
  for (const [name, path] of map) {
    const uses = usesOf(e, name);
    if (uses.size === 0) continue;
    const inOutputs = path.startsWith(OUTPUTS);
    const at = inOutputs ? path.slice(OUTPUTS.length) : path;
    const next = attachOne(result, inOutputs ? outputs : inputs, name, at, uses);
    if (next.kind !== 'batch') return next;
    result = next;
  }
  return result;
}

function attachOne(
  batch: Batch,
  inputs: unknown,
  name: string,
  path: string,
  uses: ReadonlySet<string>,
): Batch | AttachFault {
  const source = DISTRIBUTION.get(path);
  if (source !== undefined) {
    return onBothSides(batch, (side) => ({
      ...side,
      logProbs: withEntry(side.logProbs, name, side.logProbs.get(source)),
      rows: withEntry(side.rows, name, side.rows.get(source)),
    }));
  }
  const perToken = uses.has('response,token' satisfies `${Sort},${Sort}`);
  if (!perToken && !uses.has('response')) {
    const value = valueAt(inputs, path);
    const single = Array.isArray(value) && value.length === 1 ? value[0] : value;
    const all = typeof single === 'number' ? new Array<number>(batch.pairs).fill(single) : value;
    const column = numbers(all, Int32Array.of(0, batch.pairs), false);
    if (column === undefined) return { kind: 'no-such-path', name, path };
    if (!(column instanceof Float64Array)) return { kind: 'malformed-data', name, path, fault: column };
    const key = uses.has('response,response') ? 'perPair' : 'perPrompt';
    return { ...batch, [key]: withEntry(batch[key], name, column) };
  }
  const read = new Map<Role, Float64Array>();
  for (const role of ROLES) {
    const value = valueAt(inputs, path.includes('{role}') ? path.replace('{role}', role) : `${path}.${role}`);
    const offsets = perToken ? batch[role].offsets : Int32Array.of(0, batch.pairs);
    const column = numbers(value, offsets, perToken);
    if (column === undefined) return { kind: 'no-such-path', name, path };
    if (!(column instanceof Float64Array)) return { kind: 'malformed-data', name, path, fault: column };
    read.set(role, column);
  }
  const key = perToken ? 'perToken' : 'perResponse';
  return onBothSides(batch, (side, role) => ({ ...side, [key]: withEntry(side[key], name, read.get(role)) }));
}

const onBothSides = (batch: Batch, change: (side: Responses, role: Role) => Responses): Batch => ({
  ...batch,
  chosen: change(batch.chosen, 'chosen'),
  rejected: change(batch.rejected, 'rejected'),
});

const withEntry = <T>(
  map: ReadonlyMap<string, T>,
  name: string,
  value: T | undefined,
): ReadonlyMap<string, T> => (value === undefined ? map : new Map([...map, [name, value]]));

/** `[row][token]`, or `[row]` with each number alone or in a list of one; undefined if it is neither. */
function numbers(
  value: unknown,
  offsets: Int32Array,
  perToken: boolean,
): Float64Array | BatchFault | undefined {
  if (!Array.isArray(value)) return undefined;
  const rows: unknown[] = value;
  const nested = perToken ? rows : [rows.map((x) => (Array.isArray(x) && x.length === 1 ? x[0] : x))];
  const isRow = (row: unknown): row is readonly number[] =>
    Array.isArray(row) && row.every((x) => typeof x === 'number');
  return nested.every(isRow) ? flatNumbers(nested, offsets, '') : undefined;
}
