import { describe, expect, it } from 'vitest'
import { callFrontend, openBrowser, openProductionBrowser } from '../../browser.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'

const DAY = 24 * 60 * 60 * 1000

describe.each(dialects)('a browser on %s', (dialect) => {
  const server = useTestServer(dialect)
  const inProduction = async () => {
    const frontendHost = `clerk.${server.instance.id.toLowerCase().replaceAll('_', '-')}.example`
    server.instance = await server.newInstance({ environmentType: 'production', frontendHost })
    return server.instance
  }

  it('gets the environment, a token, and a client without sessions', async () => {
    const environment = await callFrontend(server, 'GET /environment')
    expect(environment.body).toMatchObject({
      auth_config: { email_address: 'required', password: 'required', test_mode: true },
      display_config: { instance_environment_type: 'development' },
    })
    const browser = await openBrowser(server)
    const { body } = await browser.call('GET /client')
    expect(body.response).toMatchObject({ object: 'client', sessions: [], sign_in: null, last_active_session_id: null })
    expect(body.client).toEqual(body.response)
  })

  it('in development is where its page is, and its token is not stored', async () => {
    const browser = await openBrowser(server, 'http://127.0.0.1:5173')
    const { body } = await browser.call('PATCH /environment')
    expect(body.display_config).toMatchObject({
      home_url: 'http://127.0.0.1:5173',
      sign_in_url: `${server.instance.frontendApiUrl}/sign-in`,
    })
    const rows = await server.server.database.read.selectFrom('clients').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(browser.token)
  })

  it('with the token of another instance or none that exists gets another one', async () => {
    const browser = await openBrowser(server)
    const other = await server.newInstance()
    const refused = { status: 401, body: { errors: [{ code: 'dev_browser_unauthenticated' }] } }
    server.instance = other
    expect(await browser.call('GET /client')).toMatchObject(refused)
    expect(await callFrontend(server, 'GET /client', { query: { __clerk_db_jwt: 'dvb_x' } })).toMatchObject(refused)
  })

  it('that nothing is stored of is null, and gets no cookie', async () => {
    const answer = await callFrontend(server, 'GET /client')
    expect(answer.body).toEqual({ response: null, client: null })
    expect(answer.headers.getSetCookie()).toEqual([])
  })

  it('in production is known by its cookie, which nobody else may read, and its server by another', async () => {
    const { id } = await inProduction()
    const browser = openProductionBrowser(server)
    const origin = `https://${server.instance.frontendHost.replace('clerk.', '')}`
    const created = await browser.call('POST /client', { headers: { origin } })
    const lines = created.headers.getSetCookie()
    expect(lines.at(-1)).toMatch(
      new RegExp(`^__client=[\\w.-]+; Path=/i/${id}; Max-Age=34560000; HttpOnly; SameSite=Lax$`),
    )
    expect(lines.slice(0, -1).map((line) => line.replace(/uat_[\w-]{8}=/, 'uat_suffix='))).toMatchObject([
      expect.stringMatching(/^__client_uat=0; Path=\/; Domain=api.test; Max-Age=315360000; SameSite=Lax$/),
      expect.stringMatching(/^__client_uat_suffix=0; /),
    ])
    const { body, headers } = await browser.call('GET /client', { headers: { origin } })
    expect(body.response.id).toBe(created.body.response.id)
    expect(body.response.cookie_expires_at).toBeGreaterThan(server.clock.now())
    expect(headers.getSetCookie()).toEqual([])
  })

  it('signs out to another cookie; a copy of the one before is soon worth nothing', async () => {
    await inProduction()
    const browser = openProductionBrowser(server)
    const headers = { origin: `https://${server.instance.frontendHost.replace('clerk.', '')}` }
    const { body: created } = await browser.call('POST /client', { headers })
    const stolen = browser.jar['__client']!
    await browser.call('DELETE /client', { headers })

    expect(browser.jar['__client']).not.toBe(stolen)
    const withStolen = () =>
      callFrontend(server, 'GET /client', { headers: { ...headers, cookie: `__client=${stolen}` } })
    expect((await withStolen()).body.response.id).toBe(created.response.id)
    server.clock.advance(10_001)
    expect((await withStolen()).body.response).toBeNull()
    expect((await browser.call('GET /client', { headers })).body.response.id).toBe(created.response.id)
  })

  const signedIn = async () => {
    const { id } = await inProduction()
    const origin = `https://${server.instance.frontendHost.replace('clerk.', '')}`
    const headers = { origin }
    await server.call('POST', '/users', { email_address: ['ada@example.com'], password: 'analytical engine' })
    const browser = openProductionBrowser(server)
    const form = { identifier: 'ada@example.com', password: 'analytical engine' }
    const { body } = await browser.call('POST /client/sign_ins', { headers, form })
    return {
      session: body.response.created_session_id as string,
      asks: async () => (await browser.call('GET /client', { headers })).body.response?.sessions?.length,
      mint: (id: string) => browser.call(`POST /client/sessions/${id}/tokens`, { headers }),
      rotate: (options?: object) => server.server.admin.rotateSigningKey(id, options),
      cookie: `__client=${browser.jar['__client']}`,
      origin,
    }
  }

  it('stays signed in through new signing keys, for as long as the browser keeps the cookie', async () => {
    const { asks, mint, rotate, session } = await signedIn()
    for (const days of [2, 2]) {
      await rotate()
      server.clock.advance(days * DAY)
      expect(await asks()).toBe(1)
    }
    expect(await mint(session)).toMatchObject({ status: 200, body: { jwt: expect.any(String) } })

    server.clock.advance(400 * DAY)
    expect(await asks()).toBeUndefined()
  })

  it('is signed out with tokens of a key that others may have, also of one from before', async () => {
    const { asks, rotate } = await signedIn()
    await rotate()
    server.clock.advance(2 * DAY)
    await rotate({ publishSeconds: null, overlapSeconds: 60 })
    server.clock.advance(59_000)
    expect(await asks()).toBe(1)
    server.clock.advance(DAY)
    expect(await asks()).toBeUndefined()
  })

  it('is known although a key of long ago cannot be opened any more', async () => {
    const { asks, rotate } = await signedIn()
    await rotate()
    server.clock.advance(2 * DAY)
    await server.server.database.transaction((tx) =>
      tx
        .updateTable('signing_keys')
        .set({ private_key: 'lost' })
        .where('instance_id', '=', server.instance.id)
        .where('retired_at', 'is not', null)
        .execute(),
    )
    await new Promise((resolve) => setTimeout(resolve, 1001))
    const response = await callFrontend(server, 'GET /client', { headers: { cookie: '__client=x' } })
    expect(response).toMatchObject({ status: 200, body: { response: null } })
    // It was opened before it was lost.
    expect(await asks()).toBe(1)
  })

  it('gets no token of a session that is revoked while the body of its request is on the way', async () => {
    const { session, cookie, origin } = await signedIn()
    let send: (text: string) => void = () => {}
    const body = new ReadableStream({
      start: (controller) => {
        send = (text) => {
          controller.enqueue(new TextEncoder().encode(text))
          controller.close()
        }
      },
    })
    const url = `http://127.0.0.1:4400/i/${server.instance.id}/v1/client/sessions/${session}/tokens`
    const headers = { origin, cookie, 'content-type': 'application/x-www-form-urlencoded' }
    const answer = server.fetch(url, { method: 'POST', headers, body, duplex: 'half' } as RequestInit)
    await server.call('POST', `/sessions/${session}/revoke`)
    await new Promise((resolve) => setTimeout(resolve, 1001))
    send('organization_id=')
    expect((await answer).status).toBe(404)
  })

  it('gets no token of a session that another browser has, or that is none', async () => {
    await inProduction()
    const headers = { origin: `https://${server.instance.frontendHost.replace('clerk.', '')}` }
    await server.call('POST', '/users', { email_address: ['ada@example.com'], password: 'analytical engine' })
    const [mine, yours] = [openProductionBrowser(server), openProductionBrowser(server)]
    const sessions: string[] = []
    for (const browser of [mine, yours]) {
      const form = { identifier: 'ada@example.com', password: 'analytical engine' }
      const { body } = await browser.call('POST /client/sign_ins', { headers, form })
      sessions.push(body.response.created_session_id)
    }
    const mint = (id: string, query = {}) => mine.call(`POST /client/sessions/${id}/tokens`, { headers, query })
    expect((await mint(sessions[0]!)).status).toBe(200)
    expect((await mint(sessions[0]!, { _clerk_session_id: sessions[1]! })).status).toBe(200)
    for (const id of [sessions[1]!, 'sess_none'])
      expect(await mint(id, { _clerk_session_id: sessions[0]! })).toMatchObject({ status: 404 })
    expect((await mint('sess_%00')).status).toBe(422)
    const me = await mine.call('GET /me', { headers, query: { _clerk_session_id: sessions[1]! } })
    expect(me).toMatchObject({ status: 401, body: { errors: [{ code: 'signed_out' }] } })
  })

  it('is not let in by a token of another kind, or a cookie of another instance', async () => {
    await inProduction()
    const headers = { origin: `https://${server.instance.frontendHost.replace('clerk.', '')}` }
    const browser = openProductionBrowser(server)
    await browser.call('POST /client', { headers })
    const cookie = `__client=${browser.jar['__client']}`
    await inProduction()
    const other = { origin: `https://${server.instance.frontendHost.replace('clerk.', '')}`, cookie }
    const answer = await callFrontend(server, 'GET /client', { headers: other })
    expect(answer.body.response).toBeNull()
    expect(answer.headers.getSetCookie()).toEqual([expect.stringMatching(/^__client=; .*Max-Age=0/)])
  })

  it.each(['http://localhost:3000', 'http://app.localhost', 'http://127.0.0.1:8080', 'http://[::1]:3000'])(
    'in development may be at %s, whose page may read the answer and the headers that it needs (mistake 25)',
    async (origin) => {
      const answer = await callFrontend(server, 'GET /client', { headers: { origin } })
      expect(answer.status).toBe(200)
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
      expect(answer.headers.get('access-control-allow-credentials')).toBe('true')
      expect(answer.headers.get('access-control-expose-headers')).toContain('Clerk-Db-Jwt')
    },
  )

  it.each([
    'https://evil.example',
    'http://localhost.evil.example',
    'http://evil-localhost',
    'null',
    'http://192.168.1.7:3000',
  ])('is refused at %s, with an answer that the page can read', async (origin) => {
    const answer = await callFrontend(server, 'POST /client', { headers: { origin } })
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ code: 'origin_invalid' }] } })
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
  })

  it('in production is refused at other domains, and without TLS', async () => {
    await inProduction()
    const domain = server.instance.frontendHost.replace('clerk.', '')
    const at = async (origin: string) => (await callFrontend(server, 'GET /client', { headers: { origin } })).status
    expect(await at(`https://${domain}`)).toBe(200)
    expect(await at(`https://app.${domain}`)).toBe(200)
    expect(await at(`http://${domain}`)).toBe(400)
    expect(await at(`https://evil${domain}`)).toBe(400)
    expect(await at('http://localhost:3000')).toBe(400)
  })

  it('is taken at satellites and what is below them, as hosted pages lead there', async () => {
    await inProduction()
    const name = `sat-${server.instance.frontendHost.replace('clerk.', '')}`
    const { status } = await server.call('POST', '/domains', { name, is_satellite: true })
    expect(status).toBe(200)
    const at = async (origin: string) => (await callFrontend(server, 'GET /client', { headers: { origin } })).status
    expect(await at(`https://${name}`)).toBe(200)
    expect(await at(`https://shop.${name}`)).toBe(200)
    expect(await at(`http://${name}`)).toBe(400)
    expect(await at(`https://evil${name}`)).toBe(400)
    expect(await at(`https://${name}:8443`)).toBe(400)
  })

  it('behind a proxy that says nothing of itself is at the page that its browser names', async () => {
    await server.client.users.createUser({ emailAddress: ['ada@example.com'], password: 'analytical engine' })
    const browser = await openBrowser(server)
    const form = { identifier: 'ada@example.com', password: 'analytical engine' }
    const page = 'http://localhost:5173'
    await browser.call('POST /client/sign_ins', { form, headers: { origin: page } })
    const azpOf = async (headers: Record<string, string>) => {
      const { status, body } = await callFrontend(server, 'GET /client', {
        query: { __clerk_db_jwt: browser.token },
        headers,
      })
      if (status !== 200) return status
      const [, claims = ''] = body.response.sessions[0].last_active_token.jwt.split('.')
      return JSON.parse(Buffer.from(claims, 'base64url').toString()).azp
    }
    const referer = `${page}/notes?x=1`
    expect(await azpOf({ 'sec-fetch-site': 'same-origin', referer })).toBe(page)
    expect(await azpOf({ 'sec-fetch-site': 'cross-site', referer })).toBeUndefined()
    expect(await azpOf({ referer })).toBeUndefined()
    expect(await azpOf({ 'sec-fetch-site': 'same-origin' })).toBeUndefined()
    expect(await azpOf({ 'sec-fetch-site': 'same-origin', referer, origin: 'http://localhost:3000' })).toBe(
      'http://localhost:3000',
    )
    // A page there is refused when it posts, too.
    expect(await azpOf({ 'sec-fetch-site': 'same-origin', referer: 'https://evil.example/' })).toBe(400)
  })

  it('asks before it sends, and is answered', async () => {
    const answer = await server.fetch(`${server.instance.frontendApiUrl}/v1/client`, {
      method: 'OPTIONS',
      headers: { origin: 'http://localhost:3000', 'access-control-request-method': 'POST' },
    })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-methods')).toContain('DELETE')
  })

  it.each(['/v1/nothing', '/nothing', '/v1/invitations', '/v1/client/nothing/at/all'])(
    'is not answered before it sends to %s, where no page may send anything',
    async (path) => {
      const headers = { 'origin': 'http://localhost:3000', 'access-control-request-method': 'POST' }
      const answer = await server.fetch(`${server.instance.frontendApiUrl}${path}`, { method: 'OPTIONS', headers })
      expect(answer.status).toBe(404)
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    },
  )

  it('is not answered without the method that it asks for', async () => {
    const headers = { origin: 'http://localhost:3000' }
    const url = `${server.instance.frontendApiUrl}/v1/client`
    expect((await server.fetch(url, { method: 'OPTIONS', headers })).status).toBe(404)
  })

  it('of a native application is told that these wait', async () => {
    const answer = await callFrontend(server, 'GET /client', { query: { _is_native: '1' } })
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ code: 'native_api_disabled' }] } })
  })

  it('through a proxy is believed with the right secret key only', async () => {
    const through = async (key?: string) => {
      const headers = { 'clerk-proxy-url': 'https://shop.example/__clerk', ...(key ? { 'clerk-secret-key': key } : {}) }
      return callFrontend(server, 'GET /client', { headers })
    }
    expect(await through()).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'proxy_request_missing_secret_key' }] },
    })
    expect(await through('sk_test_wrong')).toMatchObject({
      status: 401,
      body: { errors: [{ code: 'proxy_request_invalid_secret_key' }] },
    })
    expect((await through(server.instance.secretKey)).status).toBe(200)
  })

  it('gets the same answer with slashes that are doubled or at the end (mistake 21)', async () => {
    const url = `http://127.0.0.1:4400/i/${server.instance.id}//v1//client/?__clerk_api_version=2025-11-10`
    expect((await server.fetch(url)).status).toBe(200)
  })

  it('is told of an instance that does not exist', async () => {
    const answer = await server.fetch('http://127.0.0.1:4400/i/ins_none/v1/client')
    expect(await answer.json()).toMatchObject({ errors: [{ code: 'host_invalid' }] })
  })
})
