import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../server.test-support.js'

describe.each(dialects)('limits on what people call, on %s', (dialect) => {
  const server = useTestServer(dialect)
  let instances = 0
  const production = () => {
    const frontendHost = `clerk.limits${++instances}.example.com`
    return server.server.createInstance({ environmentType: 'production', frontendHost })
  }

  /** Begins a sign-in, as a program without a page. */
  async function begin(instanceId: string, headers: Record<string, string> = {}, query = '') {
    const url = `http://127.0.0.1:4400/i/${instanceId}/v1/client/sign_ins${query}`
    return server.fetch(url, { method: 'POST', headers })
  }
  async function statuses(count: number, call: () => Promise<Response>) {
    const found: number[] = []
    for (let calls = 0; calls < count; calls++) found.push((await call()).status)
    return found
  }
  const ALLOWED = [200, 200, 200, 200, 200]

  it('are on in production, and say how long to wait', async () => {
    const { id } = await production()
    expect(await statuses(6, () => begin(id))).toEqual([...ALLOWED, 429])
    server.clock.advance(3500)
    const refused = await begin(id)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7'])
    server.clock.advance(6500)
    expect((await begin(id)).status).toBe(200)
  })

  it('are off in development', async () => {
    expect(await statuses(7, () => begin(server.instance.id))).toEqual([...ALLOWED, 200, 200])
  })

  it('do not hold for secret keys', async () => {
    const { secretKey } = await production()
    const calls = Array.from({ length: 1010 }, () => server.call('GET', '/users/count', undefined, { key: secretKey }))
    expect((await Promise.all(calls)).filter(({ status }) => status !== 200)).toEqual([])
  })

  it('can be switched off by a seed', async () => {
    const { id } = await production()
    await server.server.admin.seed(id, { instance: { rate_limits: { people: false } } })
    expect(await statuses(7, () => begin(id))).toEqual([...ALLOWED, 200, 200])
  })

  it('let a testing token of the instance pass, and no other', async () => {
    const { id, secretKey } = await production()
    const tokenOf = async (key?: string) =>
      (await server.call('POST', '/testing_tokens', undefined, key ? { key } : {})).body.token as string
    const token = await tokenOf(secretKey)
    const query = (text: string) => `?__clerk_testing_token=${encodeURIComponent(text)}`
    expect(await statuses(7, () => begin(id, {}, query(token)))).toEqual([...ALLOWED, 200, 200])
    const foreign = query(await tokenOf())
    expect(await statuses(6, () => begin(id, {}, foreign))).toEqual([...ALLOWED, 429])
    server.clock.advance(2 * 60 * 60 * 1000)
    expect(await statuses(6, () => begin(id, {}, query(token)))).toEqual([...ALLOWED, 429])
  })

  it('count each browser behind an application’s proxy by itself, if the proxy has the secret key', async () => {
    const { id, secretKey } = await production()
    const from = (address: string) => ({
      'clerk-proxy-url': 'https://app.example.com/__clerk',
      'clerk-secret-key': secretKey,
      'x-forwarded-for': `${address}, 10.0.0.1`,
    })
    expect(await statuses(6, () => begin(id, from('203.0.113.1')))).toEqual([...ALLOWED, 429])
    expect((await begin(id, from('203.0.113.2'))).status).toBe(200)
    const { 'x-forwarded-for': forwarded } = from('203.0.113.3')
    expect(await statuses(6, () => begin(id, { 'x-forwarded-for': forwarded }))).toEqual([...ALLOWED, 429])
  })
})
