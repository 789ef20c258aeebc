/** What a thread starts from where midpo is not built: Node 20 knows TypeScript in the main thread only, by tsx. */

import { register } from 'tsx/esm/api';

register();
export const { compareDraw } = await import('./thread.ts');
