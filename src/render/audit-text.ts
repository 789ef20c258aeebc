/** The independent checker's verdict on a stored trace, for a terminal. */

import type { AuditReport } from '../report/audit.ts';
import { refusalPhrase } from './checker-fault.ts';
import { plainText } from './escape.ts';
import { grantedRows } from './granted-text.ts';
import { defaultNotation } from './notation.ts';
import { phraseText } from './phrase.ts';
import { labelled } from './rows.ts';
import type { Style } from './style.ts';
import { paint } from './style.ts';
import { unicode } from './unicode.ts';

export type Audited = Extract<AuditReport, { readonly kind: 'audited' }>;

export function auditText({ trace, verdict }: Audited, style: Style): string {
  const { title, good, bad } = paint(style);
  const notation = defaultNotation({ declared: trace.declared });
  const stages = new Set(trace.stages.map(({ id }) => id));
  const lines =
    verdict.kind === 'accepted'
      ? [
          `${title(plainText(trace.claim))}  ${good('accepted')}`,
          ...labelled(
            [
              { label: 'checked', text: `${verdict.steps} steps in ${verdict.stages} stages` },
              ...trace.stages.map(({ id, start, goal, relation }) => ({
                label: plainText(id),
                text: `${unicode(start, notation)} ${relation === '=' ? '=' : '≤'} ${unicode(goal, notation)}`,
                formula: true,
              })),
              ...grantedRows(trace.declared, notation),
              {
                label: 'rests on',
                text:
                  verdict.rests
                    .filter((id) => !stages.has(id))
                    .map(plainText)
                    .join(', ') || 'nothing but identities',
              },
            ],
            style,
          ),
        ]
      : [
          `${title(plainText(trace.claim))}  ${bad('refused')}`,
          ...labelled(
            [
              { label: 'because', text: phraseText(refusalPhrase(verdict.fault), notation) },
              ...grantedRows(trace.declared, notation),
            ],
            style,
          ),
        ];
  return `${lines.join('\n')}\n`;
}
