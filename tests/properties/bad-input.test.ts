import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backendEndpoints } from '../../packages/server/src/compose/endpoints.js'
import type { Endpoint } from '../../packages/server/src/http/endpoint.js'
import type { CreatedInstance } from '../../packages/server/src/index.js'
import { API_URL, dialects, useTestServer } from '../../packages/server/src/server.test-support.js'
import { fill, isKnown, parametersOf, pathToRow } from './path-parameters.test-support.js'

/** Requests per endpoint and kind of input. The databases differ in what they keep, the rest is the same code. */
const RUNS = { sqlite: 20, postgres: 10 }

type AnyEndpoint = Pick<Endpoint, 'method' | 'path'>

const named = backendEndpoints.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const)

it.each(named.filter(([, { path }]) => parametersOf(path).length > 0))(
  'a row is known for each parameter of %s',
  (_, { path }) => {
    expect(parametersOf(path).filter((parameter) => !isKnown(parameter))).toEqual([])
  },
)

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
  const runs = RUNS[dialect]
  let lastEvent = 0
  /** What every reading is done in: it changes nothing. */
  let readers: CreatedInstance | undefined
  /** The path of the endpoint, with what is there in place of its parameters. */
  let path = ''

  /** Begins with one of everything: in the test's new instance, or where all readings are done. */
  async function begin(endpoint: AnyEndpoint): Promise<void> {
    const isReading = endpoint.method === 'GET'
    if (isReading && readers) server.instance = readers
    else await fill(server)
    if (isReading) readers = server.instance
    path = await pathToRow(server, endpoint.path)
    lastEvent = await newestEvent()
  }

  const send = (endpoint: AnyEndpoint, to: string, init: { body?: string; type?: string }) =>
    server.fetch(`${API_URL}/v1${to}`, {
      method: endpoint.method,
      headers: {
        authorization: `Bearer ${server.instance.secretKey}`,
        'clerk-api-version': '2026-05-12',
        'content-type': init.type ?? 'application/json',
      },
      ...(init.body === undefined || endpoint.method === 'GET' ? {} : { body: init.body }),
    })

  /** Sends a request: never a fault of ours; what is refused has a code, a sentence and changes nothing. */
  async function attempt(
    endpoint: AnyEndpoint,
    to: string,
    init: { body?: string; type?: string } = {},
  ): Promise<number> {
    const response = await send(endpoint, to, init)
    expect(response.status).toBeLessThan(500)
    const before = lastEvent
    lastEvent = await newestEvent()
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
      // Wrong passwords and codes are counted, and the last one locks the user.
      if (!endpoint.path.includes('verify_')) expect(lastEvent).toBe(before)
    } else if (endpoint.method === 'DELETE') {
      server.instance = await server.newInstance()
      await begin(endpoint)
    }
    return response.status
  }

  /** Of any instance. Each event has a larger number than those before it. */
  async function newestEvent(): Promise<number> {
    const row = await server.server.database.read
      .selectFrom('events')
      .select((eb) => eb.fn.max('sequence').as('sequence'))
      .executeTakeFirstOrThrow()
    return Number(row.sequence)
  }

  /** Object ids are left alone, so that most requests get past them to the parameters. */
  it.each(named)('%s answers any parameters with an error or does what they say', async (_, endpoint) => {
    const names = [...endpoint.bodyFields.keys()]
    const queryNames = [...endpoint.queryFields.keys()]
    await begin(endpoint)
    // What follows is about the rules behind the look-up of what the path names.
    if (parametersOf(endpoint.path).length > 0) expect(await attempt(endpoint, path, { body: '{}' })).not.toBe(404)
    if (names.length > 0) {
      const bodies = fc.dictionary(
        fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: fc.string() }),
        nasty,
        { maxKeys: 4 },
      )
      await fc.assert(
        fc.asyncProperty(bodies, async (body) => void (await attempt(endpoint, path, { body: JSON.stringify(body) }))),
        { numRuns: runs },
      )
      const forms = fc.array(fc.tuple(fc.constantFrom(...names), fc.string({ unit: 'grapheme' })), { maxLength: 4 })
      await fc.assert(
        fc.asyncProperty(forms, async (form) => {
          const body = new URLSearchParams(form).toString()
          await attempt(endpoint, path, { body, type: 'application/x-www-form-urlencoded' })
        }),
        { numRuns: runs / 2 },
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
          await attempt(endpoint, `${path}?${text}`)
        }),
        { numRuns: runs },
      )
    }
    if (parametersOf(endpoint.path).length > 0) {
      const segments = fc.string({ unit: 'binary', minLength: 1 }).map((text) => encodeURIComponent(wellFormed(text)))
      await fc.assert(
        fc.asyncProperty(
          segments,
          async (segment) => void (await attempt(endpoint, endpoint.path.replace(/:\w+/g, segment), { body: '{}' })),
        ),
        { numRuns: runs / 2 },
      )
    }
    // What was deleted has to be made anew each time, and a DELETE reads no body.
    await fc.assert(
      fc.asyncProperty(fc.string(), async (body) => void (await attempt(endpoint, path, { body }))),
      { numRuns: endpoint.method === 'DELETE' ? 2 : runs / 2 },
    )
  })
})
