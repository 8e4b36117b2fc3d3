import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { shared } from '../../vitest.config.js'

/** Tests in a real browser: `npm run browser`. They take minutes, so `npm test` leaves them out. */
export default defineConfig({
  ...shared,
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    ...shared.test,
    name: 'browser',
    include: ['tests/browser/**/*.test.ts'],
    // Two browsers at a time: each mostly waits for what its page waits for.
    maxWorkers: 2,
    // A flow takes seconds; on a machine that does much else, minutes.
    testTimeout: 240_000,
    expect: { poll: { timeout: 30_000 } },
  },
})
