import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { backendEndpoints } from '../../packages/server/src/compose/endpoints.js'
import type { Endpoint } from '../../packages/server/src/http/endpoint.js'
import { API_URL, dialects, useTestServer } from '../../packages/server/src/server.test-support.js'

/** Requests per endpoint and kind of input. */
const RUNS = 40

/** Values that break programs: wrong types, limits, text that is no text. */
const nasty = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    0,
    -1,
    1e308,
    2 ** 53,
    true,
    [],
    {},
    [[]],
    [null],
    '\0',
    '\ud800',
    '\u202e',
    "' or 1=1 --",
    '%00',
    '../../etc/passwd',
    '__proto__',
    'constructor',
    'x'.repeat(5000),
    '𝒳'.repeat(300),
    'ß',
    'İ',
    'ﬁ',
    '1e400',
    'NaN',
  ),
  fc.string({ unit: 'binary' }),
  fc.jsonValue({ maxDepth: 3 }),
  fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }),
)

/** Half a surrogate pair cannot be in a URL. */
const wellFormed = (text: string) => text.replace(/\p{Surrogate}/gu, '\uFFFD')

describe.each(dialects)('bad input on %s', (dialect) => {
  const server = useTestServer(dialect)
  let ids: Record<string, string>

  beforeEach(async () => {
    const user = await server.client.users.createUser({
      emailAddress: ['ada@example.com'],
      phoneNumber: ['+14155552671'],
      password: 'analytical engine',
    })
    const session = await server.client.sessions.createSession({ userId: user.id })
    ids = {
      user_id: user.id,
      email_address_id: user.emailAddresses[0]!.id,
      phone_number_id: user.phoneNumbers[0]!.id,
      session_id: session.id,
      client_id: session.clientId,
    }
  })

  const known = (endpoint: Endpoint) =>
    endpoint.path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? `${name}_unknown`)
  const send = (endpoint: Endpoint, path: string, init: { body?: string; type?: string } = {}) =>
    server.fetch(`${API_URL}/v1${path}`, {
      method: endpoint.method,
      headers: {
        authorization: `Bearer ${server.instance.secretKey}`,
        'clerk-api-version': '2026-05-12',
        'content-type': init.type ?? 'application/json',
      },
      ...(init.body === undefined || endpoint.method === 'GET' ? {} : { body: init.body }),
    })

  /** Never a fault of ours; what is refused has a code, a sentence and changes nothing. */
  async function check(response: Response, eventsBefore: number): Promise<number> {
    expect(response.status).toBeLessThan(500)
    const events = await countEvents()
    if (response.status >= 400) {
      const { errors } = (await response.json()) as {
        errors: { code: string; message: string; long_message: string }[]
      }
      expect(errors.length).toBeGreaterThan(0)
      for (const error of errors)
        expect(error).toMatchObject({
          code: expect.stringMatching(/^[a-z_0-9]+$/),
          message: expect.any(String),
          long_message: expect.any(String),
        })
      expect(events).toBe(eventsBefore)
    }
    return events
  }

  async function countEvents(): Promise<number> {
    const row = await server.server.database.read
      .selectFrom('events')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    return Number(row.count)
  }

  /** Object ids are left alone, so that most requests get past them to the parameters. */
  it.each(
    backendEndpoints
      .filter(({ path }) => !path.includes('verify_'))
      .map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const),
  )('%s answers any parameters with an error or does what they say', { timeout: 120_000 }, async (_, endpoint) => {
    const names = [...endpoint.bodyFields.keys()]
    const queryNames = [...endpoint.queryFields.keys()]
    let events = await countEvents()
    if (names.length > 0) {
      const bodies = fc.dictionary(
        fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: fc.string() }),
        nasty,
        { maxKeys: 4 },
      )
      await fc.assert(
        fc.asyncProperty(
          bodies,
          async (body) =>
            void (events = await check(await send(endpoint, known(endpoint), { body: JSON.stringify(body) }), events)),
        ),
        { numRuns: RUNS },
      )
      const forms = fc.array(fc.tuple(fc.constantFrom(...names), fc.string({ unit: 'grapheme' })), { maxLength: 4 })
      await fc.assert(
        fc.asyncProperty(
          forms,
          async (form) =>
            void (events = await check(
              await send(endpoint, known(endpoint), {
                body: new URLSearchParams(form).toString(),
                type: 'application/x-www-form-urlencoded',
              }),
              events,
            )),
        ),
        { numRuns: RUNS / 2 },
      )
    }
    if (queryNames.length > 0) {
      const queries = fc.array(
        fc.tuple(
          fc.constantFrom(...queryNames),
          fc.oneof(
            fc.string({ unit: 'binary' }),
            fc.integer().map(String),
            fc.constantFrom('true', '-created_at', 'NaN', '1e9', '9'.repeat(30), '\0'),
          ),
        ),
        { maxLength: 4 },
      )
      await fc.assert(
        fc.asyncProperty(queries, async (query) => {
          const text = query.map(([name, value]) => `${name}=${encodeURIComponent(wellFormed(value))}`).join('&')
          events = await check(await send(endpoint, `${known(endpoint)}?${text}`), events)
        }),
        { numRuns: RUNS },
      )
    }
    const segments = fc.string({ unit: 'binary', minLength: 1 }).map((text) => encodeURIComponent(wellFormed(text)))
    if (endpoint.path.includes(':')) {
      await fc.assert(
        fc.asyncProperty(
          segments,
          async (segment) =>
            void (events = await check(
              await send(endpoint, endpoint.path.replace(/:\w+/g, segment), { body: '{}' }),
              events,
            )),
        ),
        { numRuns: RUNS / 2 },
      )
    }
    await fc.assert(
      fc.asyncProperty(
        fc.string(),
        async (body) => void (events = await check(await send(endpoint, known(endpoint), { body }), events)),
      ),
      { numRuns: RUNS / 2 },
    )
  })
})
