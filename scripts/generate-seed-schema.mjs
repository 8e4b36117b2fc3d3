#!/usr/bin/env node
// Writes docs/seed.schema.json, the JSON Schema of seed files, for editors that check while you type.
//
//   node scripts/generate-seed-schema.mjs [--check]
//
// With --check nothing is written, and the exit code is 1 when the file is stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './setup.mjs'
import { loadSources } from './supported/load.mjs'

const target = join(root, 'docs/seed.schema.json')
const { seed, toJSONSchema } = await loadSources(
  'seed-schema',
  `export { seed } from './transfer/seed/seed.schema.js'\nexport { toJSONSchema } from 'zod'`,
)
const text = `${JSON.stringify({ title: 'Latchkey seed file', ...toJSONSchema(seed, { io: 'input' }) }, null, 2)}\n`

if (!process.argv.includes('--check')) {
  writeFileSync(target, text)
} else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
  console.error('docs/seed.schema.json is stale. Run node scripts/generate-seed-schema.mjs.')
  process.exitCode = 1
}
