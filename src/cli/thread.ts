/** What a thread of a long run does: it compares the draws that it is sent. */

export { compareDraw } from '../index.ts';
