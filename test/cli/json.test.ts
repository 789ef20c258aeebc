/** JSON is asked for in one way everywhere, and no file is named for a format that it does not hold. */

import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { folderWith, midpo } from './run.ts';

const COMMANDS = createProgram(() => undefined).commands.map((command) => ({
  name: command.name(),
  options: command.options.map(({ long }) => long),
}));

test('every command has --json', () => {
  expect(COMMANDS.length).toBeGreaterThan(9);
  expect(COMMANDS.filter(({ options }) => !options.includes('--json'))).toEqual([]);
});

test.each(COMMANDS.filter(({ options }) => options.includes('--to')).map(({ name }) => name))(
  '%s --json is one document with schema and version',
  (name) => {
    const { exit, out } = midpo([name, 'dpo', '--json']);
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ schema: expect.stringMatching(/^midpo\//), version: 1 });
  },
);

test.each(['derive', 'table', 'plot'])('%s --json is --to json', (name) => {
  expect(midpo([name, 'dpo', '--json']).out).toBe(midpo([name, 'dpo', '--to', 'json']).out);
  expect(midpo([name, 'dpo', '--json', '--to', 'json']).exit).toBe(0);
});

describe('a format that contradicts itself is refused, and nothing is written', () => {
  test.each<[args: readonly string[], err: RegExp]>([
    [['derive', 'dpo', '--json', '--to', 'latex'], /--json is --to json, and --to latex is another/],
    [['table', 'dpo', '--json', '--to', 'text'], /--to text is another/],
    [['plot', 'dpo', '-o', 'a.png'], /a\.png: no \.png file can be written\. The formats .* svg, csv, json/],
    [['plot', 'dpo', '-o', 'a.csv'], /a\.csv would hold svg: add --to csv/],
    [['derive', 'dpo', '--to', 'latex', '-o', 'a.PDF'], /no \.pdf file can be written.* latex,/],
    [['table', 'dpo', '-o', 'a.xlsx'], /no \.xlsx file/],
  ])('%j', (args, err) => {
    const folder = folderWith();
    const run = midpo(args, { cwd: folder });
    expect(run).toMatchObject({ exit: 2, out: '' });
    expect(run.err).toMatch(err);
    expect(readdirSync(folder)).toEqual([]);
  });
});
