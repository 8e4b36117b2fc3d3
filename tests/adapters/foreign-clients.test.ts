import { createClerkClient as createOfficially } from '@clerk/backend'
import * as express from '@latchkey/express'
import * as fastify from '@latchkey/fastify'
import { createTestInstance } from '@latchkey/backend/testing'
import createExpress from 'express'
import createFastify from 'fastify'
import { describe, expect, it } from 'vitest'
import { listen, quietly, visit, type Answer, type Visit } from './express/apps.test-support.js'

const { publishableKey, secretKey, jwtKey, signSessionToken } = await createTestInstance({ type: 'production' })
const keys = { publishableKey, secretKey, jwtKey }
const clerkClient = createOfficially({ ...keys, telemetry: { disabled: true } }) as unknown as express.ClerkClient

async function askExpress(request: Visit): Promise<Answer> {
  const app = quietly(createExpress())
  app.use(express.clerkMiddleware({ ...keys, clerkClient }))
  app.use((asked, response) => void response.send(express.getAuth(asked).userId ?? 'nobody'))
  const running = await listen(app)
  return visit(running, request).finally(() => running.close())
}

async function askFastify({ path = '/', method = 'GET', headers = {}, cookies = {}, body }: Visit): Promise<Answer> {
  const app = createFastify()
  await app.register(fastify.clerkPlugin, { ...keys, clerkClient })
  app.all('*', (asked) => fastify.getAuth(asked).userId ?? 'nobody')
  const { statusCode, ...answer } = await app.inject({
    url: path,
    method: method as 'GET',
    headers: { host: 'app.example.com', ...headers },
    cookies,
    ...(body ? { payload: body } : {}),
  })
  return { status: statusCode, headers: answer.headers as Answer['headers'], text: answer.body }
}

describe.each([
  ['@latchkey/express', askExpress],
  ['@latchkey/fastify', askFastify],
])('%s with a client of @clerk/backend', (_, ask) => {
  it('knows who sends a token, and who sends none', async () => {
    const token = await signSessionToken()
    expect(await ask({ headers: { authorization: `Bearer ${token}` } })).toMatchObject({
      status: 200,
      text: 'user_test',
    })
    expect(await ask({})).toMatchObject({ status: 200, text: 'nobody' })
    expect(await ask({ headers: { authorization: 'Bearer no.token.here' } })).toMatchObject({ text: 'nobody' })
  })

  it('leaves the body to the application', async () => {
    const headers = { authorization: `Bearer ${await signSessionToken()}`, 'content-type': 'application/json' }
    expect(await ask({ method: 'POST', headers, body: '{"a":1}' })).toMatchObject({ status: 200, text: 'user_test' })
  })

  it('redirects a browser that has to renew its session, at the address it knows', async () => {
    const { status, headers } = await ask({
      path: '/page?a=1',
      headers: { 'sec-fetch-dest': 'document', 'x-forwarded-proto': 'https' },
      cookies: { __client_uat: '9' },
    })
    expect(status).toBe(307)
    const location = new URL(headers.location!)
    expect(location.searchParams.get('redirect_url')).toBe('https://app.example.com/page?a=1')
  })
})

describe('authenticateRequest of @latchkey/express', () => {
  it('asks a client of @clerk/backend', async () => {
    const request = { method: 'GET', url: '/', headers: { authorization: `Bearer ${await signSessionToken()}` } }
    const state = await express.authenticateRequest({ clerkClient, request: request as never, options: keys })
    expect(state).toMatchObject({ isAuthenticated: true })
  })
})
