/** What a thread of the kernel bench starts from: Node 20 knows TypeScript in the main thread only, by tsx. */

import { register } from 'tsx/esm/api';

register();
export const { fill } = await import('./kernel-worker.ts');
