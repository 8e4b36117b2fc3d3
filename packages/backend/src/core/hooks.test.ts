import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createClerkClient, type ClerkOptions, type Logger, type RequestEvent, type ResponseEvent } from '../index.js'
import { user } from '../samples.test-support.js'
import { NotFoundError } from './errors.js'
import { answer, goodAnswer, reset, useMisbehavingServer } from './misbehaving-server.test-support.js'

type Log = Logger['info']

const secretKey = 'sk_test_do_not_print_me'
const server = useMisbehavingServer()
const clientWith = (options: ClerkOptions = {}) => createClerkClient({ secretKey, apiUrl: server.url, ...options })

beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0))

describe('hooks', () => {
  it('see each attempt and what came of it', async () => {
    const requests: RequestEvent[] = []
    const responses: ResponseEvent[] = []
    server.behave(reset, answer(503, '', { 'x-a': '1' }), goodAnswer)
    const client = clientWith({
      onRequest: (event) => void requests.push(event),
      onResponse: (event) => void responses.push(event),
    })
    await client.users.getUser('user_1')
    expect(requests.map(({ method, path, url, attempt }) => [method, path, url, attempt])).toEqual(
      [1, 2, 3].map((attempt) => ['GET', '/users/user_1', `${server.url}/v1/users/user_1`, attempt]),
    )
    expect(responses.map(({ request }) => request)).toEqual(requests)
    expect(responses.map(({ response, error }) => [response?.status, error?.status, error?.constructor.name])).toEqual([
      [undefined, undefined, 'ConnectionError'],
      [503, 503, 'ServerError'],
      [200, undefined, undefined],
    ])
    expect(responses[1]!.response?.headers.get('x-a')).toBe('1')
    expect(await responses[2]!.response?.json()).toEqual(user)
    expect(responses[2]!.duration).toBeGreaterThan(0)
  })

  it('may change the headers of their attempt, and take their time', async () => {
    server.behave(answer(503), goodAnswer)
    const client = clientWith({
      onRequest: async (event) => {
        await new Promise((resolve) => setTimeout(resolve, 5))
        event.headers[`x-attempt-${event.attempt}`] = '1'
      },
    })
    await client.users.getUser('user_1')
    expect(server.requests.map(({ headers }) => [headers['x-attempt-1'], headers['x-attempt-2']])).toEqual([
      ['1', undefined],
      [undefined, '1'],
    ])
  })

  it('end the call with what they throw', async () => {
    const stop = new Error('stop')
    const onRequest = vi.fn<() => never>(() => {
      throw stop
    })
    await expect(clientWith({ onRequest }).users.getUser('user_1')).rejects.toBe(stop)
    expect(server.requests).toHaveLength(0)
    expect(onRequest).toHaveBeenCalledOnce()
    await expect(clientWith({ onResponse: () => Promise.reject(stop) }).users.getUser('user_1')).rejects.toBe(stop)
    expect(server.requests).toHaveLength(1)
  })
})

