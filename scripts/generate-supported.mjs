#!/usr/bin/env node
// Writes SUPPORTED.md: each operation of both APIs, and whether it is served, tested and settable by a seed file.
//
//   node scripts/generate-supported.mjs [--check] [--after-tests]
//
// The operations come from the server's tables. Which of them are tested comes from the records of the last `npm test`
// in .build/tested; for test files that did not run, from tests/tested-operations.json, which is updated. With --check
// nothing is written, and the exit code is 1 if a committed file is stale. With --after-tests only the records of the
// last run count: for a run of all tests, as in CI.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './setup.mjs'
import { loadTables } from './supported/load.mjs'
import { render } from './supported/render.mjs'
import { committed, readCommitted, updateTested } from './supported/tested.mjs'
import { withoutEffect } from './supported/without-effect.mjs'

const check = process.argv.includes('--check')
const target = join(root, 'SUPPORTED.md')

const { operations, backendEndpoints, frontendEndpoints, seededOperations } = await loadTables()
/** Served by routes of their own, beside the endpoints. */
const routes = ['frontend getHealth', 'frontend getProxyHealth']
const before = readCommitted()
const tested = updateTested(before, { recordedOnly: process.argv.includes('--after-tests') })
const text = render({
  operations,
  served: new Set([
    ...backendEndpoints.map(({ operationId }) => operationId),
    ...frontendEndpoints.map(({ operationId }) => `frontend ${operationId}`),
    ...routes,
  ]),
  tested: new Set(Object.keys(tested)),
  seeded: new Set(seededOperations),
  withoutEffect,
})

if (check) {
  const notTested = Object.keys(before).filter((operationId) => !(operationId in tested))
  const stale = !existsSync(target) || readFileSync(target, 'utf8') !== text
  if (notTested.length > 0)
    console.error(
      `No test had a good answer from ${notTested.join(', ')}, which tests/tested-operations.json calls tested.`,
    )
  if (stale) console.error('SUPPORTED.md is stale. Run npm test, then node scripts/generate-supported.mjs.')
  process.exitCode = stale || notTested.length > 0 ? 1 : 0
} else {
  writeFileSync(committed, `${JSON.stringify(tested, null, 2)}\n`)
  writeFileSync(target, text)
}
