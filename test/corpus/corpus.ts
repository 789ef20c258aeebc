/**
 * The corpus: true and false identities that the decision procedure is tried on, one file per family.
 * The rows are facts, established numerically by a program that shares no code with this project.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { parse } from 'yaml';

const Text = v.pipe(v.string(), v.trim(), v.nonEmpty());
const Texts = v.pipe(v.array(Text), v.readonly());
const Flag = v.optional(v.literal(true));

const shared = {
  id: v.pipe(v.string(), v.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected kebab-case')),
  left: Text,
  right: Text,
  /** What is granted about hyper-parameters, as `--assume` takes it. */
  assume: v.optional(Texts, []),
  /** Data beyond pi, ref and len, as `--data` takes it. */
  data: v.optional(Texts, []),
  /** In `gradients`, the derivatives by the policy are compared; a frozen part keeps its value. */
  mode: v.optional(v.picklist(['values', 'gradients']), 'values'),
  /** Beyond what a good finite procedure is expected to decide; a wrong answer still is a bug. */
  hard: Flag,
  /** The law behind a true row; what is wrong, or a point of difference, for a false one. */
  says: Text,
};

const RowSchema = v.variant('answer', [
  v.strictObject({
    ...shared,
    /** The sides agree at every point of the declared domains at which both are defined. */
    answer: v.literal('equal'),
    /** One side is defined at a point at which the other is not. */
    domains: Flag,
  }),
  v.strictObject({
    ...shared,
    /** The sides differ at some point at which both are defined. */
    answer: v.literal('different'),
    /** The exact conditions, all needed together, under which they agree; each may offer choices by `or`. */
    when: v.optional(Texts, []),
  }),
]);

/** One row; `family` is the name of its file. */
export type Row = Readonly<v.InferOutput<typeof RowSchema>> & { readonly family: string };

const FOLDER = import.meta.dirname;

/** The rows of one file. Throws an Error that names file and row of whatever breaks the schema. */
function readFamily(file: string): readonly Row[] {
  const found = v.safeParse(v.array(RowSchema), parse(readFileSync(join(FOLDER, file), 'utf8')));
  if (!found.success) {
    const [issue] = found.issues;
    throw new Error(`${file}, at ${v.getDotPath(issue) ?? 'the top'}: ${issue.message}`);
  }
  const family = file.replace(/\.yaml$/, '');
  return found.output.map((row) => ({ ...row, family }));
}

/** Every row of every `.yaml` file in this folder, in order of file name, then of appearance. */
export const CORPUS: readonly Row[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.yaml'))
  .sort()
  .flatMap(readFamily);

const repeated = CORPUS.map(({ id }) => id).filter((id, i, ids) => ids.indexOf(id) !== i);
if (repeated.length > 0) throw new Error(`ids used more than once: ${repeated.join(', ')}`);
