import { defineConfig } from 'tsdown';

// One bundle for the command line (a bundled start is several times faster than resolving the
// libraries at run time) and one for the library, with its types.
export default defineConfig([
  {
    entry: { midpo: 'src/cli/midpo.ts' },
    format: 'esm',
    platform: 'node',
    target: 'node20',
    dts: false,
    clean: false,
    minify: true,
  },
  {
    entry: { index: 'src/index.ts' },
    format: 'esm',
    platform: 'neutral',
    target: 'es2023',
    dts: true,
    clean: false,
  },
]);
