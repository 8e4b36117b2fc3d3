import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import type { FastifyInstance } from 'fastify'
import type { Hono } from 'hono'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { eventually, svixOf } from '../../packages/server/src/outbox/webhooks/receiver.test-support.js'
import { useTestServer } from '../../packages/server/src/server.test-support.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const SECRET = `whsec_${Buffer.alloc(24, 5).toString('base64')}`
const page = readFileSync(join(root, 'docs/webhooks.md'), 'utf8')

/** The programs of the page, by the framework in their first line. */
const programs = new Map(
  [...page.matchAll(/```js\n\/\/ ([A-Z][a-z ]+)[^\n]*\n([^]*?)```/g)].map(([, name, code]) => [name!.trim(), code!]),
)

/** How each becomes a handler of Node's requests. */
const listeners: Record<string, (module: Record<string, unknown>) => RequestListener | Promise<RequestListener>> = {
  Express: ({ app }) => app as RequestListener,
  Fastify: async ({ app }) => {
    const fastify = app as FastifyInstance
    await fastify.ready()
    return (request, response) => fastify.routing(request, response)
  },
  Hono: ({ app }) => getRequestListener((app as Hono).fetch),
  Next: ({ POST }) => getRequestListener(POST as (request: Request) => Promise<Response>),
  'No framework': ({ app }) => (app as ReturnType<typeof createServer>).listeners('request')[0] as RequestListener,
}

const server = useTestServer('sqlite', { webhooks: { schedule: { pollEvery: 20 } } })
const svix = svixOf(server)
let folder: string

beforeAll(() => {
  vi.stubEnv('CLERK_WEBHOOK_SIGNING_SECRET', SECRET)
  mkdirSync(join(root, '.build'), { recursive: true })
  // Below the repository, where the packages are found.
  folder = mkdtempSync(join(root, '.build/documented-'))
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

it('the page about webhooks shows five frameworks', () => {
  expect([...programs.keys()].sort()).toEqual(Object.keys(listeners).sort())
})

it.each(Object.keys(listeners))('the program for "%s" takes what the server sends, and nothing else', async (name) => {
  const file = join(folder, `${name}.mjs`)
  const code = programs.get(name)!
  writeFileSync(file, code.includes('const app') ? `${code}\nexport { app }\n` : code)
  const module = (await import(/* @vite-ignore */ file)) as Record<string, unknown>
  const receiver = createServer(await listeners[name]!(module)).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/webhooks`
  try {
    const { id } = (await svix('POST', '/endpoint', { url, secret: SECRET })).body
    await server.client.users.createUser({ firstName: 'Žofie', emailAddress: ['zofie@example.com'] })
    const attempts = async () => (await svix('GET', `/attempt/endpoint/${id}`)).body.data
    await eventually(async () => (await attempts()).length === 1)
    const [attempt] = await attempts()
    expect([attempt.responseStatusCode, attempt.response]).toEqual([200, '{"received":"user.created"}'])

    const forged = { 'content-type': 'application/json', 'svix-id': 'msg_1', 'svix-timestamp': seconds() }
    const headers = { ...forged, 'svix-signature': `v1,${Buffer.alloc(32).toString('base64')}` }
    // A framework says on the console what nobody caught.
    const spy = vi.spyOn(console, 'error').mockImplementation(() => {})
    const answer = await fetch(url, { method: 'POST', headers, body: '{"type":"user.created","data":{}}' })
    spy.mockRestore()
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(await answer.text()).not.toContain('received')
  } finally {
    receiver.closeAllConnections()
    receiver.close()
  }
})

function seconds(): string {
  return String(Math.floor(Date.now() / 1000))
}
