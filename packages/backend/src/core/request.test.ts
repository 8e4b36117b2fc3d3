import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isClerkAPIResponseError as isOfficialError } from '@clerk/backend/errors'
import { createClerkClient, type ClerkOptions } from '../index.js'
import { createRecorder } from '../recorder.test-support.js'
import { emailAddress, user } from '../samples.test-support.js'
import * as errors from './errors.js'
import { VERSION } from './version.js'

const secretKey = 'sk_test_do_not_print_me'
const recorder = createRecorder()
const clientWith = (options: ClerkOptions = {}) => createClerkClient({ secretKey, fetch: recorder.fetch, ...options })
const client = clientWith()

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  recorder.answer({ body: user })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** Waits out every pause between attempts. */
async function settle<T>(work: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [result] = await Promise.all([Promise.allSettled([work]), vi.runAllTimersAsync()])
  await vi.runAllTimersAsync()
  return result[0]
}

async function failure(work: Promise<unknown>): Promise<errors.ClerkAPIResponseError> {
  const result = await settle(work)
  if (result.status === 'fulfilled') throw new Error('expected a failure')
  return result.reason as errors.ClerkAPIResponseError
}

describe('a request', () => {
  it('carries key, version, agent and content type, and the headers asked for', async () => {
    await clientWith({ apiUrl: 'http://localhost:4400/', apiVersion: 'v2', headers: { 'X-Trace': '1' } }).users.getUser(
      'user_1',
    )
    expect(recorder.requests).toMatchObject([
      {
        method: 'GET',
        path: '/v2/users/user_1',
        body: undefined,
        headers: {
          authorization: `Bearer ${secretKey}`,
          'clerk-api-version': '2026-05-12',
          'content-type': 'application/json',
          'user-agent': `@latchkey/backend@${VERSION}`,
          'x-trace': '1',
        },
      },
    ])
    expect(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))).toMatchObject({
      version: VERSION,
    })
  })

  it('looks fetch up when it is sent', async () => {
    const late = createClerkClient({ secretKey })
    vi.stubGlobal('fetch', recorder.fetch)
    await expect(late.users.getUser('user_1')).resolves.toMatchObject({ id: 'user_1' })
  })

  it.each(['application/json', 'application/json; charset=utf-8', 'application/problem+json', 'APPLICATION/JSON'])(
    'reads an answer of type %s',
    async (type) => {
      recorder.answer({ body: user, headers: { 'content-type': type } })
      await expect(client.users.getUser('user_1')).resolves.toMatchObject({ id: 'user_1' })
    },
  )

  it('is not sent for a filter that nothing can match', async () => {
    await expect(client.users.getUserList({ userId: [] })).resolves.toEqual({ data: [], totalCount: 0 })
    await expect(client.users.getCount({ emailAddress: [] })).resolves.toBe(0)
    expect(recorder.requests).toEqual([])
  })

  it('sends false and zero as filters', async () => {
    recorder.answer({ body: [] }, { body: { object: 'total_count', total_count: 0 } })
    await client.users.getUserList({ banned: false, offset: 0, startingAfter: 'user_1' })
    expect(recorder.requests.map(({ path, query }) => [path, query])).toEqual([
      ['/v1/users', ['banned=false', 'offset=0', 'starting_after=user_1']],
      ['/v1/users/count', ['banned=false']],
    ])
  })

  it('counts a list that came bare', async () => {
    recorder.answer({ body: [] })
    await expect(client.sessions.getSessionList({ userId: 'user_1' })).resolves.toEqual({ data: [], totalCount: 0 })
  })

  it('is refused without a key that can be sent, without quoting it', async () => {
    await expect(clientWith({ secretKey: undefined }).users.getUser('user_1')).rejects.toThrow('Missing secret key')
    await expect(clientWith({ secretKey: 'sk_test\nx' }).users.getUser('user_1')).rejects.toThrow(/^(?!.*sk_test)/)
    expect(() => clientWith({ apiUrl: 'localhost:4400' })).toThrow('"apiUrl" must start with http:// or https://')
    await expect(client.users.getUser('')).rejects.toThrow('A valid resource ID is required')
    expect(recorder.requests).toEqual([])
  })

  it.each([' sk_test_x', 'sk_test_x\n', '\t sk_test_x\r\n'])('sends %j without the white space', async (padded) => {
    await clientWith({ secretKey: padded }).users.getUser('user_1')
    await clientWith({ machineSecretKey: ` ak_1\n` }).m2m.createToken()
    expect(recorder.requests.map(({ headers }) => headers['authorization'])).toEqual([
      'Bearer sk_test_x',
      'Bearer ak_1',
    ])
    await expect(clientWith({ secretKey: ' \n' }).users.getUser('user_1')).rejects.toThrow('Missing secret key')
  })

  it('goes without a key where none is required and there is none', async () => {
    await clientWith({ secretKey: undefined, requireSecretKey: false }).users.getUser('user_1')
    await clientWith({ requireSecretKey: false }).users.getUser('user_1')
    expect(recorder.requests.map(({ headers }) => headers['authorization'])).toEqual([undefined, `Bearer ${secretKey}`])
    await expect(clientWith({ secretKey: '', requireSecretKey: true }).users.getUser('user_1')).rejects.toThrow(
      'Missing secret key',
    )
    await clientWith({
      secretKey: '',
      requireSecretKey: true,
    }).__experimental_accountlessApplications.createAccountlessApplication()
    expect(recorder.requests).toHaveLength(3)
  })

  it('serves the operations that @clerk/backend lacks', async () => {
    const code = { id: 'ver_1', status: 'unverified', strategy: 'email_code', attempts: 0, expire_at: 1, channel: null }
    recorder.answer({ body: code })
    await expect(client.emailAddresses.prepareVerification('idn_1')).resolves.toMatchObject({
      id: 'ver_1',
      expireAt: 1,
    })
    await client.emailAddresses.attemptVerification('idn_1', { verificationId: 'ver_1', code: '424242' })
    await client.phoneNumbers.prepareVerification('idn_2')
    await client.phoneNumbers.attemptVerification('idn_2', { verificationId: 'ver_1', code: '424242' })
    expect(recorder.requests.map(({ path, body }) => [path, body])).toEqual([
      ['/v1/email_addresses/idn_1/prepare_verification', undefined],
      ['/v1/email_addresses/idn_1/attempt_verification', { verification_id: 'ver_1', code: '424242' }],
      ['/v1/phone_numbers/idn_2/prepare_verification', undefined],
      ['/v1/phone_numbers/idn_2/attempt_verification', { verification_id: 'ver_1', code: '424242' }],
    ])
    recorder.answer({ body: [user] })
    await expect(client.users.banUsers(['user_1'])).resolves.toMatchObject([{ fullName: 'Ada Lovelace' }])
    await client.users.unbanUsers(['user_1'])
    expect(recorder.requests.map(({ path, body }) => [path, body])).toEqual([
      ['/v1/users/ban', { user_ids: ['user_1'] }],
      ['/v1/users/unban', { user_ids: ['user_1'] }],
    ])
  })
})

