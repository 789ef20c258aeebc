import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    testTimeout: 60_000,
    // Two workers: the suite is meant for small machines, and file order must not matter.
    maxWorkers: 2,
  },
});
