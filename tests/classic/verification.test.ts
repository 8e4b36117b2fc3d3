import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ConnectionError, TokenVerificationError } from '@latchkey/backend/errors'
import { signJwt } from '@latchkey/backend/jwt'
import { Clerk, NoSessionError, withSession, type RequestSession, type WithSessionProp } from '@latchkey/sdk-node'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

/** An API whose answers a test decides on. */
let api: Server
let answer: (path: string, response: ServerResponse) => void
let asked: string[]

beforeAll(async () => {
  api = createServer((request, response) => {
    asked.push(request.url!)
    answer(request.url!, response)
  }).listen(0, '127.0.0.1')
  await once(api, 'listening')
})
beforeEach(() => {
  asked = []
  answer = (_path, response) =>
    json(response, { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'ins_1', alg: 'RS256', use: 'sig' }] })
})
afterAll(() => {
  api.closeAllConnections()
  api.close()
})

function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function tokenWith(claims: object, header: object | string = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const all = {
    iss: 'https://clerk.test',
    sub: 'user_1',
    sid: 'sess_1',
    iat: now,
    nbf: now - 5,
    exp: now + 60,
    ...claims,
  }
  return signJwt(all, privateKey.export({ format: 'pem', type: 'pkcs8' }), {
    algorithm: 'RS256',
    header: {
      kid: 'ins_1',
      typ: 'JWT',
      cat: 'cl_B7d4PD111AAA',
      ...(typeof header === 'string' ? { kid: header } : header),
    },
  })
}

/** The session that a handler sees, and what `onError` was told. */
async function see(token: string, timeout = 5000): Promise<{ session: RequestSession | undefined; error: unknown }> {
  const seen: { session: RequestSession | undefined; error: unknown } = { session: undefined, error: undefined }
  const serverApiUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`
  const clerk = new Clerk('sk_test_1', { serverApiUrl, httpOptions: { retry: 0, timeout } })
  const handler = (request: WithSessionProp<{ headers: { cookie: string } }>, _response: object): void => {
    seen.session = request.session
  }
  await withSession(handler, { clerk, onError: (error) => (seen.error = error) })(
    { headers: { cookie: `__session=${token}` } },
    {},
  )
  return seen
}

describe('a session that is verified with the key set', () => {
  it('has what its token says, in either version', async () => {
    const { session } = await see(
      await tokenWith({ v: 2, sts: 'active', o: { id: 'org_2', rol: 'admin' }, act: { sub: 'user_support' } }),
    )
    expect(session).toBeInstanceOf(Clerk.Session)
    expect(session).toMatchObject({
      id: 'sess_1',
      userId: 'user_1',
      status: 'active',
      lastActiveOrganizationId: 'org_2',
      actor: { sub: 'user_support' },
    })
    expect((await see(await tokenWith({ org_id: 'org_1' }))).session).toMatchObject({
      status: 'active',
      lastActiveOrganizationId: 'org_1',
      actor: null,
    })
  })

  it('is none while the user has not finished signing in', async () => {
    const { session, error } = await see(await tokenWith({ v: 2, sts: 'pending' }))
    expect(session).toBeUndefined()
    expect(error).toBeInstanceOf(NoSessionError)
    expect((error as Error).message).toBe('The session is pending: the user has not finished signing in.')
  })

  it.each([['cl_B7d4PD111AAA'], [undefined]])('is none for a machine, whose token has the category %s', async (cat) => {
    const { session, error } = await see(await tokenWith({ sub: 'mch_1' }, { cat }))
    expect(session).toBeUndefined()
    expect(error).toMatchObject({ reason: 'token-invalid' })
    expect((await see(await tokenWith({}, { cat }))).session).toMatchObject({ userId: 'user_1' })
  })

  it('is found with white space around the key', async () => {
    vi.stubEnv('CLERK_API_KEY', ' sk_test_1\n')
    const serverApiUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`
    const request: WithSessionProp<{ headers: { cookie: string } }> = {
      headers: { cookie: `__session=${await tokenWith({})}` },
    }
    const clerk = new Clerk({ serverApiUrl, httpOptions: { retry: 0 } })
    await withSession((seen: typeof request) => expect(seen.session?.userId).toBe('user_1'), { clerk })(request, {})
    vi.unstubAllEnvs()
  })

  it('is none with a signature of somebody else, whatever the API would say', async () => {
    const token = await tokenWith({})
    const { session, error } = await see(`${token.slice(0, token.lastIndexOf('.'))}.${'A'.repeat(342)}`)
    expect(session).toBeUndefined()
    expect(error).toBeInstanceOf(TokenVerificationError)
    expect(asked).toEqual(['/v1/jwks'])
  })
})

describe('what the API is asked', () => {
  it('is for the key set no more often than the SDK asks for it, whatever got would do', async () => {
    answer = (_path, response) => json(response, {}, 503)
    const serverApiUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`
    const handler = vi.fn<() => void>()
    const options = {
      apiKey: 'sk_test_retry',
      serverApiUrl,
      httpOptions: {
        retry: {
          limit: 5,
          calculateDelay: ({ computedValue }: { computedValue: number }) => Math.min(computedValue, 1),
        },
      },
    }
    await withSession(handler, options)({ headers: { cookie: `__session=${await tokenWith({})}` } }, {})
    expect(handler).toHaveBeenCalledOnce()
    expect(asked.filter((path) => path === '/v1/jwks')).toHaveLength(3)
  })

  it('is about tokens with a key that the set does not have', async () => {
    const keySet = answer
    answer = (path, response) => {
      if (path === '/v1/jwks') keySet(path, response)
      else
        json(
          response,
          path.startsWith('/v1/clients')
            ? { object: 'client', id: 'client_1', last_active_session_id: 'sess_9' }
            : { object: 'session', id: 'sess_9', user_id: 'user_9' },
        )
    }
    expect((await see(await tokenWith({}, 'ins_2'))).session).toMatchObject({ id: 'sess_9', user_id: 'user_9' })
    expect(asked.filter((path) => path !== '/v1/jwks')).toEqual(['/v1/clients/verify', '/v1/sessions/sess_9/verify'])
  })

  it('may be that a client has no session', async () => {
    answer = (_path, response) => json(response, { object: 'client', id: 'client_1', last_active_session_id: null })
    expect((await see('opaque')).error).toBeInstanceOf(NoSessionError)
  })

  // Otherwise the test would wait for an answer until its own time is over.
  it('is given up in time when it does not answer', async () => {
    answer = () => {}
    for (const token of [await tokenWith({}), 'opaque']) {
      const { session, error } = await see(token, 200)
      expect(session).toBeUndefined()
      expect(error).toBeInstanceOf(ConnectionError)
    }
  })
})
