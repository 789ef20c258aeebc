/** YAML as plain data with the place of every part: one document, no references, no tags, bounded before it is built. */

import type { Document, Node, ParsedNode, Scalar } from 'yaml';
import { Composer, isAlias, isMap, isScalar, isSeq, Lexer, Parser } from 'yaml';
import type { Construct } from './fault.ts';
import type { Span } from './place.ts';
import type { FieldPath } from './refusal.ts';
import { refuse } from './refusal.ts';

/** Nested deeper than any field of a derivation file, far less than the stack bears. */
const DEEPEST = 40;
/** Some 10,000 fields. */
const MOST_LEXEMES = 50_000;

/** Strings, numbers, booleans, null, arrays, and objects without a prototype: any key is harmless. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

export interface YamlText {
  readonly text: string;
  readonly root: Node;
  readonly value: Plain;
}

/** Reads `text` as one YAML 1.2 document. Throws Refusal on anything but plain data. */
export function readYaml(text: string): YamlText {
  const [doc, second] = compose(text);
  const [problem] = [...(doc?.errors ?? [])].sort((a, b) => a.pos[0] - b.pos[0]);
  if (problem !== undefined) refuseYaml(problem.code, problem.pos);
  if (doc === undefined || doc.contents === null) return refuse({ kind: 'empty' }, { start: 0, end: 0 }, []);
  if (second !== undefined) refuseYaml('MULTIPLE_DOCS', second.range);
  // Otherwise the file could choose YAML 1.1, where `y` is a truth value.
  if (doc.directives?.yaml.explicit)
    refuse({ kind: 'not-allowed', construct: 'directive' }, { start: 0, end: 0 }, []);
  const value = plain(doc.contents, []);
  const [warning] = doc.warnings;
  if (warning !== undefined) refuseYaml(warning.code, warning.pos);
  return { text, root: doc.contents, value };
}

type YamlProblem = Document.Parsed['errors'][number]['code'];

function refuseYaml(problem: YamlProblem, [start, end]: readonly [number, number, ...number[]]): never {
  return refuse({ kind: 'bad-yaml', problem }, { start, end }, []);
}

/** The documents, of which only the first two are of interest. Composing recurses, so depth is bounded first. */
function compose(text: string): readonly Document.Parsed<ParsedNode>[] {
  const parser = new Parser();
  const tokens = [];
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    const here = { start: parser.offset, end: parser.offset };
    if (parser.stack.length > DEEPEST) refuse({ kind: 'too-deep', limit: DEEPEST }, here, []);
    if (++lexemes > MOST_LEXEMES) refuse({ kind: 'too-many-parts', limit: MOST_LEXEMES }, here, []);
  }
  tokens.push(...parser.end());
  // The library's search for duplicate keys takes quadratic time; `plain` does it in linear time.
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    merge: false,
    strict: true,
    uniqueKeys: false,
  });
  return [...composer.compose(tokens, true, text.length)];
}

function plain(node: unknown, path: FieldPath): Plain {
  const forbidden = constructOf(node);
  if (forbidden !== undefined) refuse({ kind: 'not-allowed', construct: forbidden }, rangeOf(node), path);
  if (isScalar(node)) return scalarValue(node, path);
  if (isSeq(node)) return node.items.map((item, i) => plain(item, [...path, i]));
  if (!isMap(node)) return null;
  const fields: Record<string, Plain> = Object.create(null);
  for (const { key, value } of node.items) {
    const name = plain(key, path);
    const span = rangeOf(key);
    if (typeof name !== 'string') refuse({ kind: 'not-allowed', construct: 'non-text-key' }, span, path);
    if (name === '<<') refuse({ kind: 'not-allowed', construct: 'merge-key' }, span, path);
    if (Object.hasOwn(fields, name)) refuse({ kind: 'duplicate-field', name }, span, [...path, name]);
    fields[name] = plain(value, [...path, name]);
  }
  return fields;
}

function constructOf(node: unknown): Construct | undefined {
  if (isAlias(node)) return 'alias';
  if (!isScalar(node) && !isSeq(node) && !isMap(node)) return undefined;
  if (node.anchor !== undefined) return 'anchor';
  return node.tag === undefined ? undefined : 'tag';
}

function scalarValue(node: Scalar, path: FieldPath): Plain {
  const { value } = node;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return value === null ? null : refuse({ kind: 'not-allowed', construct: 'tag' }, rangeOf(node), path);
}

/** Where a node stands in the text; the beginning of the text for what is no node. */
function rangeOf(node: unknown): Span {
  const known = isScalar(node) || isSeq(node) || isMap(node) || isAlias(node) ? node.range : undefined;
  return known ? { start: known[0], end: known[1] } : { start: 0, end: 0 };
}

/** The nodes of the field at `path`: its key, if it has one, and its value. */
export function nodesAt(
  { root }: YamlText,
  path: FieldPath,
): { readonly key?: Scalar; readonly value?: Node } {
  let key: Scalar | undefined;
  let value: unknown = root;
  for (const step of path) {
    key = undefined;
    if (isSeq(value)) value = typeof step === 'number' ? value.items[step] : undefined;
    else if (isMap(value)) {
      const pair = value.items.find((item) => isScalar(item.key) && item.key.value === step);
      if (isScalar(pair?.key)) key = pair.key;
      value = pair?.value;
    } else value = undefined;
  }
  return {
    ...(key && { key }),
    ...((isScalar(value) || isSeq(value) || isMap(value)) && { value }),
  };
}

/** Where the value at `path` stands; its key where there is no value; the nearest field around it otherwise. */
export function spanAt(yaml: YamlText, path: FieldPath): Span {
  const { key, value } = nodesAt(yaml, path);
  if (value !== undefined && !(isScalar(value) && isEmpty(value)))
    return firstLine(yaml.text, rangeOf(value));
  if (key !== undefined) return rangeOf(key);
  return path.length === 0 ? { start: 0, end: 0 } : keySpanAt(yaml, path.slice(0, -1));
}

/** Where the name of the field at `path` stands. */
export function keySpanAt(yaml: YamlText, path: FieldPath): Span {
  const { key } = nodesAt(yaml, path);
  return key === undefined ? spanAt(yaml, path) : rangeOf(key);
}

const isEmpty = ({ range }: Scalar): boolean => !range || range[0] === range[1];

/** A value of several lines is shown by its first. */
function firstLine(text: string, { start, end }: Span): Span {
  const lineEnd = text.slice(start, end).search(/[\r\n]/);
  return { start, end: lineEnd < 0 ? end : start + lineEnd };
}
