import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { verifyToken } from '@clerk/backend'
import { createTestInstance } from '@latchkey/backend/testing'
import { loadEnv } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installNodes } from '../../scripts/apart.mjs'
import { root } from '../../scripts/setup.mjs'
import { readyLines } from '../../packages/cli/src/ready-lines.js'

const require = createRequire(import.meta.url)
/** What Next.js reads its `.env.local` with. */
const { loadEnvConfig } = require('@next/env') as {
  loadEnvConfig(folder: string, dev: boolean, log: object, reload: boolean): { combinedEnv: Record<string, string> }
}

const nodes = await installNodes()
const instance = await createTestInstance()
const folder = mkdtempSync(join(tmpdir(), 'latchkey-env-'))
const file = join(folder, '.env')

/** Nothing listens there: who asks for a key set fails. */
const apiUrl = 'http://127.0.0.1:9'
const jwtKey = instance.jwtKey.trim()

beforeAll(() => {
  const [, ...lines] = readyLines(
    { ...instance, apiUrl, frontendApiUrl: apiUrl },
    { dependencies: { '@clerk/express': '2.1.70' } },
  )
  writeFileSync(file, lines.join('\n'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function run(node: string, ...args: string[]): Promise<string> {
  const { PATH } = process.env
  const { stdout } = await promisify(execFile)(node, [`--env-file=${file}`, ...args], {
    cwd: join(root, 'tests'),
    env: { PATH },
  })
  return stdout.trim()
}

describe('the public key that "latchkey dev" prints', () => {
  it.each(nodes)('is read by Node $major with --env-file', async ({ program }) => {
    expect(await run(program, '-p', 'process.env.CLERK_JWT_KEY')).toBe(jwtKey)
  })

  it('is read by Next.js', () => {
    expect(loadEnvConfig(folder, true, console, true).combinedEnv['CLERK_JWT_KEY']).toBe(jwtKey)
  })

  it('is read by Vite, as by React Router', () => {
    expect(loadEnv('development', folder, '')['CLERK_JWT_KEY']).toBe(jwtKey)
  })

  it('verifies tokens in @clerk/backend', async () => {
    const token = await instance.signSessionToken({ sub: 'user_1' }, { lifetime: 600 })
    expect(await verifyToken(token, { jwtKey })).toMatchObject({ sub: 'user_1' })
  })

  it.each(['@clerk/express', '@latchkey/express'])('lets %s say who is signed in without a request', async (name) => {
    const token = await instance.signSessionToken({ sub: 'user_1' }, { lifetime: 600 })
    const program = `
      import express from 'express'
      import { clerkMiddleware, getAuth } from '${name}'
      const application = express().use(clerkMiddleware())
      application.get('/', (request, response) => response.json(getAuth(request).userId))
      const listening = application.listen(0, '127.0.0.1', async () => {
        const url = 'http://127.0.0.1:' + listening.address().port
        console.log(await (await fetch(url, { headers: { authorization: 'Bearer ${token}' } })).json())
        process.exit()
      })`
    expect(await run(process.execPath, '--input-type=module', '-e', program)).toBe('user_1')
  })
})
