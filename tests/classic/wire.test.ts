import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Clerk, {
  setClerkApiKey,
  setClerkApiVersion,
  setClerkHttpOptions,
  setClerkServerApiUrl,
  users,
  type HttpOptions,
} from '@latchkey/sdk-node'
import { ConnectionError, RateLimitError, TimeoutError, ValidationError } from '@latchkey/backend/errors'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { VERSION } from '../../packages/sdk-node/src/version.js'

afterEach(() => vi.unstubAllEnvs())

describe('what goes over the wire', () => {
  let recorder: Server
  let requests: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[]
  let answer: (response: ServerResponse) => void

  const client = (httpOptions: HttpOptions = {}) =>
    new Clerk('sk_test_1', {
      serverApiUrl: `http://127.0.0.1:${(recorder.address() as AddressInfo).port}/`,
      httpOptions,
    })

  beforeAll(async () => {
    recorder = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        requests.push({ method: request.method!, url: request.url!, headers: request.headers, body })
        answer(response)
      })
    }).listen(0, '127.0.0.1')
    await once(recorder, 'listening')
  })
  beforeEach(() => {
    requests = []
    answer = (response) => response.setHeader('content-type', 'application/json').end('[]')
  })
  afterAll(() => recorder.close())

  it('is a form with the names of the API', async () => {
    await client().users.updateUser('user_1', {
      firstName: 'Zoë & Co',
      primaryEmailAddressID: 'idn_1',
      lastName: undefined,
    })
    expect(requests).toMatchObject([
      {
        method: 'PATCH',
        url: '/v1/users/user_1',
        headers: { authorization: 'Bearer sk_test_1', 'content-type': 'application/x-www-form-urlencoded' },
        body: 'first_name=Zo%C3%AB+%26+Co&primary_email_address_id=idn_1',
      },
    ])
  })

  it('empties what is null', async () => {
    await client().users.updateUser('user_1', { firstName: null as unknown as string })
    expect(requests[0]!.body).toBe('first_name=')
  })

  it('comes back as resources: where a verification leads is a URL, earlier names are known, and no name reaches a prototype', async () => {
    const verification = {
      status: 'unverified',
      strategy: 'oauth_google',
      external_verification_redirect_url: 'https://accounts.example.com/o?x=1',
    }
    const user = `{"object":"user","id":"user_1","external_accounts":[{"object":"google_account","verification":${JSON.stringify(verification)}}],"__proto__":{"forged":true},"other":{"object":"toString"}}`
    answer = (response) => response.setHeader('content-type', 'application/json').end(user)
    const { externalAccounts, ...rest } = await client().users.getUser('user_1')
    expect(externalAccounts[0]).toBeInstanceOf(Clerk.GoogleAccount)
    expect(externalAccounts[0]!.verification).toMatchObject({
      externalVerificationRedirectURL: new URL(verification.external_verification_redirect_url),
    })
    expect(rest).not.toHaveProperty('forged')
    expect(Object.getOwnPropertyNames(Clerk.User.prototype)).not.toContain('__proto__')

    answer = (response) =>
      response
        .setHeader('content-type', 'application/json')
        .end('{"object":"client","id":"client_1","sign_in_id":"sia_1","sign_up_id":"sua_1"}')
    expect(await client().clients.getClient('client_1')).toMatchObject({
      signInAttemptId: 'sia_1',
      signUpAttemptId: 'sua_1',
    })
  })

  it('has the key of CLERK_API_KEY where CLERK_SECRET_KEY is another', async () => {
    vi.stubEnv('CLERK_API_KEY', 'sk_test_first')
    vi.stubEnv('CLERK_SECRET_KEY', 'sk_test_second')
    await new Clerk({
      serverApiUrl: `http://127.0.0.1:${(recorder.address() as AddressInfo).port}`,
    }).users.getUserList()
    expect(requests[0]!.headers.authorization).toBe('Bearer sk_test_first')
  })

  it('names this package and its version', async () => {
    const { version } = JSON.parse(
      readFileSync(new URL('../../packages/sdk-node/package.json', import.meta.url), 'utf8'),
    ) as { version: string }
    await client().users.getUserList()
    expect(VERSION).toBe(version)
    expect(requests[0]!.headers['user-agent']).toBe(`@latchkey/sdk-node@${version}`)
  })

  it('has custom headers beside the authorization, unless they replace it', async () => {
    await client({ headers: { 'x-unicorn': 'rainbow' } }).users.getUserList()
    await client({ headers: { Authorization: 'Basic abc' } }).users.getUserList()
    expect(requests[0]!.headers).toMatchObject({ 'x-unicorn': 'rainbow', authorization: 'Bearer sk_test_1' })
    expect(requests[1]!.headers.authorization).toBe('Basic abc')
  })

  it('has the search parameters of the options after those of a request, and is read in any type of response', async () => {
    await client({ searchParams: { debug: '1' } }).sessions.getSessionList({ userId: 'user_1' })
    expect(requests[0]!.url).toBe('/v1/sessions?user_id=user_1&debug=1')
    for (const responseType of ['text', 'buffer'] as const)
      expect(await client({ responseType }).users.getUserList()).toEqual([])
  })

  it('is what the setters of the default instance say', async () => {
    const { port } = recorder.address() as AddressInfo
    const set: ((value: { apiKey: string; url: string; version: string; options: HttpOptions }) => void)[] = [
      ({ apiKey, url, version, options }) => {
        setClerkApiKey(apiKey)
        setClerkServerApiUrl(url)
        setClerkApiVersion(version)
        setClerkHttpOptions(options)
      },
      ({ apiKey, url, version, options }) =>
        Object.assign(Clerk, { apiKey, serverApiUrl: url, apiVersion: version, httpOptions: options }),
    ]
    for (const [index, change] of set.entries()) {
      change({
        apiKey: `sk_test_${index}`,
        url: `http://127.0.0.1:${port}`,
        version: `v${index + 2}`,
        options: { headers: { 'x-set': `${index}` } },
      })
      await users.getUserList()
      expect(requests[index]).toMatchObject({
        url: `/v${index + 2}/users`,
        headers: { authorization: `Bearer sk_test_${index}`, 'x-set': `${index}` },
      })
    }
    Object.assign(Clerk, { apiKey: '', serverApiUrl: '', apiVersion: '', httpOptions: {} })
  })

  it('goes to the version that the environment names', async () => {
    vi.stubEnv('CLERK_API_VERSION', 'v7')
    await client().users.getUserList()
    expect(requests[0]!.url).toBe('/v7/users')
  })

  it('can be retried as got is told to', async () => {
    answer = (response) =>
      response.writeHead(requests.length === 1 ? 503 : 200, { 'content-type': 'application/json' }).end('[]')
    await client({
      retry: { limit: 1, calculateDelay: ({ computedValue }) => Math.min(computedValue, 1) },
    }).users.getUserList()
    expect(requests).toHaveLength(2)
  })

  it('never lets an id become another path', async () => {
    await client().users.getUser('../clients?x=1')
    expect(requests[0]!.url).toBe('/v1/users/..%2Fclients%3Fx%3D1')
    for (const id of ['', '.', '..', undefined as unknown as string])
      await expect(client().users.getUser(id)).rejects.toThrow('A valid resource ID is required')
    expect(requests).toHaveLength(1)
  })

  it('has errors with status, codes and trace id, whether got throws them or not', async () => {
    answer = (response) =>
      response
        .writeHead(422, { 'content-type': 'application/json' })
        .end(
          '{"errors":[{"code":"form_param_unknown","message":"is unknown","long_message":"x is unknown","meta":{"param_name":"x"}}],"clerk_trace_id":"t1"}',
        )
    for (const throwHttpErrors of [true, false]) {
      const error: unknown = await client({ throwHttpErrors })
        .users.updateUser('user_1')
        .catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(ValidationError)
      expect(error).toMatchObject({
        status: 422,
        clerkTraceId: 't1',
        errors: [{ code: 'form_param_unknown', meta: { paramName: 'x' } }],
        message: 'PATCH /users/user_1 failed with status 422: form_param_unknown (x): x is unknown.',
      })
    }
  })

  it('has an error that says when to come back', async () => {
    answer = (response) =>
      response
        .writeHead(429, { 'content-type': 'application/json', 'retry-after': '7', 'cf-ray': 'ray-1' })
        .end('{"errors":[{"code":"too_many_requests","message":"slow down"}]}')
    const error: unknown = await client({ retry: 0 })
      .users.getUserList()
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(RateLimitError)
    expect(error).toMatchObject({
      status: 429,
      retryAfter: 7,
      clerkTraceId: 'ray-1',
      message: 'GET /users failed with status 429: too_many_requests: slow down. Try again in 7 s.',
    })
  })

  it('has errors for answers that are no JSON, that come late, and that do not come', async () => {
    answer = (response) => response.writeHead(200).end('<html>')
    await expect(client().users.getUserList()).rejects.toThrow(ConnectionError)
    await expect(client({ responseType: 'text' }).users.getUserList()).rejects.toThrow(
      'The answer could not be read (it is not JSON). Check "serverApiUrl".',
    )
    answer = (response) => response.writeHead(302, { location: '/elsewhere' }).end()
    await expect(client({ followRedirect: false }).users.getUserList()).rejects.toThrow(ConnectionError)
    answer = (response) => response.writeHead(502).end('<html>')
    await expect(client({ retry: 0 }).users.getUserList()).rejects.toMatchObject({ status: 502, errors: [] })
    answer = () => {}
    const late: unknown = await client({ timeout: 30, retry: 0 })
      .users.getUserList()
      .catch((error: unknown) => error)
    expect(late).toBeInstanceOf(TimeoutError)
    expect((late as Error).message).toContain('Raise "timeout" in httpOptions')
    await expect(
      new Clerk('sk_test_1', { serverApiUrl: 'http://127.0.0.1:1', httpOptions: { retry: 0 } }).users.getUserList(),
    ).rejects.toThrow(
      'GET /users failed: No answer from http://127.0.0.1:1 (connect ECONNREFUSED 127.0.0.1:1). Check "serverApiUrl" and the network.',
    )
  })
})
