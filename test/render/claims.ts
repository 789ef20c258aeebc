/** Claims for the pages: four published losses as files, and formulas. */

import type { Granted } from '../../src/variant/claim.ts';
import { formulaClaim } from '../../src/variant/claim.ts';
import { readVariant } from '../../src/variant/read.ts';
import type { Variant } from '../../src/variant/variant.ts';

const FILES = {
  dpo: `
title: DPO
paper: { arxiv: "2305.18290", authors: [Rafailov, Sharma, Mitchell, Ermon, Manning, Finn], year: 2023 }
parameters: { beta: { is: positive, says: strength of the KL penalty } }
define: { "h(y)": log(pi(y) / ref(y)) }
loss: -log(sigmoid(beta * (h(w) - h(l))))
`,
  simpo: `
title: SimPO
paper: { arxiv: "2405.14734", authors: [Meng, Xia, Chen], year: 2024 }
parameters:
  beta: { is: positive, says: scale of the implicit reward }
  gamma: { is: nonnegative, says: margin by which the chosen response has to win }
loss: -log(sigmoid(beta * (log(pi(w)) / len(w) - log(pi(l)) / len(l)) - gamma))
`,
  'r-dpo': `
title: R-DPO
parameters: { beta: { is: positive }, alpha: { is: nonnegative } }
loss: -log(sigmoid(beta * (log(pi(w) / ref(w)) - log(pi(l) / ref(l))) + alpha * (len(w) - len(l))))
`,
  'h-dpo': `
title: H-DPO
parameters: { beta: { is: positive }, alpha: { is: positive } }
loss: -log(sigmoid(alpha * beta * (log(pi(w)) - log(pi(l))) - beta * (log(ref(w)) - log(ref(l)))))
`,
} as const;

export type Id = keyof typeof FILES;
export const IDS = Object.keys(FILES) as readonly Id[];

function valid(variant: Variant | { readonly kind: string }): Variant {
  if ('loss' in variant) return variant;
  throw new TypeError(`not a claim: ${variant.kind}`);
}

export const published = (id: Id): Variant => valid(readVariant(FILES[id], `${id}.yaml`));
export const formula = (text: string, granted: Granted = { assume: ['beta > 0'] }): Variant =>
  valid(formulaClaim(text, granted));

/** What a file or a user may try to slip into a page. */
export const HOSTILE = [
  String.raw`\input{/etc/passwd} % $x$ & #1 ~ ^ _`,
  '<script>alert(1)</script> <img src=x onerror=y>',
  '{{ 7*7 }} {% raw %} `code` **bold** [a](javascript:b)',
  '\u001b[31mred\u001b[0m\u0007 \u202etxt.exe\n# heading\n$$\\end{document}$$',
];
export const hostile = (text: string): Variant => ({
  ...published('dpo'),
  title: text,
  says: text,
  paper: { authors: [text], year: 2024, title: text, arxiv: text, venue: text },
});

/** The characters of a page that a terminal would obey instead of show. */
export const controls = (page: string): readonly string[] =>
  Array.from(page).filter((char) => char !== '\n' && /[\p{Cc}\p{Cf}]/u.test(char));
