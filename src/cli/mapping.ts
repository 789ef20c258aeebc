/** How a loss's names are found in files of numbers: `gamma = beta * gamma_beta_ratio`, `m(y,t) = tis_weights`. */

import type { Exhibit, Expr, Scope, Variant } from '../index.ts';
import { BUILT_IN, FormulaError, faultText, NOTHING_DECLARED, nearest, parse } from '../index.ts';
import type { Outcome } from './outcome.ts';
import { didYouMean, refusal } from './outcome.ts';

type Mapping = Exhibit['evidence'];
type CaseValue = Mapping['where'] extends ReadonlyMap<string, infer V> ? V : never;

/** The hyper-parameters of the vectors: any names, no data. */
const THEIR_SCOPE: Scope = {
  declared: { ...NOTHING_DECLARED, data: {} },
  names: 'open',
  responses: [],
  definitions: {},
};

/** Reads the values of `--map`, `--map-data` and `--where`. Names that are not mapped are the same in the vectors. */
export function readMapping(
  claim: Variant,
  map: readonly string[],
  mapData: readonly string[],
  where: readonly string[],
): Mapping | Outcome {
  const parameters = readPairs('--map', 'gamma = beta * gamma_beta_ratio', map, (ours, theirs) => {
    if (!claim.parameters.has(ours)) return unknown('hyper-parameter', ours, claim.parameters.keys());
    return theirExpr(theirs);
  });
  if ('exit' in parameters) return parameters;
  const heads = headsOf(claim);
  const data = readPairs('--map-data', 'm(y,t) = tis_weights', mapData, (head, path) => {
    const known = [...heads].some((name) => name === nameOf(head));
    return known ? path : unknown('datum', head, heads);
  });
  if ('exit' in data) return data;
  const cases = readPairs('--where', 'loss_type = sigmoid', where, (_, value) => caseValue(value));
  return 'exit' in cases ? cases : { parameters, data, where: cases };
}

/** Reads the values of `--map-data` where data are columns: a claim's own data, its distributions and `len`. */
export function readColumnMap(
  claim: Variant,
  mapData: readonly string[],
): ReadonlyMap<string, string> | Outcome {
  const known = ['pi', 'ref', 'len', ...headsOf(claim)];
  const byHead = readPairs('--map-data', 'm(y,t) = tis_weights', mapData, (head, column) =>
    known.includes(nameOf(head)) ? column : unknown('datum', nameOf(head), known),
  );
  return 'exit' in byHead ? byHead : new Map([...byHead].map(([head, column]) => [nameOf(head), column]));
}

/** `m` of `m(y,t)`. */
const nameOf = (head: string): string => head.replace(/\(.*$/, '');

/** The data that vectors may supply: those of the claim's own. */
const headsOf = ({ declared }: Variant): readonly string[] =>
  Object.keys(declared.data).filter((name) => !Object.hasOwn(BUILT_IN, name));

/** What stands left of the first `=`, without blanks, and what `read` makes of the rest. */
export function readPairs<T>(
  option: string,
  example: string,
  texts: readonly string[],
  read: (left: string, right: string) => T | Outcome,
): ReadonlyMap<string, T> | Outcome {
  const pairs = new Map<string, T>();
  for (const text of texts) {
    const [, left = '', right = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    const name = left.replace(/\s+/g, '');
    if (name === '' || right.trim() === '')
      return refusal(`${option} is written like '${example}', not '${text}'`);
    if (pairs.has(name)) return refusal(`${option} says twice what ${name} is`);
    const value = read(name, right.trim());
    if (isOutcome(value)) return value;
    pairs.set(name, value);
  }
  return pairs;
}

export const isOutcome = (value: unknown): value is Outcome =>
  typeof value === 'object' && value !== null && 'exit' in value;

function theirExpr(text: string): Expr | Outcome {
  try {
    return parse(text, THEIR_SCOPE);
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    return refusal(faultText({ kind: 'formula-claim', part: 'formula', text, fault: error.fault }));
  }
}

/** Refuses a name that the claim does not have. */
export function unknown(what: string, name: string, known: Iterable<string>): Outcome {
  return refusal(`the claim has no ${what} \`${name}\`${didYouMean(nearest(name, known))}`);
}

/** As in a derivation file: `null` for a case that lacks it, truth values, numbers, and text. */
function caseValue(text: string): CaseValue {
  if (text === 'null') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}
