/** The derivation file: from YAML text to a Variant, or to the one fault that stands in the way. */

import { occursFree } from '../expr/binder.ts';
import type { Declarations } from '../expr/declare.ts';
import { BUILT_IN, NOTHING_DECLARED } from '../expr/declare.ts';
import type { Expr, Sort } from '../expr/expr.ts';
import { sym, variable } from '../expr/expr.ts';
import { nearest } from '../syntax/nearest.ts';
import type { Scope } from '../syntax/scope.ts';
import type { Declared } from './declare.ts';
import { declare, headOf, take, writeHead } from './declare.ts';
import type { YamlText } from './document.ts';
import { keySpanAt, readYaml, spanAt } from './document.ts';
import type { Extent } from './expand.ts';
import { extentOf } from './expand.ts';
import type { VariantFault } from './fault.ts';
import { formulaAt } from './formula.ts';
import { placeIn } from './place.ts';
import type { FieldPath } from './refusal.ts';
import { Refusal, refuse, writePath } from './refusal.ts';
import type { DerivationFile } from './schema.ts';
import { derivation } from './schema.ts';
import { validate } from './validate.ts';
import type { Definition, Evidence, Prior, Variant } from './variant.ts';

/** The longest derivation file, in UTF-16 units here and in bytes on the disk. */
export const LONGEST_FILE = 1_000_000;
/** The most nodes of a formula whose definitions are unfolded, and its height. */
const MOST_NODES = 100_000;
const HIGHEST = 500;

/**
 * Reads the text of a derivation file; the id is `fileName` without folder and `.yaml`. Never throws on bad
 * input: the first thing wrong is returned, with its place.
 */
export function readVariant(text: string, fileName: string): Variant | VariantFault {
  try {
    return read(text, fileName);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { detail, path, span } = error;
    return { ...detail, file: fileName, field: writePath(path), at: placeIn(text, span) };
  }
}

/** `simpo` for `derivations/simpo.yaml`. */
export const idOf = (fileName: string): string =>
  (fileName.split(/[\\/]/).at(-1) ?? '').replace(/\.ya?ml$/i, '');

function read(text: string, fileName: string): Variant {
  if (text.length > LONGEST_FILE) {
    refuse({ kind: 'too-long', limit: LONGEST_FILE }, { start: LONGEST_FILE, end: LONGEST_FILE }, []);
  }
  const yaml = readYaml(text);
  const file = validate(yaml, derivation);
  const names = declare(yaml, file);
  const { declared, parameters, data } = names;
  const { definitions, extents, scope } = define(yaml, file, names);
  const formula = (path: FieldPath, within: Scope = scope): Expr =>
    bounded(yaml, path, formulaAt(yaml, path, within), extents);
  const prior = file.prior && readPrior(yaml, file.prior, scope, extents);
  const loss = lossAt(yaml, ['loss'], formula);
  const { title, says, paper, transcription, expect = {} } = file;
  return {
    kind: 'variant',
    id: idOf(fileName),
    title,
    ...(says !== undefined && { says }),
    ...(paper && { paper }),
    parameters,
    distributions: file.distributions ?? new Map(),
    data,
    definitions,
    ...(prior && { prior }),
    loss,
    expect,
    ...(transcription && { transcription }),
    evidence: (file.evidence ?? []).map((_, i) => readEvidence(yaml, file, i, names, scope, formula)),
    declared,
    source: { file: fileName, text },
  };
}

interface Defined {
  readonly definitions: readonly Definition[];
  readonly extents: ReadonlyMap<string, Extent>;
  /** The scope of the loss: the pair, and every definition. */
  readonly scope: Scope;
}

function define(yaml: YamlText, file: DerivationFile, { declared, taken }: Declared): Defined {
  const heads = [...(file.define?.keys() ?? [])].map((text) => {
    const path = ['define', text];
    const head = headOf(yaml, path, text);
    take(yaml, taken, path, head.name, 'definition');
    return { path, ...head };
  });
  const extents = new Map<string, Extent>();
  const sorts = new Map<string, readonly Sort[]>();
  const scopeOf = (responses: readonly string[]): Scope => ({
    declared,
    names: 'closed',
    responses,
    definitions: Object.fromEntries(sorts),
  });
  const definitions = heads.map(({ path, name, params }): Definition => {
    const responses = params.filter(({ sort }) => sort === 'response').map((param) => param.name);
    const scope = { ...scopeOf(responses), bound: params };
    const body = formulaAt(yaml, path, scope, (fault) => {
      const isLater = fault.kind === 'unknown-function' && heads.some((head) => head.name === fault.name);
      return isLater ? { kind: 'not-yet-defined', name: fault.name } : undefined;
    });
    bounded(yaml, path, body, extents);
    extents.set(name, extentOf(body, extents));
    sorts.set(
      name,
      params.map(({ sort }) => sort),
    );
    return { name, params, body };
  });
  return { definitions, extents, scope: scopeOf(['w', 'l']) };
}

