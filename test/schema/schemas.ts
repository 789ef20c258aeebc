/** The published JSON Schemas, compiled by a validator of the 2020-12 draft at its strictest. */

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';

const FOLDER = resolve(import.meta.dirname, '../../docs/schema');
const ENDING = '.schema.json';

export const NAMES = readdirSync(FOLDER)
  .filter((name) => name.endsWith(ENDING))
  .map((name) => name.slice(0, -ENDING.length));

const ajv = new Ajv2020({ strict: true, strictTuples: false, strictRequired: false, allErrors: false });
for (const name of NAMES) ajv.addSchema(JSON.parse(readFileSync(join(FOLDER, name + ENDING), 'utf8')));

/** What is wrong with a document; empty where it is as its schema says. */
export function wrongWith(name: string, json: unknown): readonly string[] {
  const validate = ajv.getSchema(name + ENDING);
  if (validate === undefined) throw new Error(`no schema ${name}`);
  // As a reader gets it: without what JSON does not carry.
  if (validate(JSON.parse(JSON.stringify(json))) === true) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    `${instancePath} ${message} ${JSON.stringify(params)}`.slice(0, 300),
  );
}
