import { createClerkClient } from '@latchkey/backend'
import { describe, expect, it } from 'vitest'
import { createServer } from '../index.js'
import { API_URL, dialects, useTestServer } from '../server.test-support.js'

describe.each(dialects)('rate limits on %s', (dialect) => {
  const server = useTestServer(dialect)
  const switchOn = (id = server.instance.id) =>
    server.server.admin.seed(id, { instance: { rate_limits: { enabled: true } } })
  const createUser = async () => (await server.client.users.createUser({ emailAddress: ['ada@example.com'] })).id
  const many = <T>(count: number, call: () => Promise<T>) => Promise.all(Array.from({ length: count }, call))
  const statuses = async (count: number, call: () => Promise<{ status: number }>) => {
    const counts: Record<number, number> = {}
    for (const { status } of await many(count, call)) counts[status] = (counts[status] ?? 0) + 1
    return counts
  }
  const count = (key?: string) => server.call('GET', '/users/count', undefined, key === undefined ? {} : { key })
  const changeMetadata = (id: string, key?: string) =>
    server.call('PATCH', `/users/${id}/metadata`, { public_metadata: { a: 1 } }, key === undefined ? {} : { key })

  it('are off by default', async () => {
    const id = await createUser()
    expect(await statuses(120, () => count())).toEqual({ 200: 120 })
    expect(await statuses(12, () => changeMetadata(id))).toEqual({ 200: 12 })
    expect(await server.server.database.read.selectFrom('rate_limits').selectAll().execute()).toEqual([])
  })

  it('let a secret key of a development instance call 100 times in 10 seconds', async () => {
    await switchOn()
    expect(await statuses(102, () => count())).toEqual({ 200: 100, 429: 2 })

    server.clock.advance(3500)
    const { status, headers, body } = await server.call('GET', '/users')
    expect({ status, retryAfter: headers.get('retry-after'), errors: body.errors }).toEqual({
      status: 429,
      retryAfter: '7',
      errors: [
        {
          code: 'too_many_requests',
          message: 'Too many requests',
          long_message: 'Too many requests in a short time. Try again in 7 seconds',
        },
      ],
    })
    const { secretKey } = server.instance
    const client = createClerkClient({ secretKey, apiUrl: API_URL, fetch: server.fetch, maxRetries: 0 })
    await expect(client.users.getCount()).rejects.toMatchObject({ status: 429, retryAfter: 7 })

    server.clock.advance(6500)
    expect((await count()).status).toBe(200)
  })

  it('let a secret key of a production instance call 1,000 times in 10 seconds', async () => {
    const live = await server.server.createInstance({
      environmentType: 'production',
      frontendHost: `clerk.${Date.now()}.example.com`,
    })
    await switchOn(live.id)
    expect(await statuses(1001, () => count(live.secretKey))).toEqual({ 200: 1000, 429: 1 })
  })

  it('count each secret key, and each instance, by itself', async () => {
    await switchOn()
    const { secretKey } = await server.server.admin.createKey(server.instance.id, { name: 'other' })
    expect(await statuses(101, () => count())).toEqual({ 200: 100, 429: 1 })
    expect((await count(secretKey)).status).toBe(200)
    const other = await server.server.createInstance()
    expect(await statuses(101, () => count(other.secretKey))).toEqual({ 200: 101 })
  })

  it('let data and metadata of one user change 10 times in 10 seconds, by whichever of the three operations', async () => {
    const id = await createUser()
    const { secretKey } = await server.server.admin.createKey(server.instance.id, { name: 'other' })
    await switchOn()
    expect(await statuses(4, () => changeMetadata(id))).toEqual({ 200: 4 })
    expect(await statuses(3, () => server.call('PUT', `/users/${id}/metadata`, { public_metadata: { b: 1 } }))).toEqual(
      { 200: 3 },
    )
    expect(await statuses(4, () => server.call('PATCH', `/users/${id}`, { first_name: 'Ada' }))).toEqual({
      200: 3,
      429: 1,
    })
    // The user is what is counted, whoever calls; what does not change data is not.
    expect((await changeMetadata(id, secretKey)).status).toBe(429)
    expect((await server.call('GET', `/users/${id}`)).status).toBe(200)
    const other = await server.client.users.createUser({ emailAddress: ['grace@example.com'] })
    expect((await changeMetadata(other.id)).status).toBe(200)

    server.clock.advance(10_000)
    expect((await changeMetadata(id)).status).toBe(200)
  })

  it("do not let an instance use up the changes of another instance's user", async () => {
    const id = await createUser()
    await switchOn()
    const other = await server.server.createInstance()
    await switchOn(other.id)
    expect(await statuses(11, () => changeMetadata(id, other.secretKey))).toEqual({ 404: 10, 429: 1 })
    expect((await changeMetadata(id)).status).toBe(200)
  })

  it('hold for an id of any length and any text', async () => {
    await switchOn()
    for (const id of ['%00', 'x'.repeat(6000), '%F0%9D%92%B3'])
      expect((await changeMetadata(id)).status).toBeLessThan(429)
  })

  it('never hold for the key set', async () => {
    await switchOn()
    expect(await statuses(101, () => count())).toEqual({ 200: 100, 429: 1 })
    expect(await statuses(101, () => server.call('GET', '/jwks'))).toEqual({ 200: 101 })
  })

  it('do not count what comes without a valid key', async () => {
    await switchOn()
    expect(await statuses(101, () => count('sk_test_unknown'))).toEqual({ 401: 101 })
    expect((await count()).status).toBe(200)
  })

  it('are switched off again at once', async () => {
    await switchOn()
    expect(await statuses(101, () => count())).toEqual({ 200: 100, 429: 1 })
    await server.server.admin.seed(server.instance.id, { instance: { rate_limits: { enabled: false } } })
    expect((await count()).status).toBe(200)
  })
})

describe('a server behind a proxy that it does not know', () => {
  const warnings: string[] = []
  const logger = {
    debug() {},
    info() {},
    warn: (_: object, message: string) => void warnings.push(message),
    error() {},
  }
  const server = useTestServer('sqlite', { logger })

  it('says so once', async () => {
    for (const visitor of ['198.51.100.7', '198.51.100.8']) {
      const request = new Request(`${API_URL}/v1/users`, { headers: { 'x-forwarded-for': visitor } })
      await server.server.fetch(request, { remoteAddress: '172.17.0.1' })
    }
    expect(warnings).toEqual([expect.stringMatching(/^X-Forwarded-For is ignored/)])
  })
})

describe('a server', () => {
  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'is not opened to keep its audit trail %f days',
    async (days) => {
      await expect(createServer({ auditRetentionDays: days })).rejects.toThrow(
        `"auditRetentionDays" must be a whole number of days from 1 on, got ${days}`,
      )
    },
  )
})
