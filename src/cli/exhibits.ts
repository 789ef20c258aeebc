/** The reference vectors that a loss is held against: those its file names, or those of the command line. */

import type { Exhibit, Variant } from '../index.ts';
import { faultText, readVectors } from '../index.ts';
import { readVectorsFile } from '../node.ts';
import { readMapping } from './mapping.ts';
import type { Outcome } from './outcome.ts';
import { refusal } from './outcome.ts';

export interface ExhibitOptions {
  readonly vectors?: string | undefined;
  readonly map?: readonly string[] | undefined;
  readonly mapData?: readonly string[] | undefined;
  readonly where?: readonly string[] | undefined;
}

type Mapping = Exhibit['evidence'];

/** Vectors of the command line stand in for those of the file: whoever brings some wants to know about them. */
export function readExhibits(claim: Variant, options: ExhibitOptions): readonly Exhibit[] | Outcome {
  const { vectors, map = [], mapData = [], where = [] } = options;
  if (vectors === undefined) {
    const needless = [...map, ...mapData, ...where].length > 0;
    return needless
      ? refusal('--map, --map-data and --where say how to read --vectors, and there are none')
      : readAll(
          claim.evidence.map((evidence) => [evidence.vectors, evidence]),
          claim.source.file,
        );
  }
  const mapping = readMapping(claim, map, mapData, where);
  return 'exit' in mapping ? mapping : readAll([[vectors, mapping]], undefined);
}

function readAll(
  wanted: readonly (readonly [vectors: string, mapping: Mapping])[],
  from: string | undefined,
): readonly Exhibit[] | Outcome {
  const exhibits: Exhibit[] = [];
  for (const [name, evidence] of wanted) {
    const file = readVectorsFile(name, from);
    if (file.kind !== 'json') return refusal(faultText(file));
    const vectors = readVectors(file.value);
    if (vectors.kind !== 'vectors') return refusal(`${file.path}: ${faultText(vectors)}`);
    exhibits.push({ name: nameOf(name, evidence), vectors, evidence });
  }
  return exhibits;
}

/** `simpo (loss_type = hinge)`: one file of vectors may hold cases for several losses. */
function nameOf(vectors: string, { where, batches = [], gives }: Mapping): string {
  const cases = [
    ...[...where].map(([name, value]) => `${name} = ${value}`),
    ...batches.map((name) => `batch ${name}`),
    ...(gives === undefined ? [] : ['their records are NaN, ours the exact values']),
  ];
  return cases.length === 0 ? vectors : `${vectors} (${cases.join(', ')})`;
}
