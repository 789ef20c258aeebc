/** Formulas within a file: their text as it was written, and their faults at their place in the file. */

import { isScalar } from 'yaml';
import type { Expr } from '../expr/expr.ts';
import type { FormulaFault } from '../syntax/fault.ts';
import { FormulaError } from '../syntax/fault.ts';
import { parse } from '../syntax/parse.ts';
import type { Scope } from '../syntax/scope.ts';
import type { YamlText } from './document.ts';
import { nodesAt, spanAt } from './document.ts';
import type { Detail } from './fault.ts';
import type { Span } from './place.ts';
import type { FieldPath } from './refusal.ts';
import { refuse } from './refusal.ts';
import { spanWithin } from './scalar.ts';

/** The text of the scalar at `path`; a number with all the digits of the file. */
export function textOf(yaml: YamlText, path: FieldPath): string {
  const { value } = nodesAt(yaml, path);
  if (!isScalar(value)) return '';
  return typeof value.value === 'string' ? value.value : (value.source ?? String(value.value));
}

/**
 * The formula at `path`. Throws Refusal; `explain` may know better than the grammar what is wrong with it.
 */
export function formulaAt(
  yaml: YamlText,
  path: FieldPath,
  scope: Scope,
  explain: (fault: FormulaFault) => Detail | undefined = () => undefined,
): Expr {
  const text = textOf(yaml, path);
  try {
    return parse(text, scope);
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    const { fault } = error;
    return refuse(explain(fault) ?? { kind: 'formula', fault }, formulaSpan(yaml, path, text, fault), path);
  }
}

function formulaSpan(yaml: YamlText, path: FieldPath, text: string, within: Span): Span {
  const { value } = nodesAt(yaml, path);
  return isScalar(value) && text !== '' ? spanWithin(yaml.text, value, text, within) : spanAt(yaml, path);
}
