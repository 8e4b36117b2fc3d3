import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { compile } from '../../compile.test-support.js'

const program = readFileSync(new URL('./program.mts', import.meta.url), 'utf8')

it('accepts a program that was written for the official package', async () => {
  expect(program).toContain("from '@clerk/express'")
  expect(await compile({ 'program.ts': program })).toBe('')
  expect(await compile({ 'program.ts': program.replaceAll('@clerk/express', '@latchkey/express') })).toBe('')
})

it('types req.auth of the request that has one, and of all requests only with the /env entry', async () => {
  const typed = `import type { ExpressRequestWithAuth } from '@clerk/express'
import type { Request } from 'express'
export const userOf = (request: ExpressRequestWithAuth): string | null => request.auth().userId
// @ts-expect-error: what no middleware has seen has no auth
export const nobody = (request: Request) => request.auth()
`
  expect(await compile({ 'program.ts': typed })).toBe('')
  expect(await compile({ 'program.ts': typed.replace('@clerk/express', '@latchkey/express') })).toBe('')
})
