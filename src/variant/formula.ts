/** Formulas within a file: their text as it was written, and their faults at their place in the file. */

import { isScalar } from 'yaml';
import type { Expr } from '../expr/expr.ts';
import { FormulaError } from '../syntax/fault.ts';
import { parse } from '../syntax/parse.ts';
import type { Scope } from '../syntax/scope.ts';
import type { YamlText } from './document.ts';
import { nodesAt, spanAt } from './document.ts';
import type { Detail } from './fault.ts';
import type { FieldPath } from './refusal.ts';
import { refuse } from './refusal.ts';
import { spanWithin } from './scalar.ts';

/** The text of the scalar at `path`; a number with all the digits of the file. */
export function textOf(yaml: YamlText, path: FieldPath): string {
  const { value } = nodesAt(yaml, path);
  if (!isScalar(value)) return '';
  return typeof value.value === 'string' ? value.value : (value.source ?? String(value.value));
}
