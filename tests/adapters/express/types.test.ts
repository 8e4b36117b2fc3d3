import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const folder = `${root}.build/express-types-${process.pid}`
// No part of the project of all tests: it declares globals, once with each package.
const program = readFileSync(new URL('./program.mts', import.meta.url), 'utf8')

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** @returns what the compiler says, nothing when it is content */
async function compile(name: string, text: string): Promise<string> {
  mkdirSync(`${folder}/${name}`, { recursive: true })
  writeFileSync(`${folder}/${name}/program.ts`, text)
  const config = { extends: `${root}tsconfig.test.json`, compilerOptions: { incremental: false }, include: ['program.ts'] }
  writeFileSync(`${folder}/${name}/tsconfig.json`, JSON.stringify(config))
  const tsc = `${root}node_modules/typescript/bin/tsc`
  return promisify(execFile)(process.execPath, [tsc, '-p', `${folder}/${name}`, '--pretty', 'false']).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  )
}

it('accepts a program that was written for the official package', async () => {
  expect(program).toContain("from '@clerk/express'")
  expect(await compile('official', program)).toBe('')
  expect(await compile('ours', program.replaceAll('@clerk/express', '@latchkey/express'))).toBe('')
})

it('types req.auth of the request that has one, and of all requests only with the /env entry', async () => {
  const typed = `import type { ExpressRequestWithAuth } from '@clerk/express'
import type { Request } from 'express'
export const userOf = (request: ExpressRequestWithAuth): string | null => request.auth().userId
// @ts-expect-error: what no middleware has seen has no auth
export const nobody = (request: Request) => request.auth()
`
  expect(await compile('official-without-env', typed)).toBe('')
  expect(await compile('ours-without-env', typed.replace('@clerk/express', '@latchkey/express'))).toBe('')
})
