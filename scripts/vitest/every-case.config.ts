import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import tests from '../../vitest.config.js'

process.env['EVERY_CASE'] = '1'

/** All generated cases on all databases, where they take turns in `npm test`: `npm run test-every-case`. */
export default defineConfig({ ...tests, root: fileURLToPath(new URL('../..', import.meta.url)) })
