import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findInstalled } from '../../runtimes/project.test-support.js'
import { production, tokens } from '../hono-fastify.test-support.js'
import { sign, signingSecret } from '../webhooks-hono-fastify.test-support.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const bun = findInstalled(
  `@oven/bun-${process.platform}-${process.arch === 'arm64' ? 'aarch64' : process.arch}/bin/bun`,
  'bun/bin/bun.exe',
)
const deno = findInstalled(
  `@deno/${process.platform}-${process.arch}-glibc/deno`,
  `@deno/${process.platform}-${process.arch}/deno`,
)

/** Answers on standard output; its keys are in the environment of the process. */
const program = `
import { clerkMiddleware, getAuth } from '@latchkey/hono'
import { verifyWebhook } from '@latchkey/hono/webhooks'
import { Hono } from 'hono'

const app = new Hono()
app.use('/me', clerkMiddleware())
app.get('/me', (c) => c.json(getAuth(c).userId))
app.post('/webhooks', async (c) => c.json((await verifyWebhook(c)).type))

const { headers, body } = ${JSON.stringify(await sign())}
const responses = [
  await app.request('/me', { headers: { authorization: 'Bearer ${tokens.session}' } }),
  await app.request('/me', { headers: { cookie: '__client_uat=1; __session=${tokens.session}' } }),
  await app.request('/me', { headers: { authorization: 'Bearer ${tokens.stranger}' } }),
  await app.request('/webhooks', { method: 'POST', headers, body }),
]
console.log(JSON.stringify(await Promise.all(responses.map((response) => response.json()))))
`

describe('@latchkey/hono', () => {
  const runs: [name: string, command: string | undefined, ...options: string[]][] = [
    ['Node', process.execPath],
    ['Bun', bun],
    ['Deno', deno, 'run', '-A', '--node-modules-dir=manual'],
  ]
  // Below the repository, where the packages are found.
  const file = `${root}.build/hono-${process.pid}.mjs`
  beforeAll(() => {
    for (const [name, command] of runs)
      if (!command) console.warn(`Skipped: ${name} is not installed on this platform.`)
    mkdirSync(`${root}.build`, { recursive: true })
    writeFileSync(file, program)
  })
  afterAll(() => rmSync(file))

  for (const [name, command, ...options] of runs) {
    it.skipIf(!command)(`decides the same on ${name}`, async () => {
      const { publishableKey, secretKey, jwtKey } = production
      const env = {
        ...process.env,
        CLERK_PUBLISHABLE_KEY: publishableKey,
        CLERK_SECRET_KEY: secretKey,
        CLERK_JWT_KEY: jwtKey,
        CLERK_WEBHOOK_SIGNING_SECRET: signingSecret,
      }
      const { stdout } = await promisify(execFile)(command!, [...options, file], { env, cwd: root })
      expect(JSON.parse(stdout)).toEqual(['user_test', 'user_test', null, 'user.created'])
    })
  }
})
