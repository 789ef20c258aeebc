import { defineConfig } from 'tsdown';

// Everything is bundled, so that nothing is installed beside midpo: a command then starts in a fraction of the
// time that resolving the libraries would take. The command line is cut into chunks, loaded when a command
// needs them; the library comes with its types.
const shared = { outDir: 'dist', format: 'esm', clean: true, deps: { onlyBundle: false } } as const;

export default defineConfig([
  {
    ...shared,
    entry: { midpo: 'src/cli/midpo.ts' },
    platform: 'node',
    target: 'node20',
    dts: false,
    minify: true,
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
    entry: { index: 'src/index.ts', node: 'src/node.ts' },
    platform: 'neutral',
    target: 'es2023',
    dts: true,
    outputOptions: { chunkFileNames: 'lib/[name]-[hash].js' },
    inputOptions: {
      external: /^(?:node:|fs$)/,
      resolve: { mainFields: ['module', 'main'] },
      // One library asks about its process, which a browser does not have.
      transform: { define: { process: 'globalThis.process' } },
    },
  },
]);
