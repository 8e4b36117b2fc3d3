import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getEventListeners } from 'node:events'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createClerkClient, type ClerkOptions, type Logger } from '../index.js'
import { user } from '../samples.test-support.js'
import * as errors from './errors.js'
import {
  answer,
  goodAnswer,
  halfBody,
  reset,
  stall,
  stallInBody,
  useMisbehavingServer,
} from './misbehaving-server.test-support.js'

type Log = Logger['info']

const secretKey = 'sk_test_do_not_print_me'
const server = useMisbehavingServer()

/** Pauses are shortest when nothing is random: 125 ms before the first retry. */
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0))
afterEach(() => void vi.useRealTimers())

/** From here on time passes only when a test turns it on: no pause ends and no deadline is missed by itself. */
function stopTime(now?: Date): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'], ...(now ? { now } : {}) })
}

/** Whether a line of the stack is in the client's sources. */
function isSetByTheClient(stack = ''): boolean {
  return stack.split('\n').some((line) => line.includes('/packages/backend/src/') && !line.includes('.test.ts'))
}

describe.each(['node', 'fetch'] as const)('over the transport %s', (transport) => {
  const clientWith = (options: ClerkOptions = {}) =>
    createClerkClient({ secretKey, apiUrl: server.url, transport, ...options })
  const address = { userId: 'user_1', emailAddress: 'ada@example.com' }
  /** A client whose attempts are counted, and whose answers can be waited for. */
  const observed = (options: ClerkOptions = {}) => {
    const attempts = vi.fn<() => void>()
    let onAnswer = () => {}
    const client = clientWith({ ...options, onRequest: attempts, onResponse: () => onAnswer() })
    const nextAnswer = () => new Promise<void>((resolve) => (onAnswer = resolve))
    return { client, attempts, nextAnswer }
  }

  describe('trying again', () => {
    it.each([
      ['a reset', reset],
      ['half a body', halfBody],
      ['408', answer(408)],
      ['429', answer(429)],
      ['500', answer(500)],
      ['502 in HTML', answer(502, '<html>Bad Gateway</html>', { 'content-type': 'text/html' })],
      ['503', answer(503)],
    ])('makes a read outlive %s', async (_name, behaviour) => {
      server.behave(behaviour, goodAnswer)
      await expect(clientWith().users.getUser('user_1')).resolves.toMatchObject({ id: 'user_1' })
      expect(server.requests).toHaveLength(2)
    })

    it.each([
      ['PATCH', (client: ReturnType<typeof clientWith>) => client.users.updateUser('user_1', { firstName: 'Ada' })],
      ['DELETE', (client: ReturnType<typeof clientWith>) => client.users.deleteUser('user_1')],
    ])('is safe for %s, which says the same twice', async (method, write) => {
      server.behave(reset, goodAnswer)
      await write(clientWith())
      expect(server.requests.map((request) => request.method)).toEqual([method, method])
    })

    it.each([
      ['a reset', reset, undefined, 1],
      ['half a body', halfBody, undefined, 1],
      ['503', answer(503), undefined, 1],
      ['503, of a server that did nothing', answer(503, undefined, { 'x-should-retry': 'true' }), undefined, 2],
      ['500, whatever it says of that', answer(500, undefined, { 'x-should-retry': 'true' }), undefined, 1],
      ['408', answer(408), undefined, 1],
      ['429', answer(429), undefined, 2],
      ['a reset, with a key', reset, 'key_1', 2],
      ['503, with a key', answer(503), 'key_1', 2],
    ])(
      'happens to a POST only where it cannot act twice: after %s',
      async (_name, behaviour, idempotencyKey, attempts) => {
        server.behave(behaviour, goodAnswer)
        const client = clientWith()
        const work = idempotencyKey
          ? client.emailAddresses.createEmailAddress(address, { idempotencyKey })
          : client.emailAddresses.createEmailAddress(address)
        const [outcome] = await Promise.allSettled([work])
        expect(outcome!.status).toBe(attempts === 2 ? 'fulfilled' : 'rejected')
        expect(server.requests.map(({ headers }) => headers['idempotency-key'])).toEqual(
          Array(attempts).fill(idempotencyKey),
        )
      },
    )

    it('happens to a POST whose connection was refused', async () => {
      const spare = createServer().listen(0, '127.0.0.1')
      await new Promise((resolve) => spare.once('listening', resolve))
      const { port } = spare.address() as AddressInfo
      await new Promise((resolve) => spare.close(resolve))
      const logger = { error: vi.fn<Log>(), info: vi.fn<Log>(), debug: vi.fn<Log>() }
      const client = clientWith({ apiUrl: `http://127.0.0.1:${port}`, logger, logLevel: 'info' })
      const error = await failure(client.emailAddresses.createEmailAddress(address))
      expect(error).toBeInstanceOf(errors.ConnectionError)
      expect(error.message).toContain(
        `POST /email_addresses failed: No answer from http://127.0.0.1:${port} (ECONNREFUSED)`,
      )
      expect(error.cause).toBeInstanceOf(Error)
      expect(logger.info).toHaveBeenCalledTimes(2)
      expect(logger.error).toHaveBeenCalledTimes(1)
    })

    it.each([
      ['seconds', '2'],
      ['a date', 'Fri, 02 Jan 2026 03:04:07 GMT'],
    ])('waits as long as the server asks, in %s', async (_name, retryAfter) => {
      stopTime(new Date('2026-01-02T03:04:05.000Z'))
      server.behave(answer(429, undefined, { 'retry-after': retryAfter }), goodAnswer)
      const { client, attempts, nextAnswer } = observed()
      const answered = nextAnswer()
      const work = client.users.getUser('user_1')
      await answered
      await vi.advanceTimersByTimeAsync(1999)
      expect(attempts).toHaveBeenCalledTimes(1)
      await vi.advanceTimersByTimeAsync(1)
      expect(attempts).toHaveBeenCalledTimes(2)
      await work
      expect(server.requests).toHaveLength(2)
    })

    it('does not begin a pause that would not end in time', async () => {
      // While time stands still, a pause would never end.
      stopTime()
      server.behave(answer(429, undefined, { 'retry-after': '2' }))
      const error = await failure(clientWith({ timeout: 1000 }).users.getUser('user_1'))
      expect(error).toBeInstanceOf(errors.RateLimitError)
      expect(error).toMatchObject({ retryAfter: 2, message: expect.stringContaining('Try again in 2 s.') })
    })

    it('can be had more or less of, by client and by call', async () => {
      server.behave(answer(500))
      await failure(clientWith({ maxRetries: 0 }).users.getUser('user_1'))
      expect(server.requests).toHaveLength(1)
      await failure(clientWith({ maxRetries: 0 }).users.getUser('user_1', { maxRetries: 1 }))
      expect(server.requests).toHaveLength(3)
      await failure(clientWith().withOptions({ maxRetries: 0 }).users.getUser('user_1'))
      expect(server.requests).toHaveLength(4)
    })
  })

  describe('a deadline', () => {
    it.each([
      ['stalls', stall],
      ['stalls in the body', stallInBody],
    ])('ends a call to a server that %s', async (_name, behaviour) => {
      server.behave(behaviour)
      const error = await failure(clientWith({ timeout: 80 }).users.getUser('user_1'))
      expect(error).toBeInstanceOf(errors.TimeoutError)
      expect(error).toMatchObject({ status: undefined, cause: { name: 'TimeoutError' } })
      expect(error.message).toBe('GET /users/user_1 failed: No answer within 80 ms. Raise "timeout" or check "apiUrl".')
      expect(server.requests).toHaveLength(1)
    })

    it('covers all attempts and pauses together', async () => {
      stopTime()
      server.behave(answer(503))
      const started = performance.now()
      const { client, nextAnswer } = observed({ maxRetries: 100 })
      let answered = nextAnswer()
      const work = failure(client.users.getUser('user_1', { timeout: 500 }))
      for (const pause of [125, 250]) {
        await answered
        answered = nextAnswer()
        await vi.advanceTimersByTimeAsync(pause)
      }
      // The next pause, of 500 ms, would end too late.
      const error = await work
      expect(error).toBeInstanceOf(errors.ServerError)
      expect(performance.now() - started).toBeLessThan(600)
      expect(server.requests.length).toBeGreaterThan(1)
    })

    it('leaves time for another attempt', async () => {
      stopTime()
      server.behave(stall, goodAnswer)
      const work = clientWith().users.getUser('user_1')
      await vi.waitFor(() => expect(server.requests).toHaveLength(1))
      await vi.advanceTimersByTimeAsync(30_000)
      await vi.advanceTimersByTimeAsync(1000)
      vi.useRealTimers()
      await expect(work).resolves.toMatchObject({ id: 'user_1' })
    })

    it.each([
      ['a read', 2, (client: ReturnType<typeof clientWith>) => client.users.getUser('user_1')],
      [
        'a POST, which is sent once',
        1,
        (client: ReturnType<typeof clientWith>) => client.emailAddresses.createEmailAddress(address),
      ],
    ])('is 60 seconds in all by default: %s', async (_name, attempts, call) => {
      stopTime()
      const started = performance.now()
      server.behave(stall)
      const ended = vi.fn<(error: unknown) => void>()
      const work = failure(call(clientWith({ maxRetries: 1 }))).then(ended)
      for (let attempt = 1; attempt <= attempts; attempt++) {
        await vi.waitFor(() => expect(server.requests).toHaveLength(attempt))
        const passed = performance.now() - started
        await vi.advanceTimersByTimeAsync(attempt === attempts ? 59_900 - passed : 30_500)
      }
      expect(ended).not.toHaveBeenCalled()
      await vi.advanceTimersByTimeAsync(100)
      vi.useRealTimers()
      await work
      expect(ended).toHaveBeenCalledWith(expect.any(errors.TimeoutError))
      expect(server.requests).toHaveLength(attempts)
    })

    it('can be done without', async () => {
      await expect(clientWith({ timeout: 0 }).users.getUser('user_1')).resolves.toMatchObject({ id: 'user_1' })
    })
  })

  describe('a signal', () => {
    it.each([
      ['before it is sent', goodAnswer, 0],
      ['while it waits for an answer', stall, 40],
      ['in the middle of the body', stallInBody, 40],
      ['in the pause before a retry', answer(429, undefined, { 'retry-after': '5' }), 40],
    ])('ends a call %s', async (_name, behaviour, delay) => {
      server.behave(behaviour)
      const controller = new AbortController()
      const reason = new Error('changed my mind')
      if (delay > 0) setTimeout(() => controller.abort(reason), delay)
      else controller.abort(reason)
      // Begun before this, the delay is a real one. Nothing but the signal can end the call.
      stopTime()
      await expect(clientWith().users.getUser('user_1', { signal: controller.signal })).rejects.toBe(reason)
      expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    })

    it('keeps no listener and no timer after calls that ended otherwise', async () => {
      const { signal } = new AbortController()
      const client = clientWith({ signal })
      const timers: { hasRef(): boolean; _destroyed: boolean }[] = []
      const setTimer = globalThis.setTimeout
      const set = vi.spyOn(globalThis, 'setTimeout').mockImplementation(((...given: Parameters<typeof setTimeout>) => {
        const timer = setTimer(...given)
        // Other tests of this process have timers too.
        if (isSetByTheClient(new Error('Who sets it').stack)) timers.push(timer as never)
        return timer
      }) as typeof setTimeout)
      server.behave(goodAnswer, reset, goodAnswer, answer(404), answer(429), goodAnswer)
      await client.users.getUser('user_1')
      await client.users.getUser('user_1')
      await failure(client.users.getUser('user_1'))
      await client.users.getUser('user_1')
      expect(getEventListeners(signal, 'abort')).toEqual([])
      expect(timers.length).toBeGreaterThanOrEqual(8)
      // Those of Node's fetch keep no process alive.
      expect(timers.filter((timer) => timer.hasRef() && !timer._destroyed)).toEqual([])
      set.mockRestore()
    })
  })

  describe('an error', () => {
    const reasons = {
      errors: [{ code: 'resource_not_found', message: 'not found', long_message: 'No user was found.' }],
      clerk_trace_id: 'trace_1',
    }

    it.each([
      [400, errors.BadRequestError],
      [401, errors.AuthenticationError],
      [403, errors.PermissionError],
      [404, errors.NotFoundError],
      [409, errors.ConflictError],
      [410, errors.ClerkAPIResponseError],
      [422, errors.ValidationError],
      [429, errors.RateLimitError],
      [500, errors.ServerError],
    ])('of status %i says what failed, where and why, and nothing secret', async (status, ErrorClass) => {
      server.behave(answer(status, reasons))
      const error = await failure(clientWith({ maxRetries: 0 }).users.getUser('user_1'))
      expect(error.constructor).toBe(ErrorClass)
      expect(error).toBeInstanceOf(errors.ClerkAPIResponseError)
      expect(error).toMatchObject({ status, clerkTraceId: 'trace_1', errors: [{ code: 'resource_not_found' }] })
      expect(error.message).toContain(
        `GET /users/user_1 failed with status ${status}: resource_not_found: No user was found.`,
      )
      expect(inspect(error, { depth: null })).not.toContain(secretKey)
    })

    it('of a connection has a cause and nothing secret', async () => {
      server.behave(reset)
      const error = await failure(clientWith({ maxRetries: 0 }).users.getUser('user_1'))
      expect(error).toBeInstanceOf(errors.ConnectionError)
      expect(error.cause).toBeInstanceOf(Error)
      expect(inspect(error, { depth: null })).not.toContain(secretKey)
    })

    it('is made of HTML and of an empty status text too', async () => {
      server.behave((response) => response.writeHead(404, '', { 'content-type': 'text/html' }).end('<html>'))
      const error = await failure(clientWith().users.getUser('user_1'))
      expect(error).toMatchObject({ status: 404, errors: [] })
      // Nothing stands where HTTP/1.1 has words for the status.
      expect(error.message).toMatch(
        /^GET \/users\/user_1 failed with status 404: The answer gives no reason\. Check the ID/,
      )
    })

    it('says that 200 in HTML is not the API', async () => {
      server.behave(answer(200, '<html>', { 'content-type': 'text/html' }))
      const error = await failure(clientWith().users.getUser('user_1'))
      expect(error).toBeInstanceOf(errors.ConnectionError)
      expect(error.message).toContain('text/html, not JSON. Check "apiUrl".')
    })

    it('is no unhandled rejection when nobody waits', async () => {
      const unhandled = vi.fn<() => void>()
      process.on('unhandledRejection', unhandled)
      server.behave(answer(404))
      void clientWith().users.getUser('user_1')
      await vi.waitFor(() => expect(server.requests).toHaveLength(1))
      await new Promise((resolve) => setTimeout(resolve, 50))
      process.off('unhandledRejection', unhandled)
      expect(unhandled).not.toHaveBeenCalled()
    })
  })

  it('an answer is read whatever its charset', async () => {
    const named = JSON.stringify({ ...user, first_name: 'Zoë' })
    server.behave(
      (response) =>
        response
          .writeHead(200, { 'content-type': 'application/json; charset=ISO-8859-1' })
          .end(Buffer.from(named, 'latin1')),
      (response) =>
        response.writeHead(200, { 'content-type': 'application/json; charset="utf-8"' }).end(`\uFEFF${named}`),
    )
    await expect(clientWith().users.getUser('user_1')).resolves.toMatchObject({ firstName: 'Zoë' })
    await expect(clientWith().users.getUser('user_1')).resolves.toMatchObject({ firstName: 'Zoë' })
  })
})

async function failure(work: Promise<unknown>): Promise<errors.ClerkAPIResponseError> {
  return work.then(
    () => expect.unreachable('expected a failure'),
    (error: unknown) => error as errors.ClerkAPIResponseError,
  )
}
