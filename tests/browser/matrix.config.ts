import { defineConfig } from 'vitest/config'
import browser from './vitest.config.js'

/** Kinds of applications with flows, each in development and in production. */
const KINDS = ['plain', 'hosted', 'react', 'next']

/** Every flow in every kind of application: `npm run browser-matrix`. */
export default defineConfig({
  ...browser,
  test: {
    ...browser.test,
    include: KINDS.flatMap((kind) => [
      `tests/browser/${kind}-development.test.ts`,
      `tests/browser/${kind}-production.test.ts`,
    ]),
    env: { BROWSER_MATRIX: 'whole' },
  },
})
