/** An exported module as data: the code, and how to call it. */

import type { ExportReport } from '../../report/export.ts';
import { print } from '../../syntax/print.ts';
import type { Json } from '../../trace/json.ts';
import { distributionName, SHAPE } from './inputs.ts';
import type { PythonModule } from './module.ts';

export const exportJson = (
  { variant, membership, rewards, example }: ExportReport,
  { target, code, name, inputs }: PythonModule,
): Json => ({
  schema: 'midpo/export',
  version: 1,
  claim: variant.id,
  to: target,
  function: name,
  tier: membership.tier,
  arguments: inputs.arrays.map((one) => ({
    name: one.name,
    kind: one.kind,
    of: one.kind === 'logps' || one.kind === 'logits' ? distributionName(one.of) : one.of,
    role: one.role ?? null,
    shape: SHAPE[one.kind],
  })),
  parameters: inputs.settings.map((one) => ({
    name: one.name,
    of: one.of,
    default: one.usual === undefined ? null : Number(one.usual),
  })),
  rewards: { of: rewards.of, chosen: print(rewards.chosen), rejected: print(rewards.rejected) },
  selfTest: example !== undefined,
  code,
});