describe('the log', () => {
  const logger = { error: vi.fn<Log>(), info: vi.fn<Log>(), debug: vi.fn<Log>() }
  const lines = () => [logger.error, logger.info, logger.debug].map(({ mock }) => mock.calls.length)
  beforeEach(() => Object.values(logger).forEach((write) => write.mockClear()))

  it.each([
    [undefined, [0, 0, 0]],
    ['off' as const, [0, 0, 0]],
    ['error' as const, [1, 0, 0]],
    ['info' as const, [1, 1, 0]],
    ['debug' as const, [1, 1, 1]],
  ])('at level %s has what is that important', async (logLevel, expected) => {
    server.behave(answer(429), goodAnswer, answer(404))
    const client = clientWith({ logger, logLevel })
    await client.users.getUser('user_1')
    await expect(client.users.getUser('user_2')).rejects.toBeInstanceOf(NotFoundError)
    expect(lines()).toEqual(expected)
  })

  it('says what happened', async () => {
    server.behave(
      answer(404, {
        errors: [{ code: 'resource_not_found', message: 'm', long_message: 'l' }],
        clerk_trace_id: 'trace_1',
      }),
    )
    await expect(clientWith({ logger, logLevel: 'debug' }).users.getUser('user_1')).rejects.toBeInstanceOf(
      NotFoundError,
    )
    expect(logger.error.mock.calls[0]![0]).toMatch(/^GET \/users\/user_1 answered 404 in \d+ ms \(attempt 1\)$/)
    expect(logger.error.mock.calls[0]![1]).toMatchObject({
      status: 404,
      codes: ['resource_not_found'],
      clerkTraceId: 'trace_1',
    })
    server.behave(reset, goodAnswer)
    await clientWith({ logger, logLevel: 'debug' }).users.getUser('user_1')
    expect(logger.info.mock.calls[0]![0]).toMatch(/got no answer in \d+ ms \(attempt 1\); trying again in 125 ms$/)
    expect(logger.debug.mock.calls[0]![0]).toMatch(/answered 200 in \d+ ms \(attempt 2\)$/)
  })

  it('has nothing that must stay secret', async () => {
    const secrets = {
      password: 'correct horse',
      query: 'ada@example.com',
      nonce: 'nonce_1',
      token: 'eyJhbGciOi.e30.sig',
      header: 'Basic abc',
    }
    server.behave(
      answer(422, { errors: [{ code: 'form_password_pwned', message: secrets.password, long_message: secretKey }] }),
    )
    const client = clientWith({
      logger,
      logLevel: 'debug',
      maxRetries: 1,
      headers: { 'proxy-authorization': secrets.header },
    })
    const calls = [
      client.users.createUser({ password: secrets.password }),
      client.users.getUserList({ query: secrets.query }),
      client.clients.getHandshakePayload({ nonce: secrets.nonce }),
      client.clients.verifyClient(secrets.token),
    ]
    await Promise.allSettled(calls)
    const written = JSON.stringify(Object.values(logger).map(({ mock }) => mock.calls))
    expect(written).toContain('POST /users answered 422')
    for (const secret of [secretKey, ...Object.values(secrets)]) expect(written).not.toContain(secret)
  })
})

describe('tracing', () => {
  const API = Symbol.for('opentelemetry.js.api.1')
  const globals = globalThis as Record<symbol, unknown>
  afterEach(() => delete globals[API])

  interface SeenSpan {
    name: string
    attributes: Record<string, unknown>
    status?: unknown
    ended: number
  }

  function register() {
    const spans: SeenSpan[] = []
    let current: unknown = 'the request of the application'
    globals[API] = {
      trace: {
        getTracer: () => ({
          startSpan(name: string, { attributes }: { attributes: object }) {
            const span: SeenSpan = { name, attributes: { parent: current, ...attributes }, ended: 0 }
            spans.push(span)
            return {
              setAttributes: (more: object) => Object.assign(span.attributes, more),
              setStatus: (status: unknown) => (span.status = status),
              end: () => span.ended++,
            }
          },
        }),
      },
      context: {
        active: () => ({ setValue: (_: symbol, span: unknown) => span }),
        with<T>(context: unknown, work: () => T): T {
          const outer = current
          current = context
          try {
            return work()
          } finally {
            current = outer
          }
        },
      },
    }
    return spans
  }

  it('makes one span of a call, with its retries', async () => {
    const spans = register()
    server.behave(answer(503), goodAnswer)
    await clientWith().users.getUser('user_1')
    expect(spans).toEqual([
      {
        name: 'users.getUser',
        attributes: {
          parent: 'the request of the application',
          'http.request.method': 'GET',
          'server.address': '127.0.0.1',
          'server.port': Number(new URL(server.url).port),
          'url.path': '/v1/users/user_1',
          'http.response.status_code': 200,
          'http.request.resend_count': 1,
        },
        ended: 1,
      },
    ])
  })

  it('says of a failure what it was', async () => {
    const spans = register()
    server.behave(answer(404), reset)
    const client = clientWith({ maxRetries: 0 })
    await expect(client.users.getUser('user_1')).rejects.toBeInstanceOf(NotFoundError)
    await expect(client.users.getUser('user_1')).rejects.toMatchObject({ status: undefined })
    expect(spans).toMatchObject([
      { attributes: { 'http.response.status_code': 404, 'error.type': '404' }, status: { code: 2 }, ended: 1 },
      { attributes: { 'error.type': 'ClerkAPIResponseError' }, status: { code: 2 }, ended: 1 },
    ])
  })

  it('works with an API that has a tracer and no context', async () => {
    const spans = register()
    delete (globals[API] as Record<string, unknown>)['context']
    await clientWith().users.getUser('user_1')
    expect(spans).toMatchObject([{ ended: 1 }])
  })
})
