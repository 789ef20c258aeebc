/** The leaves of a graph as Python: arguments, what is made of them once under a name of its own, and numbers. */

import { toNumber } from '../../expr/rational.ts';
import type { Role } from '../../numeric/batch.ts';
import type { Node, NodeId, Over, TokenAt } from '../../numeric/graph.ts';
import type { ExportReport } from '../../report/export.ts';
import { leafOf } from '../../report/program.ts';
import type { Code } from './code.ts';
import { atom, BATCH, BINDS, callOf, joined, negated } from './code.ts';
import type { Dialect, Fn, Helper } from './dialect.ts';
import type { Names } from './identifier.ts';
import type { InputKind, Inputs } from './inputs.ts';
import { distributionName } from './inputs.ts';
import { float } from './literal.ts';
import type { Loops, Outline } from './outline.ts';
import { FREE } from './outline.ts';

/** What the body of one function is written with. */
export interface Setting {
  readonly dialect: Dialect;
  readonly inputs: Inputs;
  readonly names: Names;
  readonly whole: ExportReport['whole'];
  /** Helpers that have come to be needed. */
  readonly helpers: Set<Helper>;
}

/** Where code goes that stands under a name. */
export interface Statements {
  /** What has a name by now. */
  readonly named: Map<string, Code>;
  readonly put: (name: string, made: Code) => void;
  readonly code: (id: NodeId, loops: Loops) => Code;
}

export interface Leaves {
  readonly leaf: (node: Node, loops: Loops) => Code;
  readonly mask: (role: Role) => Code;
  /** Log-probabilities over the vocabulary. */
  readonly rows: (name: string, role: Role) => Code;
  readonly lengthOf: (role: Role) => Code;
  /** The size of the vocabulary. */
  readonly vocabulary: () => Code;
  /** The name of a function, whose helper is there from now on. */
  readonly use: (fn: Fn) => string;
}

export function leavesOf(
  { program }: Outline,
  { dialect, inputs, names, whole, helpers }: Setting,
  { named, put, code }: Statements,
): Leaves {
  /** A name that stands for an argument worked upon, put down when first asked for. */
  function once(key: string, wantedName: string, axes: readonly number[], make: () => Code): Code {
    const known = named.get(key);
    if (known !== undefined) return known;
    const made = make();
    const name = names.take(wantedName);
    put(name, made);
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

  return { leaf, mask, rows, lengthOf, vocabulary, use };
}

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
