/**
 * A loss laid out for other languages: one graph of stable float operations over named leaves, made by the same
 * lowering as our own kernels. What a kernel is given as numbers (hyper-parameters) or drops (stop-gradients,
 * definitions) travels through the lowering as data of its own name.
 */

import { same, substitute } from '../expr/binder.ts';
import type { Declarations, Domain } from '../expr/declare.ts';
import { domainOf } from '../expr/declare.ts';
import type { Apply, Expr, Var } from '../expr/expr.ts';
import { apply, call } from '../expr/expr.ts';
import { children, mapChildren, nodes, some } from '../expr/walk.ts';
import type { BatchShape, Role } from '../numeric/batch.ts';
import type { CompileFault } from '../numeric/demand.ts';
import { findFault, roleOf, sortsOf } from '../numeric/demand.ts';
import type { Node, NodeId } from '../numeric/graph.ts';
import { lowerAll } from '../numeric/lower.ts';
import type { Known } from '../numeric/structure.ts';
import { signed } from '../numeric/structure.ts';
import { expand } from '../variant/expand.ts';
import type { Definition, Variant } from '../variant/variant.ts';

/** A definition of the file at the responses of the pair: computed once, under its name. */
export interface Local {
  readonly name: string;
  /** The response it is about first; undefined for one without arguments. */
  readonly role: Role | undefined;
  readonly value: NodeId;
}

/** Expressions as nodes of one graph, `free` indices standing for the axes of the result. */
export interface Program {
  readonly kind: 'program';
  readonly nodes: readonly Node[];
  readonly outputs: readonly NodeId[];
  readonly locals: readonly Local[];
}

export type ProgramFault =
  | CompileFault
  /** A token index of one response used at the other: `sum(t, w, m(l,t))`. */
  | { readonly kind: 'crossed-tokens'; readonly name: string }
  /** A sum over the vocabulary, and no distribution over it to tell how large it is. */
  | { readonly kind: 'no-vocabulary' };

/** What a leaf of the graph stands for. */
export type Leaf =
  /** Where it is known to be nonnegative it stands under `abs`, for the lowering to know too. */
  | { readonly kind: 'parameter'; readonly name: string; readonly nonnegative: boolean }
  | { readonly kind: 'local'; readonly index: number; readonly frozen: boolean }
  | { readonly kind: 'datum'; readonly name: string; readonly frozen: boolean };

// Names of the language have no blanks: nothing a user writes is taken for these.
const PARAMETER = 'parameter ';
const NONNEGATIVE = 'nonnegative ';
const LOCAL = 'local ';
const FROZEN = 'frozen ';

/** Reads the name that a leaf of the graph has. */
export function leafOf(name: string): Leaf {
  const frozen = name.startsWith(FROZEN);
  const plain = frozen ? name.slice(FROZEN.length) : name;
  for (const [prefix, nonnegative] of [
    [PARAMETER, false],
    [NONNEGATIVE, true],
  ] as const) {
    if (plain.startsWith(prefix)) return { kind: 'parameter', name: plain.slice(prefix.length), nonnegative };
  }
  if (plain.startsWith(LOCAL)) return { kind: 'local', index: Number(plain.slice(LOCAL.length)), frozen };
  return { kind: 'datum', name: plain, frozen };
}

/** An expression to lay out; `free` variables are indices of the result. */
export interface Wanted {
  readonly of: Expr;
  readonly free?: readonly Var[];
}

/** The graph of several expressions with definitions unfolded; equal parts are one node. */
export function program(
  wanted: readonly Wanted[],
  { loss, definitions, declared }: Variant,
): Program | ProgramFault {
  const known: Known = {
    parameters: new Map(),
    distributions: new Set(Object.keys(declared.data).filter((name) => declared.data[name]?.distribution)),
  };
  // What is of one sign may have to be taken in logs where it is used: it stays unfolded.
  const instances = instancesOf(loss, definitions).filter(({ value }) => signed(value, known) === undefined);
  const bodies = [
    ...wanted.map(({ of, free = [] }) => ({ of: folded(of, instances, -1), free })),
    ...instances.map(({ value }, i) => ({ of: folded(value, instances, i), free: [] })),
  ].map(({ of, free }) => ({ of: withLeaves(of, false, declared), free }));
  const shape = shapeFor(
    bodies.map(({ of }) => of),
    known,
  );
  for (const { of, free } of bodies) {
    const fault = findFault(of, shape, NO_PARAMETERS, free) ?? crossedTokens(of, []);
    if (fault !== undefined) return named(fault);
  }
  const counts = bodies.some(({ of }) => some(of, (e) => e.kind === 'sum' && e.range.kind === 'vocabulary'));
  if (counts && shape.vocabularies.size === 0) return { kind: 'no-vocabulary' };
  const graphs = lowerAll(bodies, shape, NO_PARAMETERS);
  const ids = graphs.map(({ root }) => root);
  const values = ids.slice(wanted.length);
  return {
    kind: 'program',
    nodes: graphs.at(-1)?.nodes ?? [],
    outputs: ids.slice(0, wanted.length),
    locals: instances.map(({ name, role }, i) => ({ name, role, value: values[i] ?? 0 })),
  };
}

