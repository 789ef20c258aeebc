/** A graph as Python statements: what is used twice or has a name of its own becomes a local, the rest is written in place. */

import { toNumber } from '../../expr/rational.ts';
import type { Role } from '../../numeric/batch.ts';
import type { ScalarName } from '../../numeric/functions.ts';
import type { Node, NodeId, Over, TokenAt } from '../../numeric/graph.ts';
import { operands } from '../../numeric/graph.ts';
import type { ExportReport } from '../../report/export.ts';
import type { Program } from '../../report/program.ts';
import { leafOf } from '../../report/program.ts';
import type { Code, Term } from './code.ts';
import {
  aligned,
  atom,
  BATCH,
  BINDS,
  called,
  callOf,
  joined,
  negated,
  productOf,
  quotientOf,
  sumOf,
  termsOf,
} from './code.ts';
import type { Dialect, Fn, Helper } from './dialect.ts';
import type { Names } from './identifier.ts';
import type { InputKind, Inputs } from './inputs.ts';
import { distributionName } from './inputs.ts';
import { callLines, termLines } from './layout.ts';
import { float, WIDTH } from './literal.ts';

/** What a loop at each level runs over, where the emitter stands. */
type Loops = readonly Over[];

export interface Root {
  readonly id: NodeId;
  readonly loops: Loops;
}

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

export interface Setting {
  readonly dialect: Dialect;
  readonly inputs: Inputs;
  readonly names: Names;
  readonly whole: ExportReport['whole'];
  /** Helpers that have come to be needed. */
  readonly helpers: Set<Helper>;
}

const INDENT = '    ';