describe('an error', () => {
  const refusal = {
    errors: [
      {
        code: 'form_identifier_exists',
        message: 'That email address is taken.',
        long_message: 'That email address is taken. Please try another',
        meta: { param_name: 'email_address', lockout_expires_in_seconds: 7 },
      },
    ],
    clerk_trace_id: 'trace_1',
  }

  it('has the fields of the official one, and is one to its type guard', async () => {
    recorder.answer({ status: 422, body: refusal })
    const error = await failure(client.users.createUser({ emailAddress: ['ada@example.com'] }))
    expect(error).toBeInstanceOf(errors.ValidationError)
    expect(error).toMatchObject({
      name: 'ClerkAPIResponseError',
      clerkError: true,
      code: 'api_response_error',
      status: 422,
      clerkTraceId: 'trace_1',
      errors: [
        {
          code: 'form_identifier_exists',
          message: 'That email address is taken.',
          longMessage: 'That email address is taken. Please try another',
          meta: { paramName: 'email_address', lockoutExpiresInSeconds: 7 },
        },
      ],
    })
    expect(error.message).toBe(
      'POST /users failed with status 422: form_identifier_exists (email_address): That email address is taken. Please try another.',
    )
    expect(isOfficialError(error)).toBe(true)
    expect(errors.isClerkAPIResponseError(error)).toBe(true)
  })

  it.each([
    [400, errors.BadRequestError],
    [401, errors.AuthenticationError],
    [403, errors.PermissionError],
    [404, errors.NotFoundError],
    [409, errors.ConflictError],
    [418, errors.ClerkAPIResponseError],
    [422, errors.ValidationError],
    [429, errors.RateLimitError],
    [500, errors.ServerError],
    [501, errors.ServerError],
  ])('of status %i has a class of its own and no secret in it', async (status, ErrorClass) => {
    recorder.answer({ status, body: refusal })
    const error = await failure(client.users.getUser('user_1'))
    expect(error.constructor).toBe(ErrorClass)
    expect(error.message).toContain(`GET /users/user_1 failed with status ${status}`)
    expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain(secretKey)
  })

  it.each(['<html>Bad Gateway</html>', '', '{"errors":null}', 'null', '{"errors":'])(
    'is made of a body like %j too',
    async (body) => {
      recorder.answer({ status: 404, body, headers: { 'cf-ray': 'ray_1' } })
      expect(await failure(client.users.getUser('user_1'))).toMatchObject({
        status: 404,
        errors: [],
        clerkTraceId: 'ray_1',
      })
    },
  )

  it('says when an answer is not what the API answers', async () => {
    recorder.answer({ body: '<html>', headers: { 'content-type': 'text/html' } })
    expect(await failure(client.users.getUser('user_1'))).toMatchObject({
      message: expect.stringContaining('text/html'),
    })
    recorder.answer({ body: '{"id":' })
    const error = await failure(client.users.getUser('user_1'))
    expect(error).toBeInstanceOf(errors.ConnectionError)
    expect(error.cause).toBeInstanceOf(SyntaxError)
    expect(recorder.requests).toHaveLength(1)
  })
})

