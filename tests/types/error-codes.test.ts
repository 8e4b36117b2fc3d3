import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ClerkAPIError, ClerkAPIErrorCode } from '@latchkey/backend/errors'
import { expect, expectTypeOf, it } from 'vitest'
import { contractFolder, itWithContract } from '../contract/contract.test-support.js'

const source = readFileSync(new URL('../../packages/types/src/error-codes.ts', import.meta.url), 'utf8')
const codes = [...source.matchAll(/^ .*$/gm)].flatMap(([line]) =>
  [...line.matchAll(/'(\w+)'/g)].map(([, code]) => code!),
)

itWithContract('has each code of the contract once, and two of our own', () => {
  const rows = readFileSync(join(contractFolder!, 'errors.tsv'), 'utf8').split('\n')
  const known = new Set(rows.filter((row) => row !== '' && !row.startsWith('#')).map((row) => row.split('\t')[0]!))
  expect(codes).toHaveLength(new Set(codes).size)
  expect([...known].filter((code) => !codes.includes(code))).toEqual([])
  expect(codes.filter((code) => !known.has(code))).toHaveLength(2)
})

it('is a union, which the code of an error may exceed', { meta: { checkedBy: 'compiler' } }, () => {
  expectTypeOf<'resource_not_found'>().toExtend<ClerkAPIErrorCode>()
  expectTypeOf<'of_a_newer_server'>().not.toExtend<ClerkAPIErrorCode>()
  expectTypeOf<'of_a_newer_server'>().toExtend<ClerkAPIError['code']>()
})
