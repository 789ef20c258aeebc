/** Cases at which code gives NaN although the loss has a value: the records are NaN, and ours are the exact values. */

import { Decimal } from 'decimal.js';
import type { Expr } from '../expr/expr.ts';
import type { Batch } from './batch.ts';
import { shapeOf } from './batch.ts';
import type { Bounded } from './compile.ts';
import { compile } from './compile.ts';
import type { CompileFault } from './demand.ts';
import { exactValue } from './exact.ts';
import { slopesOf } from './slopes.ts';
import type { Tally, Where } from './tally.ts';
import { ulpOf } from './ulp.ts';
import type { VectorCase } from './vectors.ts';
import { numeric } from './verify.ts';

export function compareUndefined(): undefined {
  return undefined;
}
