import { describe, expect, it } from 'vitest'
import { callFrontend, openBrowser } from '../../browser.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'

const REFUSED = ['https://evil.example/', '//evil.example/', 'javascript:alert(1)', String.raw`http:\\evil.example/`]

describe.each(dialects)('redirects on %s', (dialect) => {
  const server = useTestServer(dialect)
  let count = 0
  const inProduction = async () => {
    const frontendHost = `clerk.redirects-${++count}.example`
    server.instance = await server.newInstance({ environmentType: 'production', frontendHost })
    return `https://${frontendHost.replace('clerk.', '')}`
  }

  it('lead to a page of the instance, whatever its query has', async () => {
    const page = 'http://localhost:3000/a?b=1,2&c=%20#d'
    const answer = await callFrontend(server, 'GET /redirect', { query: { redirect_url: page } })
    expect(answer.status).toBe(307)
    expect(answer.headers.get('location')).toBe(page)
  })

  it('lead home without a page', async () => {
    expect((await callFrontend(server, 'GET /redirect')).headers.get('location')).toBe(server.instance.frontendApiUrl)
    const home = await inProduction()
    for (const query of [{}, { redirect_url: '' }] as Record<string, string>[]) {
      expect((await callFrontend(server, 'GET /redirect', { query })).headers.get('location')).toBe(home)
    }
  })

  it.each(REFUSED)('do not lead to %s', async (redirectUrl) => {
    for (const route of ['GET /redirect', 'GET /client/touch']) {
      const answer = await callFrontend(server, route, { query: { redirect_url: redirectUrl } })
      expect(answer.status).toBe(422)
      expect(answer.headers.get('location')).toBeNull()
    }
  })

  it('renew the cookie of a browser on the way', async () => {
    const home = await inProduction()
    const created = await callFrontend(server, 'POST /client', { headers: { origin: home } })
    const cookie = created.headers.getSetCookie().at(-1)!.split(';', 1)[0]!
    server.clock.advance(395 * 24 * 60 * 60 * 1000)
    const query = { redirect_url: `${home}/next` }
    const touched = await callFrontend(server, 'GET /client/touch', { query, headers: { cookie } })
    expect(touched.status).toBe(307)
    expect(touched.headers.get('location')).toBe(`${home}/next`)
    const renewed = touched.headers.getSetCookie().at(-1)
    expect(renewed).toMatch(/^__client=ey.*Max-Age=34560000/)
    const headers = { cookie: renewed!.split(';', 1)[0]! }
    const { body } = await callFrontend(server, 'GET /client', { headers })
    expect(body.response).toMatchObject({
      id: created.body.response.id,
      cookie_expires_at: server.clock.now() + 400 * 24 * 60 * 60 * 1000,
    })
  })

  it('leave a browser that is not known without a cookie', async () => {
    const home = await inProduction()
    const answer = await callFrontend(server, 'GET /client/touch', { query: { redirect_url: home } })
    expect(answer.status).toBe(307)
    expect(answer.headers.getSetCookie()).toEqual([])
  })
})

describe.each(dialects)('calls of browser packages on %s', (dialect) => {
  const server = useTestServer(dialect)

  it('answer how the instance is, and where its pages are', async () => {
    expect(await callFrontend(server, 'GET /health')).toMatchObject({ status: 200, body: { status: 'healthy' } })
    const origin = 'http://localhost:5173'
    const { body } = await callFrontend(server, 'GET /account_portal', { headers: { origin } })
    expect(body).toMatchObject({ object: 'account_portal', enabled: true, after_sign_in_url: origin })
  })

  it('answer a captcha with the client, which is not asked for one', async () => {
    const browser = await openBrowser(server)
    const { status, body } = await browser.call('POST /client/verify', { form: { captcha_token: 'x' } })
    expect(status).toBe(200)
    expect(body.client).toMatchObject({ object: 'client', captcha_bypass: true })
    expect(body.response).toEqual(body.client)
  })

  it('list no enterprise connections for a sign-up, to its own browser', async () => {
    const browser = await openBrowser(server)
    const { id } = (await browser.call('POST /client/sign_ups', { form: {} })).body.response
    const path = `GET /client/sign_ups/${id}/enterprise_connections`
    expect((await browser.call(path)).body.response).toEqual({ data: [], total_count: 0 })
    expect((await (await openBrowser(server)).call(path)).status).toBe(404)
  })

  it('clear what a browser has kept, unless a page of somebody else asks for an image', async () => {
    const { status, headers } = await callFrontend(server, 'GET /clear-site-data')
    expect(status).toBe(200)
    expect(headers.get('clear-site-data')).toBe('"*"')
    const embedded = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }
    const refused = await callFrontend(server, 'GET /clear-site-data', { headers: embedded })
    expect(refused.status).toBe(400)
    expect(refused.headers.get('clear-site-data')).toBeNull()
  })

  it('switch organizations on in development only', async () => {
    const form = { enable_organizations: true, organization_allow_personal_accounts: false }
    const browser = await openBrowser(server)
    const { status, body } = await browser.call('PATCH /dev_tools/enable_environment_setting', { form })
    expect(status).toBe(200)
    expect(body.organization_settings).toMatchObject({ enabled: true, force_organization_selection: true })
    const settings = await server.call('GET', '/instance/organization_settings')
    expect(settings.body.enabled).toBe(true)
    const frontendHost = 'clerk.tools.example'
    server.instance = await server.newInstance({ environmentType: 'production', frontendHost })
    const refused = await callFrontend(server, 'PATCH /dev_tools/enable_environment_setting', { form })
    expect(refused).toMatchObject({ status: 403, body: { errors: [{ code: 'request_invalid_for_environment' }] } })
  })

  it('give a browser in development a cookie at the host of the Frontend API', async () => {
    const origin = 'http://localhost:3000'
    const init = await callFrontend(server, 'GET /dev_browser/init', { query: { origin } })
    expect(init.status).toBe(200)
    const cookie = init.headers.getSetCookie().at(-1)!.split(';', 1)[0]!
    expect((await callFrontend(server, 'GET /client', { headers: { cookie } })).body.response).toMatchObject({
      object: 'client',
    })
    const evil = await callFrontend(server, 'GET /dev_browser/init', { query: { origin: 'https://evil.example' } })
    expect(evil).toMatchObject({ status: 400, body: { errors: [{ code: 'origin_invalid' }] } })

    const browser = await openBrowser(server)
    const set = await browser.call('POST /dev_browser/set_first_party_cookie', { form: {} })
    expect(set.status).toBe(200)
    const own = set.headers.getSetCookie().at(-1)!.split(';', 1)[0]!
    const { id } = (await browser.call('GET /client')).body.response
    expect((await callFrontend(server, 'GET /client', { headers: { cookie: own } })).body.response.id).toBe(id)
    const stranger = await callFrontend(server, 'POST /dev_browser/set_first_party_cookie')
    expect(stranger).toMatchObject({ status: 401, body: { errors: [{ code: 'dev_browser_unauthenticated' }] } })
  })
})
