import { describe, expect, it } from 'vitest'
import { callFrontend, cookiesOf, openProductionBrowser } from '../../browser.test-support.js'
import { frontendEndpoints } from '../../compose/endpoints.js'
import type { SettingsChange } from '../../instances/settings/settings.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { configure } from '../sign-in/sign-in.test-support.js'

describe.each(dialects)('satellites on %s', (dialect) => {
  const server = useTestServer(dialect)
  let count = 0

  /** A production instance with a satellite, and a browser that is signed in at the primary domain. */
  const begin = async (settings: SettingsChange = {}) => {
    const label = `app-${++count}`
    const frontendHost = `clerk.${label}.example`
    server.instance = await server.newInstance({ environmentType: 'production', frontendHost })
    const name = `${label}-sat.example`
    await configure(server, settings)
    const { status } = await server.call('POST', '/domains', { name, is_satellite: true })
    expect(status).toBe(200)
    const user = { email_address: ['ada@example.com'], password: 'analytical engine' }
    expect((await server.call('POST', '/users', user)).status).toBe(200)
    const browser = openProductionBrowser(server, `https://${label}.example`)
    const form = { identifier: 'ada@example.com', password: 'analytical engine' }
    const signedIn = await browser.call('POST /client/sign_ins', { form })
    expect(signedIn.body.response.status).toBe('complete')
    const cookie = `__client=${browser.jar['__client']}`
    const { id, sessions } = signedIn.body.client
    return { name, page: `https://${name}/shop`, browser, cookie, clientId: id, sessionId: sessions[0].id }
  }
  /** Goes on to the satellite, where it gets its cookies. */
  const follow = async (satellite: ReturnType<typeof openProductionBrowser>, synced: { headers: Headers }) => {
    const linked = await link(synced.headers.get('location')!)
    for (const [cookie, value] of cookiesOf(linked.headers.getSetCookie())) satellite.jar[cookie] = value
  }
  const sync = (query: Record<string, string>, cookie?: string) =>
    callFrontend(server, 'GET /client/sync', { query, headers: cookie ? { cookie } : {} })
  const link = (location: string) => server.fetch(location)
  const cookieOf = (headers: Headers) => headers.getSetCookie().at(-1)!.split(';', 1)[0]!

  it('get the browser of the primary domain, with its session', async () => {
    const { name, page, cookie, clientId, sessionId } = await begin()
    const synced = await sync({ redirect_url: page }, cookie)
    expect(synced.status).toBe(307)
    const location = synced.headers.get('location')!
    expect(location).toMatch(new RegExp(`^https://clerk\\.${name}/v1/client/link\\?__clerk_token=[\\w-]{43}$`))

    const { status, headers } = await link(location)
    expect(status).toBe(307)
    expect(headers.get('location')).toBe(`${page}?__clerk_synced=true`)
    const lines = headers.getSetCookie()
    expect(lines.at(-1)).toMatch(/^__client=ey[\w.-]+; Path=\/; Max-Age=34560000; Secure; HttpOnly; SameSite=Lax$/)
    expect(lines[0]).toMatch(new RegExp(`^__client_uat=[1-9]\\d+; Path=/; Domain=${name}; Max-Age=315360000; Secure`))
    const sent = { headers: { cookie: cookieOf(headers) } }
    const { body } = await callFrontend(server, 'GET /client', { ...sent, base: `https://clerk.${name}` })
    expect(body.response).toMatchObject({ id: clientId, last_active_session_id: sessionId })
    // It is no cookie of another host.
    expect((await callFrontend(server, 'GET /client', sent)).body.response).toBeNull()
  })

  it('and the primary domain keep the rest of their sessions when one is ended at either', async () => {
    const { name, page, browser } = await begin({ auth: { singleSessionMode: false } })
    const user = { email_address: ['grace@example.com'], password: 'a quiet harbour' }
    await server.call('POST', '/users', user)
    const form = { identifier: 'grace@example.com', password: 'a quiet harbour' }
    const second = await browser.call('POST /client/sign_ins', { form })
    const [first] = second.body.client.sessions
    const satellite = openProductionBrowser(server, `https://${name}`)
    const base = `https://clerk.${name}`
    const synced = await browser.call(`GET /client/sync?redirect_url=${encodeURIComponent(page)}`)
    await follow(satellite, synced)
    const peopleAt = async () => {
      server.clock.advance(11_000)
      const answers = [await browser.call('GET /client'), await satellite.call('GET /client', { base })]
      return answers.map(({ body }) => body.response?.sessions.map((session: { id: string }) => session.id))
    }
    const grace = second.body.response.created_session_id
    expect(await peopleAt()).toEqual([
      [first.id, grace],
      [first.id, grace],
    ])
    await satellite.call(`POST /client/sessions/${first.id}/remove`, { base })
    expect(await peopleAt()).toEqual([[grace], [grace]])
    const query = { redirect_url: page }
    expect((await satellite.call('GET /client/touch', { base, query })).status).toBe(307)
    expect(await peopleAt()).toEqual([[grace], [grace]])
    await browser.call(`POST /client/sessions/${grace}/remove`)
    expect(await peopleAt()).toEqual([[], []])
  })

  it('do not show whom somebody signs in with after they were synced, until they are again', async () => {
    const { name, page, browser, sessionId } = await begin()
    const base = `https://clerk.${name}`
    const satellite = openProductionBrowser(server, `https://${name}`)
    const sync = async () =>
      follow(satellite, await browser.call('GET /client/sync', { query: { redirect_url: page } }))
    const shown = async () =>
      (await satellite.call('GET /client', { base })).body.response.sessions.map(({ id }: { id: string }) => id)
    await sync()
    expect(await shown()).toEqual([sessionId])
    server.clock.advance(1000)
    await browser.call(`POST /client/sessions/${sessionId}/remove`)
    const form = { identifier: 'ada@example.com', password: 'analytical engine' }
    const { created_session_id: next } = (await browser.call('POST /client/sign_ins', { form })).body.response
    expect(await shown()).toEqual([])
    expect((await satellite.call(`POST /client/sessions/${next}/tokens`, { base })).status).toBe(404)
    // A page there is led to the primary domain by itself.
    const handshake = await satellite.call('GET /client/handshake', { base, query: { redirect_url: page } })
    expect(handshake.headers.get('location')).toContain('/v1/client/sync?')
    await sync()
    expect(await shown()).toEqual([next])
  })

  it('sign nobody in: that is done at the primary domain', async () => {
    const { name, page, browser } = await begin()
    const base = `https://clerk.${name}`
    const satellite = openProductionBrowser(server, `https://${name}`)
    await follow(satellite, await browser.call('GET /client/sync', { query: { redirect_url: page } }))
    const signing = frontendEndpoints.filter(({ path }) => /^\/(client\/sign_(in|up)s\b|agents\/)/.test(path))
    expect(signing.length).toBeGreaterThan(10)
    for (const { method, path } of signing) {
      const { status, body } = await satellite.call(`${method} ${path}`, {
        base,
        ...(method === 'GET' ? { query: { ticket: 'x' } } : { form: { identifier: 'x@y.example' } }),
      })
      const refused = [403, 'operation_not_allowed_on_satellite_domain']
      expect([method, path, status, body.errors[0].code]).toEqual([method, path, ...refused])
    }
  })

  it('take the token of a browser once, also of 64 that have it, and within a minute', async () => {
    const { page, cookie } = await begin()
    const location = (await sync({ redirect_url: page }, cookie)).headers.get('location')!
    const answers = await Promise.all(Array.from({ length: 64 }, () => link(location)))
    expect(answers.filter(({ status }) => status === 307)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 403)).toHaveLength(63)
    const late = (await sync({ redirect_url: page }, cookie)).headers.get('location')!
    server.clock.advance(60_000)
    const refused = await link(late)
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ errors: [{ code: 'sync_nonce_already_consumed' }] })
    expect(refused.headers.getSetCookie()).toEqual([])
  })

  it('take no token for another satellite, nor once the domain is gone', async () => {
    const { name, page, cookie } = await begin()
    await server.call('POST', '/domains', { name: `other-${name}`, is_satellite: true })
    const stolen = (await sync({ redirect_url: page }, cookie)).headers.get('location')!
    expect((await link(stolen.replace(`clerk.${name}`, `clerk.other-${name}`))).status).toBe(403)
    const location = (await sync({ redirect_url: page }, cookie)).headers.get('location')!
    const { data } = (await server.call('GET', '/domains')).body
    await server.call('DELETE', `/domains/${data.find((domain: { name: string }) => domain.name === name).id}`)
    const gone = new URL(location)
    const query = { __clerk_token: gone.searchParams.get('__clerk_token')! }
    expect((await callFrontend(server, 'GET /client/link', { query })).status).toBe(403)
  })

  it('are synced also with a browser in which nobody is signed in', async () => {
    const { page } = await begin()
    const { headers } = await link((await sync({ redirect_url: page })).headers.get('location')!)
    expect(headers.get('location')).toBe(`${page}?__clerk_synced=true`)
    expect(headers.getSetCookie().at(-1)).toMatch(/^__client=; .*Max-Age=0/)
    expect(headers.getSetCookie()[0]).toMatch(/^__client_uat=0; /)
  })

  it('send a handshake to the primary domain, once, if they do not know the browser', async () => {
    const { name, page, cookie } = await begin()
    const handshake = async (redirectUrl: string, sent?: string) => {
      const url = `https://clerk.${name}/v1/client/handshake?redirect_url=${encodeURIComponent(redirectUrl)}`
      const { status, headers } = await server.fetch(url, { headers: sent ? { cookie: sent } : {} })
      return { status, location: headers.get('location'), cookies: headers.getSetCookie() }
    }
    const primary = server.instance.frontendHost
    const unknown = await handshake(page)
    expect(unknown).toEqual({
      status: 307,
      location: `https://${primary}/v1/client/sync?link_domain=${name}&redirect_url=${encodeURIComponent(page)}`,
      cookies: [],
    })
    const { headers } = await link((await sync({ redirect_url: page }, cookie)).headers.get('location')!)
    const known = cookieOf(headers)
    expect((await handshake(page, known)).location).toBe(page)
    expect((await handshake(`${page}?__clerk_synced=false`, known)).location).toContain(`https://${primary}/`)
    // Else a browser in which nobody is signed in would go round and round.
    const back = await handshake(`${page}?__clerk_synced=true`)
    expect(back.location).toBe(`${page}?__clerk_synced=true`)
    for (const evil of ['https://evil.example/', `https://${name}@evil.example/`, String.raw`https:\\\\${name}/`]) {
      expect(await handshake(evil)).toEqual({ status: 422, location: null, cookies: [] })
    }
  })

  it('are registered domains, whose own pages the browser goes back to', async () => {
    const { name, page, cookie } = await begin()
    const primary = server.instance.frontendHost.replace('clerk.', '')
    const codeOf = async (query: Record<string, string>) => {
      const { status, body } = await sync(query, cookie)
      return [status, body.errors[0].code]
    }
    expect(await codeOf({ redirect_url: 'https://evil.example/' })).toEqual([
      422,
      'redirect_url_not_associated_with_instance',
    ])
    expect(await codeOf({ redirect_url: `https://${primary}/` })).toEqual([
      403,
      'operation_not_allowed_on_primary_domain',
    ])
    expect(await codeOf({ redirect_url: page, link_domain: 'evil.example' })).toEqual([
      403,
      'operation_not_allowed_on_primary_domain',
    ])
    expect(await codeOf({ redirect_url: `https://${primary}/`, link_domain: name })).toEqual([
      403,
      'operation_not_allowed_on_primary_domain',
    ])
    expect(await codeOf({})).toEqual([422, 'form_param_missing'])
    expect((await sync({ redirect_url: page, link_domain: name }, cookie)).status).toBe(307)
    const atSatellite = await server.fetch(`https://clerk.${name}/v1/client/sync?redirect_url=${page}`)
    expect(atSatellite.status).toBe(403)
    for (const token of ['', 'x']) {
      const { status } = await callFrontend(server, 'GET /client/link', { query: { __clerk_token: token } })
      expect(status).toBe(token === '' ? 422 : 403)
    }
  })

  it('are none in development', async () => {
    const answer = await sync({ redirect_url: 'http://localhost:3000/' })
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ code: 'request_invalid_for_environment' }] } })
  })
})
