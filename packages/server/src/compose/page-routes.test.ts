import { createPages } from '@latchkey/pages'
import type { PageMessage } from '@latchkey/types'
import { describe, expect, it } from 'vitest'
import { callFrontend, throughProxy } from '../browser.test-support.js'
import { API_URL, dialects, useTestServer } from '../server.test-support.js'

const told: PageMessage[] = []

describe.each(dialects)('pages on %s', (dialect) => {
  const server = useTestServer(dialect, {
    pages: createPages({ development: { isExposed: false, token: 'token' } }),
    onMessage: (message) => told.push(message),
  })
  const local = { remoteAddress: '127.0.0.1' }
  const get = (path: string, init: RequestInit = {}) =>
    server.server.fetch(new Request(`http://localhost${path}`, init), local)

  interface Explained {
    requests: { operation: string | null; status: number; path: string; decisions: string[]; errors: string[] }[]
  }
  const explained = async (path: string) => {
    const { requests } = (await (await get('/explain/requests')).json()) as Explained
    return requests.findLast((request) => request.path === path)
  }

  it('are those of the instance in the path', async () => {
    const { id, publishableKey } = server.instance
    const response = await get(`/i/${id}/sign-in/factor-one`)
    expect(response.status).toBe(200)
    const text = await response.text()
    expect(text).toContain(`data-clerk-publishable-key="${publishableKey}"`)
    expect(text).toContain(`data-clerk-proxy-url="${API_URL}/i/${id}"`)
    expect((await get('/i/ins_nobody/sign-in')).status).toBe(404)
    expect((await get(`/i/${id}/npm/@clerk/clerk-js@6/dist/clerk.browser.js`)).status).toBe(200)
  })

  it('have the colours of the instance, as its environment, its messages and the description of its pages do', async () => {
    const seed = (display: object) => server.server.admin.seed(server.instance.id, { instance: { display } })
    await seed({ primary_color: '#ffd400', background_color: '#0b1f3a' })
    for (const path of ['/sign-in', '/user']) {
      const text = await (await get(`/i/${server.instance.id}${path}`)).text()
      expect(text).toContain('"primaryColor":{"color":"#ffd400","text":"#1F2328"}')
      expect(text).toContain('--page: #0b1f3a; --on-page: #FCFCFD')
    }
    const { display_config: display } = (await callFrontend(server, 'GET /environment')).body
    expect(display).toMatchObject({
      branded: false,
      theme: {
        general: { color: '#ffd400' },
        buttons: { font_color: '#1F2328' },
        accounts: { background_color: '#0b1f3a' },
      },
    })
    expect((await callFrontend(server, 'GET /account_portal')).body.customization).toEqual({
      appearance: 'auto',
      background_color_dark: '#0b1f3a',
      background_color_light: '#0b1f3a',
      primary_color_dark: '#ffd400',
      primary_color_light: '#ffd400',
    })
    await server.client.invitations.createInvitation({ emailAddress: 'bob@example.com' })
    expect((await server.messages()).at(-1)!.body).toContain('background:#ffd400')
    for (const color of ['yellow', '#fd4', '#ffd400;}', 'url(//evil.example)', null]) {
      await expect(seed({ primary_color: color })).rejects.toMatchObject({ name: 'SeedError' })
    }
  })

  it('of a satellite lead to those of the primary domain, where people sign in', async () => {
    const frontendHost = `clerk.primary-${dialect}.example`
    const { secretKey } = await server.server.createInstance({ environmentType: 'production', frontendHost })
    const name = `satellite-${dialect}.example`
    const added = await server.fetch(`${API_URL}/v1/domains`, {
      method: 'POST',
      headers: { 'authorization': `Bearer ${secretKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name, is_satellite: true }),
    })
    expect(added.status).toBe(200)
    const at = (host: string, path: string) => get(path, { headers: { host } })
    const page = await at(`clerk.${name}`, '/sign-in/factor-one?redirect_url=https%3A%2F%2Fa')
    expect([page.status, page.headers.get('location')]).toEqual([
      307,
      `https://${frontendHost}/sign-in/factor-one?redirect_url=https%3A%2F%2Fa`,
    ])
    expect((await at(frontendHost, '/sign-in')).status).toBe(200)
    expect((await at(`clerk.${name}`, '/npm/@clerk/clerk-js@6/dist/clerk.browser.js')).status).toBe(200)
  })

  it('answer HEAD without content', async () => {
    const response = await get('/npm/@clerk/ui@1/dist/ui.browser.js', { method: 'HEAD' })
    expect([response.status, await response.text()]).toEqual([200, ''])
    expect(response.headers.get('content-type')).toBe('application/javascript; charset=utf-8')
  })

  it('lead to this machine, and to what is listed, while developing', async () => {
    await server.client.redirectUrls.createRedirectUrl({ url: 'https://preview.example.net/callback' })
    const text = await (await get(`/i/${server.instance.id}/sign-in`)).text()
    expect(text).toContain('"http://localhost:*"')
    expect(text).toContain('"https://preview.example.net"')
  })

  it('of a production instance lead to its domain, its subdomains and what is listed', async () => {
    const host = `clerk.${dialect}.example.com`
    const { id, secretKey } = await server.server.createInstance({ environmentType: 'production', frontendHost: host })
    await server.call('POST', '/redirect_urls', { url: 'myapp://callback' }, { key: secretKey })
    const text = await (await get(`/i/${id}/sign-in`)).text()
    const origins = /"redirectOrigins":(\[[^\]]*\])/.exec(text)![1]!
    expect(JSON.parse(origins)).toEqual([
      `https://${dialect}.example.com`,
      `https://*.${dialect}.example.com`,
      'myapp://callback',
    ])
    expect(text).not.toContain('localhost')
  })

  it('through the proxy of an application are there, with everything they load and lead to', async () => {
    const domain = `proxied-${dialect}.example.com`
    const base = `https://app.${domain}/__clerk`
    const frontendHost = `clerk.${domain}`
    const instance = await server.server.createInstance({ environmentType: 'production', frontendHost })
    const proxied = throughProxy({ fetch: server.fetch, instance }, base)
    const page = await proxied.fetch(`${base}/sign-in/factor-one`)
    expect(page.status).toBe(200)
    expect(page.headers.get('content-security-policy')).toContain(`img-src 'self' https://app.${domain} ${API_URL} `)
    const text = await page.text()
    const addresses = [...text.matchAll(/https?:\/\/[^"' ]+/g)].map(([url]) => url)
    expect(addresses.filter((url) => url.includes('/npm/') || url.includes('/sign-'))).toHaveLength(4)
    const elsewhere = addresses.filter((url) => !url.startsWith(`https://app.${domain}/`) && !url.includes('*'))
    expect([...new Set(elsewhere)]).toEqual([`https://${domain}`])
    expect(text).toContain('"path":"/__clerk/sign-in"')
    expect(text).toContain(`data-clerk-proxy-url="${base}"`)
    const script = /src="([^"]*clerk\.browser\.js)"/.exec(text)![1]!
    expect((await proxied.fetch(script)).status).toBe(200)

    const { display_config: display } = (await callFrontend(proxied, 'GET /environment', { base })).body
    expect(display).toMatchObject({
      sign_in_url: `${base}/sign-in`,
      sign_up_url: `${base}/sign-up`,
      user_profile_url: `${base}/user`,
      home_url: `https://${domain}`,
    })
    const evil = throughProxy({ fetch: server.fetch, instance }, 'https://evil.example/__clerk')
    expect(await (await evil.fetch('https://evil.example/__clerk/sign-in')).text()).not.toContain('evil.example')
    const forged = { headers: { 'clerk-proxy-url': base } }
    expect((await get('/sign-in', forged)).status).toBe(400)
  })

  it('show messages as they are written, and tell the terminal', async () => {
    told.length = 0
    const user = await server.client.users.createUser({ emailAddress: ['ada@example.com'] })
    for (const subject of ['First', 'Second']) {
      await server.client.emails.createEmail({
        emailAddressId: user.primaryEmailAddressId!,
        fromEmailName: 'shop',
        subject,
        body: 'Hello',
      })
    }
    await expect.poll(() => told.map(({ subject }) => subject)).toEqual(['First', 'Second'])
    const { sequence } = told[0]!
    const response = await get(`/inbox/messages?after=${sequence}`)
    expect(await response.json()).toMatchObject({ messages: [{ subject: 'Second', to: 'ada@example.com' }] })
  })

  it('explain which rule decided about a request', async () => {
    const base = `/i/${server.instance.id}/v1`
    await get(`${base}/client`)
    expect(await explained('/v1/client')).toMatchObject({
      operation: 'getClient',
      status: 200,
      errors: [],
      decisions: [
        `The path names the instance ${server.instance.id}.`,
        'Neither __clerk_db_jwt nor __client came: the browser counts as a new one.',
      ],
    })
    await get(`${base}/client?__clerk_db_jwt=dvb_nobody`)
    expect(await explained('/v1/client')).toMatchObject({
      status: 401,
      errors: ['dev_browser_unauthenticated'],
      decisions: [expect.any(String), expect.stringContaining('is no browser of this instance')],
    })
    await get(`${base}/environment`, { headers: { origin: 'https://attacker.example' } })
    expect(await explained('/v1/environment')).toMatchObject({
      status: 400,
      errors: ['origin_invalid'],
      decisions: [expect.any(String), 'Pages of https://attacker.example may not use it.'],
    })
    await get(`${base}/client/handshake?redirect_url=http://localhost:3000/&__clerk_hs_reason=dev-browser-missing`)
    expect(await explained('/v1/client/handshake')).toMatchObject({
      operation: 'handshakeClient',
      status: 307,
      decisions: [
        expect.any(String),
        'Neither __clerk_db_jwt nor __client came: the browser counts as a new one.',
        'Nobody is signed in in this browser: it goes back with cookies that say so.',
        expect.stringContaining('It did not know the browser yet'),
      ],
    })
    await get('/v1/nothing')
    expect(await explained('/v1/nothing')).toMatchObject({ operation: null, status: 404 })
  })
})
