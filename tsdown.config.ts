import type { Rolldown, UserConfig } from 'tsdown';
import { defineConfig } from 'tsdown';

// Everything is bundled, so that nothing is installed beside midpo: a command then starts in a fraction of the
// time that resolving the libraries would take. The command line is cut into chunks, loaded when a command
// needs them; the library comes with its types.
const shared = { outDir: 'dist', format: 'esm', clean: true, deps: { onlyBundle: false } } as const;

// Large libraries, each loaded when it is first needed: the command line and the library have one copy of them.
const LARGE = ['binaryen', 'katex', '@observablehq/plot', 'linkedom'];
const copyOf = (library: string): string => `large/${library.split('/').at(-1)}`;
/** Stands for the way from a file to the folder of all, until it is known where the file lies. */
const PLACE = 'midpo-dist:';
const oneCopy: Rolldown.Plugin = {
  name: 'one-copy',
  resolveId: {
    order: 'pre',
    filter: { id: LARGE.map((library) => new RegExp(`^${library}$`)) },
    handler: (id) => ({ id: `${PLACE}${copyOf(id)}.js`, external: true }),
  },
  renderChunk(code, { fileName }) {
    const depth = fileName.split('/').length - 1;
    return code.replaceAll(PLACE, depth === 0 ? './' : '../'.repeat(depth));
  },
};

/** What a browser can run as well. */
const everywhere: UserConfig = {
  platform: 'neutral',
  target: 'es2023',
  inputOptions: {
    external: /^(?:node:|fs$)/,
    resolve: { mainFields: ['module', 'main'] },
    // One library asks about its process, which a browser does not have.
    transform: { define: { process: 'globalThis.process' } },
  },
};

export default defineConfig([
  {
    ...shared,
    entry: {
      midpo: 'src/cli/midpo.ts',
      // What threads start from; the pool looks for its own part beside the chunk that it is in.
      'cli/thread': 'src/cli/thread.ts',
      'cli/entry/worker': 'node_modules/tinypool/dist/entry/worker.js',
    },
    platform: 'node',
    target: 'node20',
    dts: false,
    minify: true,
    plugins: [oneCopy],
    // What HTML pages carry inside: the program reads it where it is installed.
    copy: [
      { from: 'node_modules/katex/dist/katex.min.css', to: 'dist/katex' },
      { from: 'node_modules/katex/dist/fonts/*.woff2', to: 'dist/katex/fonts' },
    ],
    outputOptions: { entryFileNames: '[name].js', chunkFileNames: 'cli/[name]-[hash].js' },
    // Without `node`: some libraries give Node CommonJS, of which nothing can be left out.
    inputOptions: { resolve: { conditionNames: ['import', 'default'] } },
  },
  {
    ...shared,
    ...everywhere,
    entry: { index: 'src/index.ts', node: 'src/node.ts' },
    dts: true,
    plugins: [oneCopy],
    outputOptions: { chunkFileNames: 'lib/[name]-[hash].js' },
  },
  {
    ...shared,
    ...everywhere,
    entry: Object.fromEntries(LARGE.map((library) => [copyOf(library), library])),
    dts: false,
    minify: true,
    outputOptions: { chunkFileNames: 'large/[name]-[hash].js' },
  },
]);