describe('trying again', () => {
  it.each([
    ['a busy server', { status: 429 }],
    ['a failing server', { status: 503 }],
    ['a broken connection', new TypeError('fetch failed')],
  ])('makes a read outlive %s', async (_, answer) => {
    recorder.answer(answer, answer, { body: user })
    await expect(settle(client.users.getUser('user_1'))).resolves.toMatchObject({ status: 'fulfilled' })
    expect(recorder.requests).toHaveLength(3)
  })

  it.each([
    [{ status: 500 }, 1],
    [new TypeError('fetch failed'), 1],
    [{ status: 429 }, 3],
  ])('happens to a write only where it cannot have been done: %j', async (answer, attempts) => {
    recorder.answer(answer)
    const write = client.emailAddresses.createEmailAddress({
      userId: 'user_1',
      emailAddress: emailAddress.email_address,
    })
    await settle(write)
    expect(recorder.requests).toHaveLength(attempts)
  })

  it.each([400, 401, 404, 422, 501])('does not happen after %i', async (status) => {
    recorder.answer({ status })
    await failure(client.users.getUser('user_1'))
    expect(recorder.requests).toHaveLength(1)
  })

  it('ends with the last error and its cause, after the retries asked for', async () => {
    const cause = new TypeError('fetch failed')
    recorder.answer(cause)
    const error = await failure(clientWith({ maxRetries: 5 }).users.getUser('user_1'))
    expect(recorder.requests).toHaveLength(6)
    expect(error).toBeInstanceOf(errors.ConnectionError)
    expect(error).toMatchObject({ status: undefined, cause, errors: [{ code: 'unexpected_error' }] })
    expect(error.message).toBe(
      'GET /users/user_1 failed: No answer from https://api.clerk.com. Check "apiUrl" and the network.',
    )
  })

  it.each(['2', () => new Date(Date.now() + 2000).toUTCString()])(
    'waits as long as the server asks',
    async (header) => {
      const retryAfter = typeof header === 'string' ? header : header()
      recorder.answer({ status: 429, headers: { 'retry-after': retryAfter } }, { body: user })
      const answer = client.users.getUser('user_1')
      await vi.advanceTimersByTimeAsync(900)
      expect(recorder.requests).toHaveLength(1)
      await settle(answer)
      expect(recorder.requests).toHaveLength(2)
    },
  )

  it('gives up when the server asks for more than anyone would wait', async () => {
    recorder.answer({ status: 429, headers: { 'retry-after': '3600' } })
    expect(await failure(client.users.getUser('user_1'))).toMatchObject({ retryAfter: 3600 })
    expect(recorder.requests).toHaveLength(1)
  })
})

it('gives up on a server that does not answer', async () => {
  vi.useRealTimers()
  const server = createServer(() => {}).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const slow = createClerkClient({ secretKey, apiUrl, timeout: 50, maxRetries: 0 })
  await expect(slow.users.getUser('user_1')).rejects.toMatchObject({
    message: expect.stringContaining('No answer within 50 ms'),
  })
  await expect(slow.users.getUser('user_1')).rejects.toBeInstanceOf(errors.TimeoutError)
  server.closeAllConnections()
  server.close()
})
