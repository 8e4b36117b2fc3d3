import { describe, expect, it } from 'vitest'
import { API_URL, dialects, useTestServer } from '../../server.test-support.js'

const HOUR = 60 * 60 * 1000
const APP_URL = 'https://app.example.com/hooks'

describe.each(dialects)('the application that holds webhook endpoints, on %s', (dialect) => {
  const server = useTestServer(dialect)

  const ask = async (
    path: string,
    { token, body, method = body ? 'POST' : 'GET' }: { token?: string; body?: object; method?: string },
  ) => {
    const response = await server.fetch(`${API_URL}/api/v1${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await response.text()
    return { status: response.status, body: (text ? JSON.parse(text) : null) as never as Record<string, never> }
  }

  /** What stands behind `#key=`. */
  const keyIn = (url: string) => {
    expect(url.startsWith(`${API_URL}/login#key=`)).toBe(true)
    return JSON.parse(Buffer.from(url.split('#key=')[1]!, 'base64url').toString()) as {
      appId: string
      oneTimeToken: string
      region: string
    }
  }
  const exchange = (oneTimeToken: string) => ask('/auth/one-time-token', { body: { oneTimeToken } })
  const openPage = async (url: string) => {
    const { appId, oneTimeToken } = keyIn(url)
    return { appId, token: String((await exchange(oneTimeToken)).body['token']) }
  }
  const endpoints = ({ appId, token }: { appId: string; token: string }, body?: object) =>
    ask(`/app/${appId}/endpoint`, { token, ...(body ? { body } : {}) })

  it('is made once, and linked to as often as asked', async () => {
    const { svix_url: first } = await server.client.webhooks.createSvixApp()
    expect(keyIn(first)).toMatchObject({ appId: expect.stringMatching(/^app_/), region: 'self' })
    await expect(server.client.webhooks.createSvixApp()).rejects.toMatchObject({
      status: 400,
      errors: [{ code: 'svix_app_exists' }],
    })
    const { svix_url: second } = await server.client.webhooks.generateSvixAuthURL()
    expect(second).not.toBe(first)
    const audited = await server.server.admin.listAudit(server.instance.id, {}, { limit: 50 })
    expect(audited.filter(({ action }) => action === 'webhook_application.created')).toHaveLength(1)
  })

  it('is missing before it is made, and after it was deleted', async () => {
    const missing = { status: 400, errors: [{ code: 'svix_app_missing' }] }
    await expect(server.client.webhooks.generateSvixAuthURL()).rejects.toMatchObject(missing)
    await expect(server.client.webhooks.deleteSvixApp()).rejects.toMatchObject(missing)
    await server.client.webhooks.createSvixApp()
    await server.client.webhooks.deleteSvixApp()
    await expect(server.client.webhooks.deleteSvixApp()).rejects.toMatchObject(missing)
    await server.client.webhooks.createSvixApp()
  })

  it('is made once by 64 who ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 64 }, () => server.call('POST', '/webhooks/svix')))
    const count = (status: number) => answers.filter((answer) => answer.status === status).length
    expect([count(200), count(400)]).toEqual([1, 63])
  })

  it('is there for whoever has an endpoint already', async () => {
    const webhooks = await server.server.admin.webhooks(server.instance.id)
    await webhooks.add({ url: 'http://10.0.0.1:3000/hooks' })
    await expect(server.client.webhooks.createSvixApp()).rejects.toMatchObject({
      errors: [{ code: 'svix_app_exists' }],
    })
    await server.client.webhooks.generateSvixAuthURL()
  })

  it('takes its endpoints, and whoever has its page open, with it', async () => {
    const page = await openPage((await server.client.webhooks.createSvixApp()).svix_url)
    expect((await endpoints(page, { url: APP_URL })).status).toBe(201)
    const unopened = keyIn((await server.client.webhooks.generateSvixAuthURL()).svix_url)
    await server.client.webhooks.deleteSvixApp()
    expect((await endpoints(page)).status).toBe(401)
    expect(await (await server.server.admin.webhooks(server.instance.id)).list()).toEqual([])
    await server.client.webhooks.createSvixApp()
    expect((await endpoints(page)).status).toBe(401)
    const late = await exchange(unopened.oneTimeToken)
    expect((await endpoints({ appId: page.appId, token: String(late.body['token']) })).status).toBe(401)
  })

  it('opens its page once for each link, also when 64 ask at once', async () => {
    const { oneTimeToken } = keyIn((await server.client.webhooks.createSvixApp()).svix_url)
    const answers = await Promise.all(Array.from({ length: 64 }, () => exchange(oneTimeToken)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(63)
  })

  it('opens its page for an hour, and for half a day once it is open', async () => {
    const { svix_url: url } = await server.client.webhooks.createSvixApp()
    server.clock.advance(HOUR - 1)
    const page = await openPage(url)
    expect((await endpoints(page)).status).toBe(200)
    server.clock.advance(12 * HOUR)
    expect((await endpoints(page)).status).toBe(401)
    const { oneTimeToken } = keyIn((await server.client.webhooks.generateSvixAuthURL()).svix_url)
    server.clock.advance(HOUR)
    expect((await exchange(oneTimeToken)).status).toBe(401)
  })

  it('shows the endpoints of its own instance only', async () => {
    const page = await openPage((await server.client.webhooks.createSvixApp()).svix_url)
    const other = await server.newInstance()
    const made = await server.call('POST', '/webhooks/svix', undefined, { key: other.secretKey })
    const { appId } = keyIn(String(made.body['svix_url']))
    expect((await endpoints({ ...page, appId })).status).toBe(404)
    const [, rest] = page.token.split(/\.(.*)/s)
    expect((await endpoints({ appId, token: `whp_${other.id}.${rest}` })).status).toBe(401)
  })

  it('lets whoever came by a link add public addresses only', async () => {
    const page = await openPage((await server.client.webhooks.createSvixApp()).svix_url)
    for (const url of ['http://10.0.0.1/hooks', 'https://192.168.1.7/hooks', 'http://app.example.com/hooks']) {
      expect(await endpoints(page, { url })).toMatchObject({
        status: 422,
        body: { detail: [{ loc: ['body', 'url'] }] },
      })
    }
    const { body } = await endpoints(page, { url: APP_URL })
    const [entry] = await server.server.admin.latestAudit(server.instance.id, { targetId: String(body['id']) }, 1)
    expect(entry).toMatchObject({ action: 'webhook_endpoint.created', actorId: 'webhook page' })
  })

  it('lets nobody who came by a link have secret headers sent to another receiver', async () => {
    const headers = { authorization: 'Bearer internal', 'x-shop': 'berlin' }
    const webhooks = await server.server.admin.webhooks(server.instance.id)
    const { endpoint } = await webhooks.add({ url: 'https://hooks.example.com/a', headers })
    const page = await openPage((await server.client.webhooks.generateSvixAuthURL()).svix_url)
    const lead = (url: string, token = page.token) =>
      ask(`/app/${page.appId}/endpoint/${endpoint.id}`, { token, body: { url }, method: 'PATCH' })
    const kept = async () =>
      (await ask(`/app/${page.appId}/endpoint/${endpoint.id}/headers`, { token: page.token })).body
    expect((await lead('https://hooks.example.com/b')).status).toBe(200)
    expect(await kept()).toEqual({ headers: { 'x-shop': 'berlin' }, sensitive: ['authorization'] })
    expect((await lead('https://new.example.com/b', server.instance.secretKey)).status).toBe(200)
    expect(await kept()).toMatchObject({ sensitive: ['authorization'] })
    expect((await lead('https://elsewhere.example.com/b')).status).toBe(200)
    expect(await kept()).toEqual({ headers: { 'x-shop': 'berlin' }, sensitive: [] })
  })

  it('refuses a token that says it may do more than it was given for', async () => {
    const page = await openPage((await server.client.webhooks.createSvixApp()).svix_url)
    const raised = { ...page, token: page.token.replace('.portal.', '.operator.') }
    const longer = { ...page, token: page.token.replace(/\.\d{13}\./, '.9999999999999.') }
    for (const forged of [raised, longer]) expect((await endpoints(forged)).status).toBe(401)
  })

  it.each(['', 'x', '.', 'ins_x.y', 'whp_', 'a'.repeat(5000)])('exchanges nothing for %j', async (oneTimeToken) => {
    expect((await exchange(oneTimeToken)).status).toBe(401)
  })

  it('wants the token by its name', async () => {
    expect(await ask('/auth/one-time-token', { body: { token: 'x' } })).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['body', 'oneTimeToken'] }] },
    })
  })
})