const NO_PARAMETERS: ReadonlyMap<string, number> = new Map();

interface Instance {
  readonly name: string;
  readonly role: Role | undefined;
  readonly call: Apply;
  readonly value: Expr;
}

/** The calls of definitions at w and l that a loss makes, those within others first. */
function instancesOf(loss: Expr, definitions: readonly Definition[]): readonly Instance[] {
  const found: Instance[] = [];
  const visit = (e: Expr): void => {
    for (const [node] of nodes(e)) {
      const called = node.kind === 'apply' ? definitions.find(({ name }) => name === node.name) : undefined;
      if (node.kind !== 'apply' || called === undefined) continue;
      if (found.some(({ call }) => same(call, node))) continue;
      visit(
        substitute(
          called.body,
          called.params.flatMap((param, i) => {
            const arg = node.args[i];
            return arg === undefined ? [] : [[param, arg] as const];
          }),
        ),
      );
      if (!node.args.every((arg) => roleOf(arg) !== undefined)) continue;
      const value = expand(node, definitions);
      found.push({ name: node.name, role: roleOf(node.args[0]), call: node, value });
    }
  };
  visit(loss);
  return found;
}

/** `e` with the values of instances replaced by their leaves, but for that of instance `but` itself. */
function folded(e: Expr, instances: readonly Instance[], but: number): Expr {
  const index = instances.findIndex(({ value }, i) => i !== but && (but < 0 || i < but) && same(value, e));
  return index >= 0 ? apply(`${LOCAL}${index}`, []) : mapChildren(e, (part) => folded(part, instances, but));
}

/**
 * Hyper-parameters as data, and stop-gradients at the leaves: the value of sg(f(pi)) is that of f(sg(pi)), and so
 * is its derivative.
 */
function withLeaves(e: Expr, frozen: boolean, declared: Declarations): Expr {
  if (e.kind === 'freeze') return withLeaves(e.body, true, declared);
  if (e.kind === 'sym') {
    if (!SIGNED.has(domainOf(declared, e.name))) return apply(`${PARAMETER}${e.name}`, []);
    return call('abs', [apply(`${NONNEGATIVE}${e.name}`, [])]);
  }
  const moves = e.kind === 'apply' && (e.name === 'pi' || e.name.startsWith(LOCAL));
  if (e.kind === 'apply' && frozen && moves) return apply(`${FROZEN}${e.name}`, e.args);
  return mapChildren(e, (part) => withLeaves(part, frozen, declared));
}

/** Domains without negative numbers. */
const SIGNED: ReadonlySet<Domain> = new Set(['positive', 'nonnegative', 'unit', 'open-unit', 'boolean']);

/** A batch that has everything the expressions mention. */
function shapeFor(all: readonly Expr[], { distributions }: Known): BatchShape {
  const of = (...sorts: readonly string[]): ReadonlySet<string> => {
    const names = new Set<string>();
    for (const e of all) {
      for (const [node] of nodes(e)) {
        if (node.kind === 'apply' && sorts.includes(sortsOf(node).join())) names.add(node.name);
      }
    }
    return names;
  };
  const isDistribution = (name: string): boolean => {
    const leaf = leafOf(name);
    return leaf.kind === 'datum' && distributions.has(leaf.name);
  };
  const given = of('response', 'response,token', 'response,token,vocab');
  return {
    distributions: new Set([...given].filter(isDistribution)),
    vocabularies: new Set([...of('response,token,vocab')].filter(isDistribution)),
    perToken: of('response,token'),
    perResponse: of('response'),
    perPair: of('response,response'),
    perPrompt: of('prompt', ''),
  };
}

/** The fault with the name that the user gave. */
function named(fault: ProgramFault): ProgramFault {
  if (!('name' in fault)) return fault;
  const leaf = leafOf(fault.name);
  return leaf.kind === 'local' ? fault : { ...fault, name: leaf.name };
}

/** Data of one response at the token index of the other: their lengths differ. */
function crossedTokens(e: Expr, bound: readonly (readonly [Var, Role])[]): ProgramFault | undefined {
  if (e.kind === 'apply') {
    const [response, token] = e.args;
    const at = token?.kind === 'var' ? bound.findLast(([index]) => index.name === token.name) : undefined;
    const crossed = at !== undefined && roleOf(response) !== at[1];
    return crossed ? { kind: 'crossed-tokens', name: e.name } : undefined;
  }
  const role = e.kind === 'sum' && e.range.kind === 'tokens' ? roleOf(e.range.of) : undefined;
  const inner = e.kind === 'sum' && role !== undefined ? [...bound, [e.index, role] as const] : bound;
  for (const part of children(e)) {
    const fault = crossedTokens(part, inner);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
