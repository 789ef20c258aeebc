/** A page in one file: style and fonts inside, no scripts, nothing loaded from elsewhere. */

import { escapeHtml } from './escape.ts';

/** What KaTeX's formulas need; whoever has a file system reads it from KaTeX's own folder. */
export interface KatexFiles {
  /** katex.min.css */
  readonly css: string;
  /** A font by its file name, such as `KaTeX_Main-Regular.woff2`, in base64. */
  readonly font: (file: string) => string;
}

export interface HtmlPage {
  readonly title: string;
  readonly body: string;
  /** For tables. */
  readonly wide?: boolean;
}

/** No scripts, frames, forms or requests; styles are inline, since KaTeX places its boxes with them. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'";

export const htmlPage = (
  { title, body, wide = false }: HtmlPage,
  katex: KatexFiles,
): string => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="midpo">
<title>${escapeHtml(title)}</title>
<style>
${fontFaces(body, katex)}
${katex.css.replace(/@font-face\{[^}]*\}/g, '')}
${STYLE}
</style>
</head>
<body>
<main${wide ? ' class="wide"' : ''}>
${body}
</main>
</body>
</html>
`;

/** A font, its style and weight, and the classes under which KaTeX asks for it; always, where there are none. */
const FONTS: readonly (readonly [
  file: string,
  family: string,
  shape: string,
  classes: RegExp | undefined,
])[] = [
  ['Main-Regular', 'Main', '', undefined],
  ['Math-Italic', 'Math', 'font-style:italic', /\bmathnormal\b/],
  ['Main-Bold', 'Main', 'font-weight:700', /\b(?:mathbf|textbf)\b/],
  ['Main-Italic', 'Main', 'font-style:italic', /\b(?:mathit|textit)\b/],
  ['Math-BoldItalic', 'Math', 'font-style:italic;font-weight:700', /\bboldsymbol\b/],
  ['AMS-Regular', 'AMS', '', /\b(?:amsrm|mathbb|textbb)\b/],
  ['Caligraphic-Regular', 'Caligraphic', '', /\bmathcal\b/],
  ['SansSerif-Regular', 'SansSerif', '', /\b(?:mathsf|textsf)\b/],
  ['Typewriter-Regular', 'Typewriter', '', /\b(?:mathtt|texttt)\b/],
  ['Size1-Regular', 'Size1', '', /\b(?:size1|small-op|delim-size1)\b/],
  ['Size2-Regular', 'Size2', '', /\b(?:size2|large-op)\b/],
  ['Size3-Regular', 'Size3', '', /\bsize3\b/],
  ['Size4-Regular', 'Size4', '', /\b(?:size4|delim-size4)\b/],
];

/** The fonts that the formulas of the page use. */
function fontFaces(body: string, { font }: KatexFiles): string {
  const classes = [...body.matchAll(/class="([^"]*)"/g)].map((found) => found[1] ?? '').join(' ');
  return FONTS.filter(([, , , wanted]) => wanted === undefined || wanted.test(classes))
    .map(
      ([file, family, shape]) =>
        `@font-face{font-family:KaTeX_${family};${shape === '' ? '' : `${shape};`}src:url(data:font/woff2;base64,${font(`KaTeX_${file}.woff2`)}) format("woff2")}`,
    )
    .join('\n');
}

const STYLE = `:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #fdfdfb; --faint: #5b5b5b; --line: #d9d9d2; --wash: #f3f3ee; --link: #0b5394; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e4de; --paper: #16171a; --faint: #a5a49c; --line: #3a3c40; --wash: #202226; --link: #8ab8ee; }
}
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: var(--paper); font: 1rem/1.6 Charter, "Bitstream Charter", Georgia, Cambria, serif; }
main { max-width: 50rem; margin: 0 auto; padding: 2.5rem 1.25rem 5rem; overflow-wrap: break-word; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 1rem; }
h2 { font-size: 1.35rem; margin: 2.5rem 0 .75rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
a { color: var(--link); }
b.rule { font: 600 .86em/1.4 ui-sans-serif, system-ui, sans-serif; }
nav { font-size: .92rem; margin: 1.5rem 0; padding: .75rem 1rem; background: var(--wash); border-radius: .4rem; }
nav ol { margin: .25rem 0 0; padding-left: 1.4rem; columns: 2; column-gap: 2rem; }
nav p { margin: 0; font-weight: 600; }
ul.reasons { list-style: none; margin: .25rem 0; padding: 0 0 0 1rem; color: var(--faint); font-size: .9rem; border-left: 2px solid var(--line); }
.note, .proposition { margin: 1rem 0; padding: .6rem 1rem; background: var(--wash); border-left: 3px solid var(--faint); border-radius: 0 .4rem .4rem 0; }
details { margin: .75rem 0; font-size: .92rem; }
summary { cursor: pointer; color: var(--faint); }
details ol { padding-left: 1.25rem; list-style: none; }
details li { margin: .3rem 0; }
details li, ul.reasons li { overflow-x: auto; overflow-y: hidden; }
.step { color: var(--faint); font-variant-numeric: tabular-nums; }
.katex { font-size: 1.08em; }
.katex-display { overflow-x: auto; overflow-y: hidden; padding: .3rem 0; margin: .5rem 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
caption { text-align: left; padding-bottom: .5rem; color: var(--faint); }
th { text-align: left; border-bottom: 1px solid var(--ink); border-top: 2px solid var(--ink); }
th, td { padding: .45rem .8rem .45rem 0; vertical-align: top; }
tbody tr + tr td { border-top: 1px solid var(--line); }
tbody tr:last-child td { border-bottom: 2px solid var(--ink); }
td > p { margin: 0 0 .2rem; }
td .katex { white-space: nowrap; }
main.wide { max-width: 96rem; }
@media (max-width: 34rem) { main { padding: 1.25rem .9rem 3rem; } nav ol { columns: 1; } h1 { font-size: 1.5rem; } p { overflow-x: auto; overflow-y: hidden; } }
@media print {
  :root { --ink: #000; --paper: #fff; --faint: #444; --line: #bbb; --wash: #fff; --link: #000; }
  body { font-size: 10.5pt; } main { max-width: none; padding: 0; } nav, details:not([open]) { display: none; }
  h2, h3, ul.reasons { break-after: avoid; } .katex-display, li { break-inside: avoid; overflow: visible; }
}`;
