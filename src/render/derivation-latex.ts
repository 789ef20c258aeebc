/** A derivation as LaTeX: a stand-alone article, or a fragment for \input. Needs amsmath and amssymb. */

import type { Block, Chain } from './block.ts';
import type { Setting } from './chain-latex.ts';
import { chainLatex, displayLatex } from './chain-latex.ts';
import { escapeLatex } from './escape.ts';
import type { Marks } from './notation.ts';
import type { Phrase } from './phrase.ts';
import { phraseLatex } from './phrase.ts';
import { bibtex } from './reference.ts';
import type { Derived } from './remark.ts';
import { ruleItems, STEPS_SAYS, stepItems } from './steps.ts';
import { papersOf, story } from './story.ts';

export interface LatexOptions {
  /** An article that compiles on its own, with its list of references; otherwise a fragment. */
  readonly standalone: boolean;
  /** Whether every single step follows, in an appendix. */
  readonly steps?: boolean;
  /** Whether what a line changes is set off. */
  readonly highlight?: boolean;
  /** Whether a fragment may `\cite`: its user has the .bib file. */
  readonly cites?: boolean;
  readonly marks?: Marks | undefined;
}

/** No inputenc: LaTeX has read UTF-8 since 2018. Engines with fonts of their own need no font encoding either. */
const PREAMBLE = String.raw`\documentclass[11pt]{article}
\ifdefined\directlua\else
  \usepackage[T1]{fontenc}
  \IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\fi
\usepackage[margin=1in]{geometry}
\usepackage{amsmath}
\usepackage{amssymb}
\usepackage{amsthm}
\usepackage{xcolor}
\allowdisplaybreaks
\setlength{\parindent}{0pt}
\setlength{\parskip}{0.5em}
\setlength{\emergencystretch}{3em}
\csname @beginparpenalty\endcsname=10000
\newtheorem*{proposition}{Proposition}
`;

/** What a fragment uses and the article around it may lack. */
const PROVIDE = String.raw`\ifcsname proposition\endcsname\else\newtheorem{proposition}{Proposition}\fi
\ifcsname proof\endcsname\else
  \newenvironment{proof}{\par\noindent\textit{Proof.} }{\hspace*{\fill}$\square$\par}
\fi
`;

/**
 * Long formulas within sentences need some stretch, and no page ends between a sentence and its list; the article around
 * a fragment keeps its own settings.
 */
const GROUP = {
  open: String.raw`\begingroup
\setlength{\emergencystretch}{3em}
\csname @beginparpenalty\endcsname=10000
`,
  close: '\\par\n\\endgroup\n',
};

/** A light box: it survives a printer without colours. */
const CHANGED = String.raw`\providecommand{\midpochanged}[1]{%
  {\setlength{\fboxsep}{1.5pt}\colorbox{black!12}{$\displaystyle #1$}}}
`;

/** The page. The fragment has headings without numbers and numbered formulas, so that it fits any article. */
export function derivationLatex(report: Derived, options: LatexOptions): string {
  const { standalone, highlight = false, steps = standalone, cites = standalone, marks } = options;
  const { blocks, notation } = story(report, marks);
  const setting: Setting = { notation, highlight, cites, label: labelsOf(report.variant.id, blocks) };
  const shown = cites && !standalone ? blocks.filter((block) => !isReferences(block, blocks)) : blocks;
  const body = [joined(shown, setting, standalone), ...(steps ? [appendix(blocks, setting)] : [])].join(
    '\n\n',
  );
  const commands = highlight ? CHANGED : '';
  return standalone
    ? `${PREAMBLE}${commands}\\begin{document}\n\n${body}\n\n\\end{document}\n`
    : `${PROVIDE}${commands}${GROUP.open}\n${body}\n\n${GROUP.close}`;
}

/** A display belongs to the paragraph before it: a blank line would set an empty one in between. */
const joined = (blocks: readonly Block[], setting: Setting, standalone: boolean): string =>
  blocks.reduce((text, block, i) => {
    const part = blockLatex(block, setting, standalone);
    const joins = part.startsWith('\\begin{align}') && blocks[i - 1]?.kind === 'paragraph';
    const gap = joins ? '\n' : '\n\n';
    return part === '' ? text : `${text}${text === '' ? '' : gap}${part}`;
  }, '');

