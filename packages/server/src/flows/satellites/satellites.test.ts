import { describe, expect, it } from 'vitest'
import { callFrontend } from '../../browser.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'

describe.each(dialects)('satellites on %s', (dialect) => {
  const server = useTestServer(dialect)
  let count = 0

  /** A production instance with a satellite, and a browser that is signed in at the primary domain. */
  const begin = async () => {
    const label = `app-${++count}`
    const frontendHost = `clerk.${label}.example`
    server.instance = await server.newInstance({ environmentType: 'production', frontendHost })
    const name = `${label}-sat.example`
    const { status } = await server.call('POST', '/domains', { name, is_satellite: true })
    expect(status).toBe(200)
    const user = { email_address: ['ada@example.com'], password: 'analytical engine' }
    expect((await server.call('POST', '/users', user)).status).toBe(200)
    const headers = { origin: `https://${label}.example` }
    const form = { identifier: 'ada@example.com', password: 'analytical engine' }
    const signedIn = await callFrontend(server, 'POST /client/sign_ins', { form, headers })
    expect(signedIn.body.response.status).toBe('complete')
    const cookie = signedIn.headers.getSetCookie().at(-1)!.split(';', 1)[0]!
    const { id, sessions } = signedIn.body.client
    return { name, page: `https://${name}/shop`, cookie, clientId: id, sessionId: sessions[0].id }
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
    const { body } = await callFrontend(server, 'GET /client', { headers: { cookie: cookieOf(headers) } })
    expect(body.response).toMatchObject({ id: clientId, last_active_session_id: sessionId })
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
