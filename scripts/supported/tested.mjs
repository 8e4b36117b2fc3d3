import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../setup.mjs'

const records = join(root, '.build/tested')

/** For each operation, the test files that got a successful answer from it. */
export const committed = join(root, 'tests/tested-operations.json')

/** @returns {Record<string, string[]>} */
export function readCommitted() {
  return existsSync(committed) ? JSON.parse(readFileSync(committed, 'utf8')) : {}
}

/**
 * Updates the table from the last test run. Files that did not run keep their entries, unless `recordedOnly`.
 *
 * @param {Record<string, string[]>} before
 * @param {{ recordedOnly: boolean }} options
 * @returns {Record<string, string[]>}
 */
export function updateTested(before, { recordedOnly }) {
  const recorded = readRecords()
  /** @type {Map<string, Set<string>>} */
  const files = new Map()
  const add = (operationId, file) => files.set(operationId, (files.get(operationId) ?? new Set()).add(file))
  for (const [file, operationIds] of recorded) operationIds.forEach((operationId) => add(operationId, file))
  if (!recordedOnly) {
    for (const [operationId, named] of Object.entries(before)) {
      named
        .filter((file) => !recorded.has(file) && existsSync(join(root, file)))
        .forEach((file) => add(operationId, file))
    }
  }
  return Object.fromEntries(
    [...files].map(([operationId, named]) => [operationId, [...named].sort()]).sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

/**
 * Reads the records that the suites of each test file wrote; see packages/server/src/tested-operations.test-support.ts.
 */
function readRecords() {
  const recorded = new Map()
  for (const name of existsSync(records) ? readdirSync(records) : []) {
    const { file, operations } = JSON.parse(readFileSync(join(records, name), 'utf8'))
    if (existsSync(join(root, file))) recorded.set(file, [...(recorded.get(file) ?? []), ...operations])
  }
  return recorded
}