/** The .bib file with everything that the page cites. */
export const derivationBib = (report: Derived): string => bibtex(papersOf(report));

/** The list of references and the heading above it. */
function isReferences(block: Block, blocks: readonly Block[]): boolean {
  const next = blocks[blocks.indexOf(block) + 1];
  return block.kind === 'references' || (block.kind === 'heading' && next?.kind === 'references');
}

/** Stages by the label of their last line; the labels of two claims in one article differ. */
function labelsOf(id: string, blocks: readonly Block[]): Setting['label'] {
  const claim = id.replace(/[^A-Za-z0-9-]/g, '');
  const lined = blocks.filter((block): block is Chain => block.kind === 'chain');
  const known = lined
    .filter(({ links }) => links.some(({ to }) => to !== undefined))
    .map((chain) => chain.id);
  return (stage) => (known.includes(stage) ? `midpo:${claim}:${stage}` : undefined);
}

function blockLatex(block: Block, setting: Setting, standalone: boolean): string {
  const words = (of: Phrase): string => phraseLatex(of, setting.notation, setting.cites);
  switch (block.kind) {
    case 'title':
      return `\\section*{${words(block.of)}}`;
    case 'heading':
      return standalone && block.of[0] === 'References' ? '' : `\\subsection*{${words(block.of)}}`;
    case 'subheading':
      return `\\paragraph{${words(block.of)}.}`;
    case 'paragraph':
      return words(block.of);
    case 'note':
      return `\\textit{Note.} ${words(block.of)}`;
    case 'proposition':
      return `\\begin{proposition}\n${words(block.of)}\n${displayLatex(block.rows, setting)}\n\\end{proposition}`;
    case 'proof':
      return `\\begin{proof}\n${words(block.of)}\n\\end{proof}`;
    case 'list':
      return itemize(block.items.map(words));
    case 'references':
      return standalone
        ? bibliography(block.items.map(({ key, of }) => `\\bibitem{${key}} ${words(of)}.`))
        : itemize(block.items.map(({ of }) => `${words(of)}.`));
    case 'display':
      return displayLatex(block.rows, setting);
    case 'chain':
      return chainLatex(block, setting);
  }
}

const environment = (name: string, items: readonly string[], argument = ''): string =>
  [`\\begin{${name}}${argument}`, ...items.map((item) => `  ${item}`), `\\end{${name}}`].join('\n');
/** Items are short: they stand close together. */
const TIGHT = '\\setlength{\\itemsep}{0pt}\\setlength{\\parskip}{0pt}';
const itemize = (items: readonly string[]): string =>
  environment('itemize', [TIGHT, ...items.map((item) => `\\item ${item}`)]);
const bibliography = (items: readonly string[]): string => environment('thebibliography', items, '{9}');

/** Every step of every stage, and what the rules say. */
function appendix(blocks: readonly Block[], { notation }: Setting): string {
  const words = (of: Phrase): string => phraseLatex(of, notation);
  const stages = blocks.flatMap((block, i): readonly string[] => {
    const before = blocks.slice(0, i).findLast(({ kind }) => kind === 'subheading');
    if (block.kind !== 'chain' || block.links.length === 0 || before?.kind !== 'subheading') return [];
    const items = stepItems(block, notation).map(
      ({ id, of }) => `\\item[\\normalfont ${escapeLatex(id)}] ${words(of)}`,
    );
    const list = environment('description', [TIGHT, ...items]);
    return [`\\paragraph{${words(before.of)}.}`, `{\\small\\raggedright\n${list}\n\\par}`];
  });
  return [
    '\\clearpage\n\\subsection*{Appendix: every step}',
    `${words(STEPS_SAYS)}`,
    ...stages,
    '\\subsection*{Appendix: the rules}',
    `{\\small\\raggedright\n${itemize(ruleItems(blocks).map(words))}\n\\par}`,
  ].join('\n\n');
}
