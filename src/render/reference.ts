/** What a derivation cites: entries for a list of references, and the same as BibTeX. */

import type { Paper } from '../variant/variant.ts';
import type { Reference } from './block.ts';
import { escapeLatex, plainText } from './escape.ts';
import { paperPhrase } from './paper.ts';
import type { Piece } from './phrase.ts';

/** Mutual-information-regularised alignment: the objective of stage S1. */
export const FRAMEWORK: Paper = {
  authors: ['Tutnov', 'Grosnit', 'Bou-Ammar'],
  year: 2025,
  title: 'Many of Your DPOs are Secretly One: Attempting Unification Through Mutual Information',
  arxiv: '2501.01544',
};
/** The preference model of stage S5. */
export const BRADLEY_TERRY: Paper = {
  authors: ['Bradley', 'Terry'],
  year: 1952,
  title: 'Rank Analysis of Incomplete Block Designs: I. The Method of Paired Comparisons',
  venue: 'Biometrika 39(3/4), 324-345',
};

/** Words that a title's first word is not looked for among. */
const SMALL = new Set(['a', 'an', 'the', 'on', 'of', 'is', 'are', 'your', 'beyond', 'towards']);

const bare = (text: string): string =>
  text
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');

/** `meng2024simpo`: letters and digits only, so that no text of a file can break out of it. */
export function citeKey({ authors = [], year, title = '', arxiv = '' }: Paper): string {
  const word = title
    .split(/[\s:-]+/)
    .map(bare)
    .find((candidate) => candidate !== '' && !SMALL.has(candidate));
  const parts = [bare(authors[0] ?? ''), year === undefined ? '' : `${year}`, word ?? bare(arxiv)];
  return parts.join('').slice(0, 60) || 'source';
}

/** `Meng et al. (2024)`, as it stands in a sentence; the number or the title where no author is known. */
export function citation(paper: Paper): Piece {
  const { authors = [], year, title, arxiv } = paper;
  const [first, second, ...others] = authors.map(plainText);
  const names =
    first === undefined || others.length > 0 || second === undefined
      ? `${first ?? ''}${others.length > 0 ? ' et al.' : ''}`
      : `${first} and ${second}`;
  const source = arxiv === undefined ? (title ?? 'the source') : `arXiv:${arxiv}`;
  const text = names === '' ? source : year === undefined ? names : `${names} (${year})`;
  return { cite: citeKey(paper), text };
}

/** The entries of a list of references, each once, in order of first mention. */
export const references = (papers: readonly Paper[]): readonly Reference[] => [
  ...new Map(
    papers.map((paper) => [citeKey(paper), { key: citeKey(paper), of: paperPhrase(paper) }]),
  ).values(),
];

/** Escaped for LaTeX, and its braces in pairs: BibTeX counts them even after a backslash. */
const field = (text: string): string =>
  escapeLatex(text).replace(/\\([{}])/g, (_, brace: string) =>
    brace === '{' ? '\\textbraceleft{}' : '\\textbraceright{}',
  );

function entry(paper: Paper): string {
  const { authors = [], year, title, venue, arxiv, url } = paper;
  const number = arxiv === undefined ? undefined : field(arxiv);
  // Each name in braces of its own: a name that holds `and` is still one name.
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['author', authors.length === 0 ? undefined : authors.map((name) => `{${field(name)}}`).join(' and ')],
    ['title', title === undefined ? undefined : `{${field(title)}}`],
    ['howpublished', venue === undefined ? undefined : field(venue)],
    ['year', year?.toString()],
    ['note', number === undefined ? undefined : `arXiv:${number}`],
    ['eprint', number],
    ['archiveprefix', number === undefined ? undefined : 'arXiv'],
    ['url', url === undefined ? undefined : field(url)],
  ];
  const rows = fields.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name} = {${value}},`]));
  return [`@misc{${citeKey(paper)},`, ...rows, '}'].join('\n');
}

/** A .bib file of these papers, sorted by key. */
export const bibtex = (papers: readonly Paper[]): string => {
  const entries = new Map(papers.map((paper) => [citeKey(paper), entry(paper)]));
  return `${[...entries.keys()]
    .sort()
    .map((key) => entries.get(key) ?? '')
    .join('\n\n')}\n`;
};
