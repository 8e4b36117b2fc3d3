import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import {
  Clerk,
  requireSession,
  withSession,
  type RequireSessionProp,
  type SessionOptions,
  type WithSessionProp,
} from '@latchkey/sdk-node'
import { ConnectionError, TokenVerificationError } from '@latchkey/backend/errors'
import { createTestServer, type TestServer } from '@latchkey/testing'
import express, { type Request, type Response } from 'express'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { signIn, useApplications } from './classic.test-support.js'

// Its handlers are those of Express 5, whose types do for both.
const express4 = createRequire(import.meta.url)('express-4') as typeof express

let server: TestServer
let onError: ReturnType<typeof vi.fn<(error: unknown) => void>>
const { listen } = useApplications()

beforeAll(async () => {
  server = await createTestServer({ port: 0 })
})
beforeEach(() => {
  onError = vi.fn<(error: unknown) => void>()
})
afterEach(() => void vi.unstubAllEnvs())
afterAll(() => server.close())

describe('the wrappers of handlers', () => {
  const options = (): SessionOptions => ({ apiKey: server.secretKey, serverApiUrl: server.url, onError })

  it('hand the session to a handler, and hand on what it answers', async () => {
    const { userId, cookie } = await signIn(server)
    const handler = (request: WithSessionProp<{ headers: { cookie?: string } }>, _response: object) =>
      request.session?.user_id ?? 'nobody'
    expect(await withSession(handler, options())({ headers: { cookie } }, {})).toBe(userId)
    expect(await withSession(handler, options())({ headers: {} }, {})).toBe('nobody')
    expect(onError).toHaveBeenCalledOnce()
  })

  it('refuse with 401 and an empty body where a session is required', async () => {
    const { userId, cookie } = await signIn(server)
    const app = express()
    let handled = 0
    const handler = (request: RequireSessionProp<Request>, response: Response): void => {
      handled++
      response.json({ userId: request.session.userId })
    }
    app.get('/', requireSession(handler, options()))
    const url = await listen(app)

    const refused = await fetch(url)
    expect([refused.status, await refused.text(), handled]).toEqual([401, '', 0])
    expect(await (await fetch(url, { headers: { cookie } })).json()).toEqual({ userId })
  })

  it('do not take a session that stood there before for one', async () => {
    const handler = vi.fn<() => void>()
    const response = { statusCode: 200, end: vi.fn<() => void>() }
    await requireSession(handler, options())(
      { headers: {}, session: { userId: 'user_forged' } } as { headers: object },
      response,
    )
    expect(response.statusCode).toBe(401)
    expect(handler).not.toHaveBeenCalled()
  })

  it('refuse everyone with a wrong key, without one, and with the API down', async () => {
    const { cookie } = await signIn(server)
    const handler = vi.fn<() => void>()
    const wrong: SessionOptions[] = [
      { apiKey: 'sk_test_wrong', serverApiUrl: server.url },
      { clerk: new Clerk({ serverApiUrl: server.url }) },
      { apiKey: 'sk_test_1', serverApiUrl: 'http://127.0.0.1:1' },
    ]
    for (const option of wrong) {
      const response = { statusCode: 200, end: vi.fn<() => void>() }
      await requireSession(handler, { ...option, onError })({ headers: { cookie } }, response)
      expect([response.statusCode, response.end.mock.calls]).toEqual([401, [[]]])
    }
    expect(handler).not.toHaveBeenCalled()
    expect(onError.mock.calls.map(([error]) => (error as Error).constructor)).toEqual([
      TokenVerificationError,
      Error,
      ConnectionError,
    ])
  })

  it('fit the types of Next', async () => {
    const compiler = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url))
    const project = fileURLToPath(new URL('tsconfig.next.json', import.meta.url))
    await expect(promisify(execFile)(process.execPath, [compiler, '--project', project])).resolves.toMatchObject({
      stdout: '',
    })
  })

  it('leave the errors of a handler to the caller', async () => {
    const { cookie } = await signIn(server)
    const failing = (): never => {
      throw new Error('the handler failed')
    }
    const request = { headers: { cookie } }
    await expect(withSession(failing, options())(request, {})).rejects.toThrow('the handler failed')
    await expect(
      requireSession(failing, options())(request, { statusCode: 200, end: vi.fn<() => void>() }),
    ).rejects.toThrow('the handler failed')
    expect(onError).not.toHaveBeenCalled()
  })

  it.each([
    ['4', express4],
    ['5', express],
  ])('leave them to Express %s where they are its handlers', async (_version, framework) => {
    const { cookie } = await signIn(server)
    const app = framework()
    const failing = (): never => {
      throw new Error('the handler failed')
    }
    app.get('/open', withSession(failing, options()))
    app.get(
      '/closed',
      requireSession(() => Promise.reject(new Error('the handler failed')), options()),
    )
    app.use(
      (error: Error, _request: Request, response: Response, _next: unknown) =>
        void response.status(500).end(error.message),
    )
    const url = await listen(app)
    for (const path of ['/open', '/closed']) {
      const response = await fetch(url + path, { headers: { cookie } })
      expect([response.status, await response.text()]).toEqual([500, 'the handler failed'])
    }
  })

  it('come with the default instance and with one of its own', async () => {
    vi.stubEnv('CLERK_SECRET_KEY', server.secretKey)
    vi.stubEnv('CLERK_API_URL', server.url)
    const { userId, cookie } = await signIn(server)
    const clerk = new Clerk(server.secretKey, { serverApiUrl: server.url })
    const handler = (request: WithSessionProp<{ headers: { cookie?: string } }>, _response: object) =>
      request.session?.userId
    for (const wrapped of [
      withSession(handler),
      withSession(handler, { clerk }),
      clerk.withSession(handler),
      Clerk.withSession(handler),
    ]) {
      expect(await wrapped({ headers: { cookie } }, {})).toBe(userId)
    }
    for (const option of [
      { serverApiUrl: 'http://127.0.0.1:1' },
      { apiVersion: 'v0' },
      { apiKey: 'sk_test_1' },
      { httpOptions: { headers: { authorization: 'Bearer none' } } },
    ]) {
      expect(
        await withSession(handler, { ...option, onError })({ headers: { cookie: '__session=opaque' } }, {}),
      ).toBeUndefined()
    }
    expect(onError.mock.calls.map(([error]) => (error as { status?: number }).status)).toEqual([
      undefined,
      404,
      401,
      401,
    ])
  })
})