/** `roots` are the nodes that will be asked for, each with what its free indices run over. */
export function emitter(program: Program, roots: readonly Root[], setting: Setting): Emitter {
  const { dialect, inputs, names, whole, helpers } = setting;
  const lines: string[] = [];
  const named = new Map<string, Code>();
  const forced = new Set<string>();
  const wanted = new Map(
    program.locals.map(({ name, role, value }) => [value, role === undefined ? name : `${role}_${name}`]),
  );

  const nodeAt = (id: NodeId): Node => {
    const node = program.nodes[id];
    if (node === undefined) throw new RangeError(`no node ${id}`);
    return node;
  };

  // What is read of a node: its operands, with the loops they stand in.

  function below(id: NodeId, loops: Loops): readonly (readonly [NodeId, Loops])[] {
    const node = nodeAt(id);
    const local = node.op === 'per-prompt' ? leafOf(node.name) : undefined;
    if (local?.kind === 'local') return [[program.locals[local.index]?.value ?? id, []]];
    const inner = node.op === 'each' ? [...loops.slice(0, node.level), node.over] : loops;
    return operands(node).map((operand) => [operand, inner]);
  }

  /** A node in its loops: only those its value moves with tell it from another. */
  const keyOf = (id: NodeId, loops: Loops): string => `${id} ${axesOf(id).map((axis) => loops[axis] ?? '')}`;

  function countUses(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    const visit = (id: NodeId, loops: Loops): void => {
      const key = keyOf(id, loops);
      const count = counts.get(key) ?? 0;
      counts.set(key, count + 1);
      if (count === 0) for (const [operand, inner] of below(id, loops)) visit(operand, inner);
    };
    for (const { id, loops } of roots) visit(id, loops);
    return counts;
  }

  function axesOf(id: NodeId): readonly number[] {
    const node = nodeAt(id);
    const at = (token: TokenAt): readonly number[] => (token.kind === 'bound' ? [token.level] : []);
    switch (node.op) {
      case 'rational':
      case 'number':
        return [];
      case 'position':
        return [node.level];
      case 'per-token':
      case 'log-prob':
        return joined([BATCH], at(node.token));
      case 'row':
        return joined([BATCH], at(node.token), [node.level]);
      case 'length':
      case 'sequence':
      case 'per-response':
      case 'per-pair':
        return [BATCH];
      case 'per-prompt': {
        const leaf = leafOf(node.name);
        if (leaf.kind === 'local') return axesOf(program.locals[leaf.index]?.value ?? id);
        return leaf.kind === 'parameter' ? [] : [BATCH];
      }
      case 'each': {
        const body = axesOf(node.body).filter((axis) => axis !== node.level);
        return node.over === 'vocabulary' ? body : joined([BATCH], body);
      }
      default:
        return joined(...operands(node).map(axesOf));
    }
  }

  const uses = countUses();

  // Names

  /** A hyper-parameter that its own size stands for. */
  const isSize = (id: NodeId): boolean => {
    const node = nodeAt(id);
    const of = node.op === 'scalar' && node.fn === 'abs' ? nodeAt(node.of) : undefined;
    const leaf = of?.op === 'per-prompt' ? leafOf(of.name) : undefined;
    return leaf?.kind === 'parameter' && leaf.nonnegative;
  };

  const isLeaf = (id: NodeId): boolean => {
    const node = nodeAt(id);
    return operands(node).length === 0 || isSize(id) || (node.op === 'negate' && isLeaf(node.of));
  };

  function code(id: NodeId, loops: Loops = FREE): Code {
    const key = keyOf(id, loops);
    const known = named.get(key);
    if (known !== undefined) return known;
    const shared = (uses.get(key) ?? 0) > 1 && !isLeaf(id) && !isPlain(id);
    if (!shared && !forced.has(key) && !(wanted.has(id) && !isLeaf(id))) return written(id, loops);
    const name = names.take(nameFor(id, loops));
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

  function put(name: string, made: Code, terms: readonly Term[] | undefined): void {
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

  const isLogistic = (id: NodeId): boolean => {
    const node = nodeAt(id);
    return node.op === 'scalar' && LOGISTIC.has(node.fn);
  };

  function nameFor(id: NodeId, loops: Loops): string {
    const own = wanted.get(id);
    const node = nodeAt(id);
    const role = roleBelow(id, loops);
    const side = role === undefined ? '' : `${role}_`;
    if (isLogRatio(node, 'sequence')) return `${side}logratio`;
    if (isLogRatio(node, 'log-prob') || isLogRatio(node, 'row')) return `${side}logratios`;
    const mean = node.op === 'over' && nodeAt(node.b).op === 'length' ? nodeAt(node.a) : undefined;
    if (mean?.op === 'sequence') return `${distributionName(mean.name)}_${side}mean_logp`;
    if (own !== undefined) return own;
    const isLogit = program.nodes.some((other, i) => isLogistic(i) && operands(other).includes(id));
    if (isLogit) return role === undefined ? 'logits' : `${side}logit`;
    if (node.op === 'each') return `${side}${node.over === 'vocabulary' ? 'per_token' : 'total'}`;
    if (node.op === 'sum')
      return `${side}${node.terms.some((term) => nodeAt(term).op === 'negate') ? 'difference' : 'sum'}`;
    return `${side}${node.op === 'scalar' ? CALLED_FN[node.fn] : (CALLED[node.op] ?? 'part')}`;
  }

  /** log(p/q): a log-probability less another one of the same response. */
  function isLogRatio(node: Node, op: 'sequence' | 'log-prob' | 'row'): boolean {
    if (node.op !== 'sum' || node.terms.length !== 2) return false;
    const [a, b] = node.terms.map(nodeAt);
    const other = b?.op === 'negate' ? nodeAt(b.of) : undefined;
    return a?.op === op && other?.op === op && a.role === other.role;
  }

  /** The one response that a node is about; undefined where it is about both or neither. */
  function roleBelow(id: NodeId, loops: Loops): Role | undefined {
    const roles = new Set<Role>();
    const visit = (node: NodeId, inner: Loops): void => {
      const at = nodeAt(node);
      if ('role' in at) roles.add(at.role);
      for (const axis of axesOf(node)) {
        const over = inner[axis];
        if (over === 'chosen' || over === 'rejected') roles.add(over);
      }
      for (const [operand, more] of below(node, inner)) visit(operand, more);
    };
    visit(id, loops);
    const [only] = roles;
    return roles.size === 1 ? only : undefined;
  }

  // Leaves

  /** A name that stands for an argument worked upon, put down when first asked for. */
  function once(key: string, wantedName: string, axes: readonly number[], make: () => Code): Code {
    const known = named.get(key);
    if (known !== undefined) return known;
    const made = make();
    const name = names.take(wantedName);
    put(name, made, undefined);
    const result = atom(name, axes);
    named.set(key, result);
    return result;
  }

  const use = ({ name, helper }: Fn): string => {
    if (helper !== undefined) helpers.add(helper);
    return name;
  };
  const argument = (kind: InputKind, of: string, role: Role | undefined): string =>
    inputs.array(kind, of, role);
  const mask = (role: Role): Code => atom(argument('mask', '', role), [BATCH, 0]);
  const frozen = (from: Code, isFrozen: boolean): Code =>
    isFrozen && dialect.frozen !== undefined ? atom(dialect.frozen(from.text), from.axes) : from;

  /** log p(y,t,v) for all v. */
  function rows(name: string, role: Role): Code {
    const made = `${distributionName(name)}_${role}_logprobs`;
    return once(`rows ${name} ${role}`, made, [BATCH, 0, 1], () => {
      const logits = argument('logits', name, role);
      return callOf(use(dialect.logSoftmax), [logits, `${dialect.axis}=-1`], []);
    });
  }

  /** log p(y,t). */
  function logProbs(name: string, role: Role): Code {
    if (!whole.has(name)) return atom(argument('logps', name, role), [BATCH, 0]);
    return once(`tokens ${name} ${role}`, `${distributionName(name)}_${role}_logps`, [BATCH, 0], () => {
      helpers.add('select');
      return callOf('_select', [rows(name, role).text, argument('labels', '', role)], []);
    });
  }

  const sequence = (name: string, role: Role): Code =>
    once(`sequence ${name} ${role}`, `${distributionName(name)}_${role}_logp`, [BATCH], () => {
      helpers.add('masked-sum');
      return callOf('_masked_sum', [logProbs(name, role).text, mask(role).text], []);
    });

  const lengthOf = (role: Role): Code =>
    once(`length ${role}`, `${role}_len`, [BATCH], () =>
      atom(dialect.cast(`${mask(role).text}.sum(-1)`), []),
    );

  const vocabulary = (): Code => {
    const logits = inputs.arrays.find(({ kind }) => kind === 'logits');
    return once('vocabulary', 'vocab', [], () => atom(`${logits?.name ?? ''}.shape[-1]`, []));
  };

  const positions = (over: Over, level: number): Code => {
    const role = over === 'rejected' ? 'rejected' : 'chosen';
    const made = once(`positions ${role}`, `${role}_positions`, [0], () => {
      helpers.add('positions');
      return callOf('_positions', [mask(role).text, 'dtype'], []);
    });
    return { ...made, axes: [level] };
  };

  /** Something per token at a bound index, or at a fixed one. */
  function atToken(from: Code, token: TokenAt, role: Role, entry: readonly number[]): Code {
    if (token.kind === 'bound') return { ...from, axes: joined([BATCH, token.level], entry) };
    helpers.add('token');
    return atom(`_token(${from.text}, ${mask(role).text}, ${token.position})`, joined([BATCH], entry));
  }

  function leaf(node: Node, loops: Loops): Code {
    switch (node.op) {
      case 'rational':
        return numberCode(toNumber(node.value), node.value);
      case 'position':
        return positions(loops[node.level] ?? 'chosen', node.level);
      case 'length':
        return lengthOf(node.role);
      case 'per-response':
        return atom(argument('per-response', node.name, node.role), [BATCH]);
      case 'per-pair':
        return atom(argument('per-pair', node.name, undefined), [BATCH]);
      case 'per-token':
        return atToken(atom(argument('per-token', node.name, node.role), []), node.token, node.role, []);
      case 'per-prompt': {
        const of = leafOf(node.name);
        if (of.kind === 'parameter') return atom(inputs.setting(of.name), []);
        if (of.kind === 'datum') return atom(argument('per-prompt', of.name, undefined), [BATCH]);
        const value = code(program.locals[of.index]?.value ?? -1, FREE);
        return of.frozen
          ? frozen(value.binds === BINDS.atom ? value : atom(`(${value.text})`, value.axes), true)
          : value;
      }
      case 'sequence':
      case 'log-prob':
      case 'row': {
        const of = leafOf(node.name);
        if (of.kind !== 'datum') throw new RangeError(`a distribution called ${node.name}`);
        if (node.op === 'sequence') return frozen(sequence(of.name, node.role), of.frozen);
        if (node.op === 'log-prob') {
          return atToken(frozen(logProbs(of.name, node.role), of.frozen), node.token, node.role, []);
        }
        return atToken(frozen(rows(of.name, node.role), of.frozen), node.token, node.role, [node.level]);
      }
      default:
        throw new RangeError(`${node.op} is no leaf`);
    }
  }

  // Operations

  function written(id: NodeId, loops: Loops): Code {
    const node = nodeAt(id);
    const of = (operand: NodeId): Code => code(operand, loops);
    switch (node.op) {
      case 'sum':
        return sumOf(signedTerms(node.terms, loops));
      case 'negate':
        return negated(of(node.of));
      case 'times':
        return node.a === node.b ? squareOf(of(node.a)) : productOf(of(node.a), of(node.b));
      case 'over':
        return quotientOf(of(node.a), of(node.b));
      case 'gate':
        return gated(node.a, of(node.b), loops);
      case 'max':
      case 'min':
        return extreme(node.op, node.a, node.b, loops);
      case 'scalar':
        if (isSize(id)) return of(node.of);
        return node.fn === 'softplus'
          ? negated(scalar('logsigmoid', negated(of(node.of))))
          : scalar(node.fn, of(node.of));
      case 'compare': {
        const truth = comparison(id, loops);
        if (truth.axes.length === 0) return atom(`float(${truth.text})`, []);
        return atom(dialect.cast(`(${truth.text})`), truth.axes);
      }
      case 'log-sum':
        return logSum(node.terms.map(of), node.signs);
      case 'each':
        return each(node, loops);
      default:
        return leaf(node, loops);
    }
  }

  const signedTerms = (terms: readonly NodeId[], loops: Loops): readonly Term[] =>
    terms.map((term) => {
      const node = nodeAt(term);
      const isNamed = named.has(keyOf(term, loops)) || (uses.get(keyOf(term, loops)) ?? 0) > 1;
      return node.op === 'negate' && (!isNamed || isLeaf(term))
        ? { code: code(node.of, loops), negative: true }
        : { code: code(term, loops), negative: false };
    });

  const squareOf = (a: Code): Code =>
    a.axes.length === 0 && dialect.plainNumbers ? productOf(a, a) : called(`${dialect.module}.square`, [a]);

  function scalar(fn: keyof Dialect['functions'] | 'relu', a: Code): Code {
    const plain = a.axes.length === 0 && dialect.plainNumbers;
    if (fn === 'relu')
      return plain ? called('max', [atom('0.0', []), a]) : atom(dialect.relu(a.text), a.axes);
    if (!plain) return called(use(dialect.functions[fn]), [a]);
    if (fn === 'abs') return called('abs', [a]);
    if (fn === 'sigmoid' || fn === 'logsigmoid' || fn === 'log1mexp') {
      const lifted = `torch.tensor(${a.text}, dtype=torch.float64)`;
      return atom(`float(${use(dialect.functions[fn])}(${lifted}))`, []);
    }
    return called(`math.${fn}`, [a]);
  }

  /** a <= b, as truth. */
  function comparison(id: NodeId, loops: Loops): Code {
    const node = nodeAt(id);
    if (node.op !== 'compare') throw new RangeError(`${node.op} is no comparison`);
    const [a, b] = [code(node.a, loops), code(node.b, loops)];
    const axes = joined(a.axes, b.axes);
    const sign = { le: '<=', lt: '<', eq: '==' }[node.fn];
    return { text: `${aligned(a, axes).text} ${sign} ${aligned(b, axes).text}`, binds: BINDS.sum, axes };
  }

  /** The value where the indicator is one, nought elsewhere, whatever the value is there. */
  function gated(indicator: NodeId, value: Code, loops: Loops): Code {
    const truth = comparison(indicator, loops);
    if (value.axes.length === 0 || truth.axes.length === 0) return productOf(code(indicator, loops), value);
    return called(`${dialect.module}.where`, [truth, value], ['0.0']);
  }

  function extreme(op: 'max' | 'min', a: NodeId, b: NodeId, loops: Loops): Code {
    const [left, right] = [code(a, loops), code(b, loops)];
    const numbers = [left, right].filter(({ axes }) => axes.length === 0);
    if (!dialect.plainNumbers || numbers.length === 0) {
      return called(op === 'max' ? dialect.maximum : dialect.minimum, [left, right]);
    }
    if (numbers.length === 2) return called(op, [left, right]);
    const [bound, moving] = left.axes.length === 0 ? [left, right] : [right, left];
    if (op === 'max' && bound.text === '0') return atom(dialect.relu(moving.text), moving.axes);
    return called('torch.clamp', [moving], [`${op === 'max' ? 'min' : 'max'}=${bound.text}`]);
  }

  function logSum(terms: readonly Code[], signs: readonly (1 | -1)[]): Code {
    const of = (sign: 1 | -1): Code | undefined => {
      const own = terms.filter((_, i) => signs[i] === sign);
      const [moving = own[0]] = own.filter(({ axes }) => axes.length > 0);
      const lifted = own.map((term) =>
        term.axes.length === 0 && moving !== undefined && dialect.plainNumbers
          ? called('torch.full_like', [moving], [term.text])
          : term,
      );
      return lifted.reduce<Code | undefined>(
        (sum, term) => (sum === undefined ? term : called(dialect.logaddexp, [sum, term])),
        undefined,
      );
    };
    const [more, less] = [of(1), of(-1)];
    if (more === undefined) return less === undefined ? atom('-math.inf', []) : atom('math.nan', []);
    if (less === undefined) return more;
    const difference = sumOf([
      { code: less, negative: false },
      { code: more, negative: true },
    ]);
    return sumOf([
      { code: more, negative: false },
      { code: scalar('log1mexp', difference), negative: false },
    ]);
  }

  function each(node: Extract<Node, { op: 'each' }>, loops: Loops): Code {
    const inner = [...loops.slice(0, node.level), node.over];
    const moves = axesOf(node.body).includes(node.level);
    const body = code(node.body, moves ? inner : loops);
    if (!moves) {
      const count = node.over === 'vocabulary' ? vocabulary() : lengthOf(node.over);
      if (!node.log) return isOne(node.body) ? count : productOf(count, body);
      return sumOf([
        { code: body, negative: false },
        { code: scalar('log', count), negative: false },
      ]);
    }
    const axes = body.axes.filter((axis) => axis !== node.level);
    if (node.over === 'vocabulary') {
      const name = node.log ? use(dialect.logsumexp) : `${dialect.module}.sum`;
      return callOf(name, [body.text, `${dialect.axis}=-1`], axes);
    }
    const helper = node.log ? 'masked-logsumexp' : 'masked-sum';
    helpers.add(helper);
    const counted: Code = { ...mask(node.over), axes: [BATCH, node.level] };
    const name = node.log ? '_masked_logsumexp' : '_masked_sum';
    const whole = joined(body.axes, counted.axes);
    const args = [aligned(body, whole).text, aligned(counted, whole).text];
    return callOf(name, args, joined([BATCH], axes));
  }

  const isOne = (id: NodeId): boolean => {
    const node = nodeAt(id);
    return node.op === 'rational' && node.value.n === node.value.d;
  };

  return {
    code,
    assign,
    put: (line) => void lines.push(line),
    mask,
    rows,
    statements: () => lines,
  };
}

const FREE: Loops = [];
/** Shorter parts gain nothing by a name. */
const SHORT = 16;
/** What a name is reckoned to take. */
const NAME = 18;
const BRIEF = 24;
const LOGISTIC: ReadonlySet<string> = new Set(['logsigmoid', 'sigmoid', 'softplus']);
const CALLED: Readonly<Partial<Record<Node['op'], string>>> = {
  times: 'term',
  over: 'ratio',
  negate: 'negative',
  gate: 'gated',
  max: 'largest',
  min: 'least',
  compare: 'indicator',
  'log-sum': 'log_sum',
};

const CALLED_FN: Readonly<Record<ScalarName, string>> = {
  exp: 'exponential',
  log: 'log',
  log1p: 'log1p',
  expm1: 'expm1',
  sqrt: 'root',
  tanh: 'tanh',
  abs: 'size',
  sigmoid: 'probability',
  logsigmoid: 'log_probability',
  softplus: 'softplus',
  log1mexp: 'log1mexp',
  relu: 'positive_part',
};

/** A whole number as it is, a short decimal, or a quotient. */
function numberCode(x: number, { n, d }: { readonly n: bigint; readonly d: bigint }): Code {
  const negative = n < 0n;
  const whole = Number.isSafeInteger(x) ? String(Math.abs(x)) : undefined;
  const decimal = /^\d+\.\d{1,8}$/.test(String(Math.abs(x))) ? String(Math.abs(x)) : undefined;
  const text =
    whole ?? decimal ?? (d <= 1_000_000n && n < 1_000_000n && !negative ? `${n} / ${d}` : float(Math.abs(x)));
  const plain: Code = { text, binds: text.includes('/') ? BINDS.product : BINDS.atom, axes: [] };
  return negative ? negated(plain) : plain;
}
