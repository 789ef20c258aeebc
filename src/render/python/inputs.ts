/** The arguments of an exported function: what the loss reads, no more, each with its shape and meaning. */

import { toNumber } from '../../expr/rational.ts';
import type { Role } from '../../numeric/batch.ts';
import { ROLES } from '../../numeric/batch.ts';
import type { Node } from '../../numeric/graph.ts';
import type { ExportReport } from '../../report/export.ts';
import { leafOf } from '../../report/program.ts';
import type { Names } from './identifier.ts';
import { identifier } from './identifier.ts';
import { float } from './literal.ts';

export type InputKind =
  | 'logps'
  | 'logits'
  | 'labels'
  | 'mask'
  | 'per-token'
  | 'per-response'
  | 'per-pair'
  | 'per-prompt';

/** An array argument. */
export interface Input {
  readonly name: string;
  readonly kind: InputKind;
  /** The distribution or datum; empty for labels and masks. */
  readonly of: string;
  /** Undefined for data of the pair or the prompt. */
  readonly role: Role | undefined;
}

/** A hyper-parameter. */
export interface Setting {
  readonly name: string;
  readonly of: string;
  /** Undefined: it has to be given. */
  readonly usual: string | undefined;
}

export interface Inputs {
  readonly arrays: readonly Input[];
  readonly settings: readonly Setting[];
  /** The argument's name. Throws RangeError for what is no argument. */
  readonly array: (kind: InputKind, of: string, role: Role | undefined) => string;
  readonly setting: (of: string) => string;
}

export const SHAPE: Readonly<Record<InputKind, string>> = {
  logps: '(B, T)',
  logits: '(B, T, V)',
  labels: '(B, T)',
  mask: '(B, T)',
  'per-token': '(B, T)',
  'per-response': '(B,)',
  'per-pair': '(B,)',
  'per-prompt': '(B,)',
};

const ORDER: readonly InputKind[] = [
  'logps',
  'logits',
  'labels',
  'mask',
  'per-token',
  'per-response',
  'per-pair',
  'per-prompt',
];

interface Wanted {
  readonly kind: InputKind;
  readonly of: string;
  readonly role: Role | undefined;
}

/** The arguments for these nodes: arrays by kind, chosen before rejected; hyper-parameters in the order of the file. */
export function inputsOf({ variant, whole, forward, backward }: ExportReport, names: Names): Inputs {
  const nodes = [...forward.nodes, ...backward.nodes];
  const wanted = new Map<string, Wanted>();
  const want = (one: Wanted): void => void wanted.set(keyOf(one.kind, one.of, one.role), one);
  for (const node of nodes) for (const one of readBy(node, whole)) want(one);
  const rank = ({ of }: Wanted): number => DISTRIBUTIONS.indexOf(of) + (DISTRIBUTIONS.includes(of) ? 0 : 3);
  const sorted = [...wanted.values()].sort(
    (a, b) =>
      ORDER.indexOf(a.kind === 'logits' ? 'logps' : a.kind) -
        ORDER.indexOf(b.kind === 'logits' ? 'logps' : b.kind) ||
      rank(a) - rank(b) ||
      (a.of < b.of ? -1 : a.of > b.of ? 1 : 0) ||
      ROLES.indexOf(a.role ?? 'chosen') - ROLES.indexOf(b.role ?? 'chosen'),
  );
  const arrays = sorted.map((one): Input => ({ ...one, name: names.take(wantedName(one)) }));
  const used = new Set(
    nodes.flatMap((node) => {
      const leaf = node.op === 'per-prompt' ? leafOf(node.name) : undefined;
      return leaf?.kind === 'parameter' ? [leaf.name] : [];
    }),
  );
  const settings = [...variant.parameters]
    .filter(([of]) => used.has(of))
    .map(([of, { default: usual }]): Setting => {
      const name = names.take(of);
      return { name, of, usual: usual === undefined ? undefined : float(toNumber(usual)) };
    });
  return {
    arrays,
    settings,
    array: (kind, of, role) =>
      found(arrays.find((one) => keyOf(one.kind, one.of, one.role) === keyOf(kind, of, role))).name,
    setting: (of) => found(settings.find((one) => one.of === of)).name,
  };
}

function found<T>(one: T | undefined): T {
  if (one === undefined) throw new RangeError('an argument that the loss does not read');
  return one;
}

const DISTRIBUTIONS: readonly string[] = ['pi', 'ref'];
/** What people call the distributions. */
const CALLED: Readonly<Record<string, string>> = { pi: 'policy', ref: 'ref' };

/** The name of a distribution in code. */
export const distributionName = (name: string): string =>
  Object.hasOwn(CALLED, name) ? (CALLED[name] ?? name) : identifier(name);

const keyOf = (kind: InputKind, of: string, role: Role | undefined): string => `${kind} ${of} ${role}`;

function wantedName({ kind, of, role }: Wanted): string {
  switch (kind) {
    case 'logps':
    case 'logits':
      return `${distributionName(of)}_${role}_${kind}`;
    case 'labels':
    case 'mask':
      return `${role}_${kind}`;
    case 'per-token':
    case 'per-response':
      return `${role}_${of}`;
    default:
      return of;
  }
}

/** What a node reads of the arguments, masks included. */
function readBy(node: Node, whole: ReadonlySet<string>): readonly Wanted[] {
  const mask = (role: Role): Wanted => ({ kind: 'mask', of: '', role });
  switch (node.op) {
    case 'sequence':
    case 'log-prob':
    case 'row': {
      const leaf = leafOf(node.name);
      const of = leaf.kind === 'datum' ? leaf.name : '';
      const { role } = node;
      if (!whole.has(of)) return [{ kind: 'logps', of, role }, mask(role)];
      const labels: readonly Wanted[] = node.op === 'row' ? [] : [{ kind: 'labels', of: '', role }];
      return [{ kind: 'logits', of, role }, ...labels, mask(role)];
    }
    case 'length':
      return [mask(node.role)];
    case 'per-token':
      return [{ kind: 'per-token', of: node.name, role: node.role }, mask(node.role)];
    case 'per-response':
      return [{ kind: 'per-response', of: node.name, role: node.role }];
    case 'per-pair':
      return [{ kind: 'per-pair', of: node.name, role: undefined }];
    case 'per-prompt': {
      const leaf = leafOf(node.name);
      return leaf.kind === 'datum' ? [{ kind: 'per-prompt', of: leaf.name, role: undefined }] : [];
    }
    case 'each':
      return node.over === 'vocabulary' ? [] : [mask(node.over)];
    default:
      return [];
  }
}
