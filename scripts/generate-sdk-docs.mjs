#!/usr/bin/env node
// Writes docs/sdk/README.md and a page for each namespace of the SDK beside it, from the sources and their comments.
//
//   node scripts/generate-sdk-docs.mjs [--check]
//
// With --check nothing is written, and the exit code is 1 when a page is stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toPages } from './sdk-docs/pages.mjs'
import { readSources } from './sdk-docs/sources.mjs'
import { root } from './setup.mjs'

const folder = join(root, 'docs/sdk')
const check = process.argv.includes('--check')

for (const [name, text] of toPages(readSources())) {
  const file = join(folder, name)
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue
  if (!check) {
    writeFileSync(file, text)
    continue
  }
  console.error(`docs/sdk/${name} is stale. Run node scripts/generate-sdk-docs.mjs.`)
  process.exitCode = 1
}