/** Refuses a formula that would not stay of a reasonable size with its definitions unfolded. */
function bounded(yaml: YamlText, path: FieldPath, e: Expr, extents: ReadonlyMap<string, Extent>): Expr {
  const { nodes, height } = extentOf(e, extents);
  if (nodes > MOST_NODES || height > HIGHEST) {
    refuse({ kind: 'expands-too-far', limit: MOST_NODES }, spanAt(yaml, path), path);
  }
  return e;
}

/** The fields that stand in place of `zeta` where the prior differs by label. */
const LABELS = ['chosen', 'rejected'] as const;

function readPrior(
  yaml: YamlText,
  { zeta, chosen, rejected }: NonNullable<DerivationFile['prior']>,
  scope: Scope,
  extents: ReadonlyMap<string, Extent>,
): Prior {
  const at = (field: string, responses: readonly string[]): Expr => {
    const path = ['prior', field];
    const e = formulaAt(yaml, path, { ...scope, responses }, (fault) => {
      const isPair = 'name' in fault && (fault.name === 'w' || fault.name === 'l');
      return isPair ? { kind: 'pair-in-prior', name: fault.name } : undefined;
    });
    return bounded(yaml, path, e, extents);
  };
  const weight = at('weight', []);
  const given = { zeta, chosen, rejected };
  const wanted = chosen === undefined && rejected === undefined ? (['zeta'] as const) : LABELS;
  const missing = wanted.find((name) => given[name] === undefined);
  if (missing !== undefined) {
    refuse({ kind: 'missing-field', name: missing }, keySpanAt(yaml, ['prior']), ['prior', missing]);
  }
  if (wanted !== LABELS) return { kind: 'common', weight, zeta: at('zeta', ['y']) };
  if (zeta !== undefined) {
    const path = ['prior', 'zeta'];
    refuse({ kind: 'excluded-field', name: 'zeta', by: 'chosen' }, keySpanAt(yaml, path), path);
  }
  return { kind: 'by-label', weight, chosen: at('chosen', ['y']), rejected: at('rejected', ['y']) };
}

type ReadFormula = (path: FieldPath, within?: Scope) => Expr;

function lossAt(yaml: YamlText, path: FieldPath, formula: ReadFormula): Expr {
  const loss = formula(path);
  const isOfPair = ['w', 'l'].some((name) => occursFree(loss, variable(name, 'response')));
  return isOfPair ? loss : refuse({ kind: 'loss-without-pair' }, spanAt(yaml, path), path);
}

/** The vectors' own hyper-parameters: any names, no data. */
const THEIR_SCOPE: Scope = {
  declared: { ...NOTHING_DECLARED, data: {} },
  names: 'open',
  responses: [],
  definitions: {},
};

function readEvidence(
  yaml: YamlText,
  file: DerivationFile,
  index: number,
  { parameters, declared }: Declared,
  scope: Scope,
  formula: ReadFormula,
): Evidence {
  const path = ['evidence', index];
  const { vectors, says, where, batches, gives, ...field } = file.evidence?.[index] ?? { vectors: '' };
  const ours = new Map<string, Expr>([...parameters.keys()].map((name) => [name, sym(name)]));
  for (const name of field.parameters?.keys() ?? []) {
    const at = [...path, 'parameters', name];
    if (!parameters.has(name)) {
      const suggestion = nearest(name, parameters.keys());
      refuse({ kind: 'undeclared-parameter', name, suggestion }, keySpanAt(yaml, at), at);
    }
    ours.set(name, formula(at, THEIR_SCOPE));
  }
  const theirs = new Map<string, string>();
  for (const [text, from] of field.data ?? []) {
    theirs.set(readDataHead(yaml, [...path, 'data', text], text, declared), from);
  }
  return {
    vectors,
    parameters: ours,
    data: theirs,
    where: where ?? new Map(),
    ...(batches !== undefined && { batches }),
    ...(field.loss !== undefined && { loss: lossAt(yaml, [...path, 'loss'], formula) }),
    ...(field.selects !== undefined && {
      selects: formula([...path, 'selects'], { ...scope, responses: ['y'] }),
    }),
    ...(gives !== undefined && { gives }),
    ...(says !== undefined && { says }),
  };
}

/** The head that evidence supplies, without blanks. */
function readDataHead(yaml: YamlText, path: FieldPath, text: string, { data }: Declarations): string {
  const { name, params } = headOf(yaml, path, text);
  const shape = params.map(({ sort }) => sort).join();
  const shapes = Object.hasOwn(data, name) ? data[name]?.shapes : undefined;
  if (!shapes?.some((sorts) => sorts.join() === shape)) {
    const own = Object.keys(data).filter((known) => !Object.hasOwn(BUILT_IN, known));
    const suggestion = shapes === undefined ? nearest(name, own) : undefined;
    refuse({ kind: 'undeclared-data', name: text, suggestion }, keySpanAt(yaml, path), path);
  }
  return writeHead({ name, params });
}
