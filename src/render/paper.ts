/** Where a loss was published, as a reference in a list would have it. */

import type { Paper } from '../variant/variant.ts';
import type { Phrase } from './phrase.ts';

/** Only what looks like an arXiv number becomes a link. */
const ARXIV = /^[A-Za-z0-9][A-Za-z0-9./-]{0,40}$/;

/** Authors, year, title, venue, arXiv number, as far as they are known; empty where nothing is. */
export function paperPhrase(paper: Paper | undefined): Phrase {
  if (paper === undefined) return [];
  const { authors = [], year, title, venue, arxiv, equation } = paper;
  const names = authors.length > 4 ? `${authors[0] ?? ''} et al.` : authors.join(', ');
  const parts: Phrase[] = [
    ...(names === '' ? [] : [[{ quote: names }, ...(year === undefined ? [] : [` (${year})`])]]),
    ...(names === '' && year !== undefined ? [[`${year}`]] : []),
    ...(title === undefined ? [] : [[{ quote: title }]]),
    ...(venue === undefined ? [] : [[{ quote: venue }]]),
    ...(arxiv === undefined ? [] : [arxivPhrase(arxiv)]),
    ...(equation === undefined ? [] : [['equation ', { quote: equation }]]),
  ];
  return parts.flatMap((part, i): Phrase => [...(i === 0 ? [] : ['. ']), ...part]);
}

const arxivPhrase = (arxiv: string): Phrase => {
  const text = `arXiv:${arxiv}`;
  return ARXIV.test(arxiv) ? [{ link: `https://arxiv.org/abs/${arxiv}`, text }] : [{ quote: text }];
};

/** The short form for tables: `Meng et al. 2024, arXiv:2405.14734`. */
export function paperLabel(paper: Paper | undefined): string {
  if (paper === undefined) return '';
  const { authors = [], year, arxiv, venue } = paper;
  const [first, ...others] = authors;
  const names = first === undefined ? '' : others.length === 0 ? first : `${first} et al.`;
  const source = arxiv === undefined ? (venue ?? '') : `arXiv:${arxiv}`;
  const when = [names, year === undefined ? '' : `${year}`].filter((part) => part !== '').join(' ');
  return [when, source].filter((part) => part !== '').join(', ');
}
