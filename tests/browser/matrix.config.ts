import { defineConfig } from 'vitest/config'
import browser from './vitest.config.js'

/** Every flow in every kind of application: `npm run browser-matrix`. */
export default defineConfig({
  ...browser,
  test: {
    ...browser.test,
    include: ['plain-development', 'plain-production', 'react', 'next'].map((name) => `tests/browser/${name}.test.ts`),
    env: { BROWSER_MATRIX: 'whole' },
  },
})
