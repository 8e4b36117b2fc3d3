import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { sampleAnswer } from '../../packages/backend/src/api/answers.test-support.js'
import { withDots } from '../../packages/backend/src/api/both-sdks.test-support.js'
import { methodsOf } from '../../packages/backend/src/api/calls.test-support.js'
import { ApiDescription } from '../../packages/backend/src/api/contract.test-support.js'
import { createRecorder, type RecordedRequest } from '../../packages/backend/src/recorder.test-support.js'
import { compile } from '../compile.test-support.js'
import { contractFolder, itWithContract } from '../contract/contract.test-support.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = `${root}.build/sdk-program-${process.pid}`
// No part of the project of all tests: what it declares globally would hold for all of them.
const read = (name: string): string => readFileSync(new URL(`./${name}.mts`, import.meta.url), 'utf8')
const program = { 'program.ts': read('program'), 'organizations.ts': read('organizations') }
const calls = Object.values(program).flatMap((text) =>
  [...text.matchAll(/^ {2}\(?\s*await client\.(\w+\.\w+)\(/gm)].map(([, name]) => name!),
)

afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

type Files = Record<string, string>

function write(name: string, files: Files): string {
  const own = `${folder}/${name}`
  mkdirSync(own, { recursive: true })
  for (const [file, text] of Object.entries(files)) writeFileSync(`${own}/${file}`, text)
  return `${own}/program.ts`
}

const withOurs = (files: Files): Files =>
  Object.fromEntries(
    Object.entries(files).map(([file, text]) => [file, text.replaceAll('@clerk/backend', '@latchkey/backend')]),
  )

describe('a program that calls each method of @clerk/backend', () => {
  it('does so', async () => {
    const { createClerkClient } = await import('@clerk/backend')
    expect(calls.toSorted()).toEqual(methodsOf(createClerkClient({ secretKey: 'sk_test_x' })).toSorted())
  })

  it('compiles with the import alone changed', async () => {
    expect(await compile(program)).toBe('')
    expect(await compile(withOurs(program))).toBe('')
  })

  itWithContract('does the same with the import alone changed', async () => {
    const official = await run(write('official', program))
    const ours = await run(write('ours', withOurs(program)))
    expect(official.requests.length).toBeGreaterThanOrEqual(calls.length)
    expect(ours.requests).toEqual(withDots(official.requests))
    const differing = calls.flatMap((name, index) => {
      const [own, theirs] = [ours.results[index], official.results[index]]
      return JSON.stringify(own) === JSON.stringify(theirs) ? [] : [[name, theirs, own]]
    })
    expect(differing).toEqual([
      // It makes a deleted object of it, which has no machines, and types it as a scope.
      ['machines.deleteScope', undefined, 'to_machine_id_1'],
      // It hands these answers out in snake_case, and types them in camelCase.
      ['users.disableUserMFA', undefined, 'user_id_1'],
      ['users.deleteUserBackupCodes', undefined, 'user_id_1'],
      ['users.deleteUserTOTP', undefined, 'user_id_1'],
    ])
    expect(official.results.filter((result) => result !== undefined).length).toBeGreaterThan(170)
  })
})

type Seen = Omit<RecordedRequest, 'headers'> & { key?: string; idempotencyKey?: string }

it('a program that uses everything else of @clerk/backend compiles with the import alone changed', async () => {
  const subpaths = { 'subpaths.ts': read('subpaths') }
  expect(await compile(subpaths)).toBe('')
  expect(await compile(withOurs(subpaths))).toBe('')
})

it('an application tells it about its metadata, claims, roles and permissions as it does @clerk/backend', async () => {
  const augmented = read('augmented')
  const declarations = readFileSync(`${root}packages/types/src/metadata.ts`, 'utf8').matchAll(
    /^  interface (\w+) \{\}/gm,
  )
  const declared = [...declarations].map(([, name]) => name!)
  expect(declared.filter((name) => !augmented.includes(`  interface ${name} {`))).toEqual([])
  expect(await compile({ 'augmented.ts': augmented })).toBe('')
  expect(await compile(withOurs({ 'augmented.ts': augmented }))).toBe('')
})

/** Runs it against an API that answers what the contract says. */
async function run(file: string): Promise<{ requests: Seen[]; results: unknown[] }> {
  const description = new ApiDescription(contractFolder!)
  const requests: Seen[] = []
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  // Where NODE_ENV is test, the official package too looks for it when it sends something.
  vi.stubGlobal('fetch', async (input: string | URL | Request, init?: RequestInit) => {
    const recorder = createRecorder()
    const { pathname, searchParams } = new URL(input instanceof Request ? input.url : input)
    const query = [...searchParams].map(([name, value]) => `${name}=${value}`)
    recorder.answer(sampleAnswer(description, { method: init?.method ?? 'GET', path: pathname, query }, 'full'))
    const response = await recorder.fetch(input, init)
    const { headers, ...request } = recorder.requests[0]!
    requests.push({ ...request, key: headers['authorization'], idempotencyKey: headers['idempotency-key'] })
    return response
  })
  const { run: runProgram } = (await import(file)) as { run(): Promise<unknown[]> }
  const results = await runProgram()
  vi.unstubAllGlobals()
  return { requests: requests.toSorted((a, b) => a.path.localeCompare(b.path)), results }
}
