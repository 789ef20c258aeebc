/** A graph as Python statements: what is used twice or has a name of its own becomes a local, the rest is written in place. */

import type { Role } from '../../numeric/batch.ts';
import type { NodeId } from '../../numeric/graph.ts';
import type { Program } from '../../report/program.ts';
import type { Code, Term } from './code.ts';
import { atom, termsOf } from './code.ts';
import { callLines, termLines } from './layout.ts';
import type { Setting } from './leaves.ts';
import { leavesOf } from './leaves.ts';
import { WIDTH } from './literal.ts';
import { localName } from './local-name.ts';
import { operationsOf } from './operations.ts';
import type { Loops, Root } from './outline.ts';
import { countUses, FREE, outlineOf } from './outline.ts';

export interface Emitter {
  /** The code of a node; what it needs is among the statements by then. */
  readonly code: (id: NodeId, loops?: Loops) => Code;
  /** Puts code under a name. */
  readonly assign: (name: string, id: NodeId, loops?: Loops) => Code;
  readonly put: (line: string) => void;
  readonly mask: (role: Role) => Code;
  /** Log-probabilities over the vocabulary. */
  readonly rows: (name: string, role: Role) => Code;
  readonly statements: () => readonly string[];
}

const INDENT = '    ';

/** `roots` are the nodes that will be asked for, each with what its free indices run over. */
export function emitter(program: Program, roots: readonly Root[], setting: Setting): Emitter {
  const outline = outlineOf(program);
  const { nodeAt, below, axesOf, keyOf, isLeaf, isLogistic } = outline;
  const lines: string[] = [];
  const named = new Map<string, Code>();
  const forced = new Set<string>();
  const wanted = new Map(
    program.locals.map(({ name, role, value }) => [value, role === undefined ? name : `${role}_${name}`]),
  );
  const uses = countUses(outline, roots);
  const nameFor = localName(outline, wanted);
  const leaves = leavesOf(outline, setting, { named, put, code });
  const written = operationsOf(outline, setting, leaves, { code, signedTerms });

  function code(id: NodeId, loops: Loops = FREE): Code {
    const key = keyOf(id, loops);
    const known = named.get(key);
    if (known !== undefined) return known;
    const shared = (uses.get(key) ?? 0) > 1 && !isLeaf(id) && !isPlain(id);
    if (!shared && !forced.has(key) && !(wanted.has(id) && !isLeaf(id))) return written(id, loops);
    const name = setting.names.take(nameFor(id, loops));
    return assign(name, id, loops);
  }

  /** Something as short as its name would be, or a few hyper-parameters: nothing is saved by computing it once. */
  const isPlain = (id: NodeId): boolean => {
    const node = nodeAt(id);
    if (node.op === 'scalar' && node.fn === 'exp' && isLeaf(node.of)) return true;
    return axesOf(id).length === 0 && written(id, FREE).text.length <= BRIEF;
  };

  function assign(name: string, id: NodeId, loops: Loops = FREE): Code {
    const node = nodeAt(id);
    let text = written(id, loops);
    for (;;) {
      const excess = INDENT.length + name.length + 3 + text.text.length - WIDTH;
      const next = excess > 0 ? partToName(id, loops, excess) : undefined;
      if (next === undefined) break;
      forced.add(next);
      text = written(id, loops);
    }
    put(name, text, node.op === 'sum' ? signedTerms(node.terms, loops) : undefined);
    const result = atom(name, axesOf(id));
    named.set(keyOf(id, loops), result);
    return result;
  }

  function put(name: string, made: Code, terms?: readonly Term[]): void {
    const line = `${INDENT}${name} = ${made.text}`;
    if (line.length > WIDTH && made.call !== undefined) {
      lines.push(...callLines(`${name} = ${made.call.name}`, made.call.args, INDENT));
    } else if (line.length <= WIDTH || terms === undefined || terms.length < 3) lines.push(line);
    else lines.push(...termLines(`${name} = `, termsOf(terms), INDENT));
  }

  /**
   * The part of a node, written in place so far, that had best have a name for a line `excess` too long: a logit, else
   * the shortest part that is enough, else the longest one. Undefined if there is none.
   */
  function partToName(id: NodeId, loops: Loops, excess: number): string | undefined {
    const parts: { readonly key: string; readonly length: number; readonly isLogit: boolean }[] = [];
    const visit = (node: NodeId, inner: Loops, isLogit: boolean): void => {
      const key = keyOf(node, inner);
      const { op } = nodeAt(node);
      if (named.has(key) || isLeaf(node)) return;
      const { length } = written(node, inner).text;
      const canBeNamed = op !== 'negate' && !forced.has(key) && length > SHORT;
      if (canBeNamed) parts.push({ key, length, isLogit });
      for (const [operand, more] of below(node, inner)) visit(operand, more, isLogistic(node));
    };
    for (const [operand, inner] of below(id, loops)) visit(operand, inner, isLogistic(id));
    const enough = parts.filter(({ length }) => length - NAME >= excess).sort((x, y) => x.length - y.length);
    const longest = parts.sort((x, y) => y.length - x.length);
    return (enough.find(({ isLogit }) => isLogit) ?? enough[0] ?? longest[0])?.key;
  }

  function signedTerms(terms: readonly NodeId[], loops: Loops): readonly Term[] {
    return terms.map((term) => {
      const node = nodeAt(term);
      const isNamed = named.has(keyOf(term, loops)) || (uses.get(keyOf(term, loops)) ?? 0) > 1;
      return node.op === 'negate' && (!isNamed || isLeaf(term))
        ? { code: code(node.of, loops), negative: true }
        : { code: code(term, loops), negative: false };
    });
  }

  return {
    code,
    assign,
    put: (line) => void lines.push(line),
    mask: leaves.mask,
    rows: leaves.rows,
    statements: () => lines,
  };
}

/** Shorter parts gain nothing by a name. */
const SHORT = 16;
/** What a name is reckoned to take. */
const NAME = 18;
const BRIEF = 24;
