import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from './setup.mjs'

const LIMIT = 400

/** Tables: written by a script, or read by looking something up. */
const tables = ['packages/server/src/http/operations.ts', 'packages/types/src/error-codes.ts']

const sources = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\0')
  .filter((file) => /\.([cm]?[jt]s|[jt]sx)$/.test(file) && existsSync(join(root, file)))

it(`no source file is longer than ${LIMIT} lines, so that each is read in one sitting`, () => {
  expect(sources).toEqual(expect.arrayContaining(tables))
  const tooLong = sources
    .map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').trimEnd().split('\n').length }))
    .filter(({ file, lines }) => lines > LIMIT && !tables.includes(file))
  expect(tooLong, 'Split them where a reader would look for the second half').toEqual([])
})
