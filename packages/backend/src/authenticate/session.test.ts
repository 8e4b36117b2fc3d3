import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ask, bearer } from './ask.test-support.js'
import type { Visit } from './asking.test-support.js'
import { DEVELOPMENT_HOST, developmentKey, document, mint, NOW } from './instance.test-support.js'

const development = { publishableKey: developmentKey }
const session = await mint()
const onSatellite = await mint({ iss: 'https://clerk.satellite.com' })
const inDevelopment = await mint({ iss: `https://${DEVELOPMENT_HOST}` })
const cookies = { __session: session, __client_uat: '9' }
const satelliteCookies = { __session: onSatellite, __client_uat: '9' }
const developmentCookies = { __session: inDevelopment, __client_uat: '9', __clerk_db_jwt: 'dvb_1' }

beforeEach(() => {
  vi.useFakeTimers({ now: NOW * 1000, toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const parametersOf = (location: string | null) => Object.fromEntries(new URL(location!).searchParams)

describe('a satellite', () => {
  const satellite = { isSatellite: true, domain: 'satellite.com', signInUrl: 'https://example.com/sign-in?a=b' }

  it('asks the Frontend API of its own domain in production', async () => {
    const { state, location } = await ask(
      { url: 'https://satellite.com/x', headers: document },
      { ...satellite, satelliteAutoSync: true },
    )
    expect(state).toMatchObject({ status: 'handshake', reason: 'satellite-needs-syncing', message: '' })
    expect(location).toMatch(/^https:\/\/clerk\.satellite\.com\/v1\/client\/handshake\?/)
  })

  it('asks the pages of the primary domain in development, which send it back', async () => {
    const { state, location } = await ask(
      { url: 'https://satellite.com/x?y=1', headers: document },
      { ...satellite, ...development, satelliteAutoSync: true },
    )
    expect(state).toMatchObject({ status: 'handshake', reason: 'satellite-needs-syncing', message: '' })
    expect(location).toBe(
      'https://example.com/sign-in?a=b&__clerk_redirect_url=https%3A%2F%2Fsatellite.com%2Fx%3Fy%3D1',
    )
  })

  const visits: [name: string, satelliteAutoSync: boolean, reason: string, visit: Visit][] = [
    ['nobody known', false, 'session-token-and-uat-missing', { headers: document }],
    ['nobody known', true, 'satellite-needs-syncing', { headers: document }],
    ['a call of a script', true, 'session-token-and-uat-missing', {}],
    ['a frame', true, 'session-token-and-uat-missing', { headers: { 'sec-fetch-dest': 'iframe' } }],
    ['something sent', true, 'session-token-and-uat-missing', { headers: document, method: 'POST' }],
    [
      'just synced',
      true,
      'session-token-and-uat-missing',
      { headers: document, url: 'https://satellite.com/?__clerk_synced=true' },
    ],
    [
      'to be synced',
      false,
      'satellite-needs-syncing',
      { headers: document, url: 'https://satellite.com/?__clerk_synced=false' },
    ],
    [
      'another word',
      false,
      'session-token-and-uat-missing',
      { headers: document, url: 'https://satellite.com/?__clerk_synced=x' },
    ],
    [
      'another word',
      true,
      'satellite-needs-syncing',
      { headers: document, url: 'https://satellite.com/?__clerk_synced=x' },
    ],
    ['a session', true, 'signed-in', { headers: document, cookies: satelliteCookies }],
    [
      'a session to be synced',
      false,
      'satellite-needs-syncing',
      { headers: document, cookies: satelliteCookies, url: 'https://satellite.com/?__clerk_synced=false' },
    ],
    [
      'a session just synced',
      false,
      'signed-in',
      { headers: document, cookies: satelliteCookies, url: 'https://satellite.com/?__clerk_synced=true' },
    ],
    ['a time alone', true, 'client-uat-but-no-session-token', { headers: document, cookies: { __client_uat: '9' } }],
    [
      'a session alone',
      true,
      'session-token-but-no-client-uat',
      { headers: document, cookies: { __session: onSatellite } },
    ],
  ]

  it.each(visits)('with %s, syncing at once %j: %s', async (_, satelliteAutoSync, reason, visit) => {
    const { state } = await ask({ url: 'https://satellite.com/', ...visit }, { ...satellite, satelliteAutoSync })
    expect(state.reason ?? state.status).toBe(reason)
  })
})

describe('a primary domain in development', () => {
  const visit = (parameter: string, more: Visit = {}): Visit => ({
    headers: document,
    url: `https://example.com/?__clerk_redirect_url=${encodeURIComponent(parameter)}`,
    ...more,
  })

  it('sends a browser back to the satellite, with what it is known by', async () => {
    const { state, location } = await ask(
      visit('https://satellite.com/x?y=1&__clerk_synced=false', { cookies: developmentCookies }),
      development,
    )
    expect(state).toMatchObject({ status: 'handshake', reason: 'primary-responds-to-syncing', message: '' })
    expect(location).toBe('https://satellite.com/x?y=1&__clerk_synced=true&__clerk_db_jwt=dvb_1')
  })

  it.each(['https://satellite.com', 'HTTPS://satellite.com/x', 'http://localhost:3001/x?y', 'https://[::1]/x'])(
    'sends it back to %s',
    async (wanted) => {
      const { location } = await ask(visit(wanted), development)
      expect(parametersOf(location)).toMatchObject({ __clerk_synced: 'true' })
      expect(parametersOf(location)).not.toHaveProperty('__clerk_db_jwt')
      expect(new URL(location!).host).toBe(new URL(wanted).host)
    },
  )

  it.each([
    '/x',
    'x',
    'ftp://satellite.com',
    'xhttps://satellite.com',
    ' https://satellite.com',
    'https://satellite.com/ x',
    'https://satellite.com/\\x',
    'https:///x',
    'https://a:b:c/',
    'data:text/html,x',
  ])('does not send it to %j', async (wanted) => {
    const { state } = await ask(visit(wanted, { cookies: developmentCookies }), development)
    expect(state.status).toBe('signed-in')
  })

  it('does not do so in production, nor as a satellite', async () => {
    expect((await ask(visit('https://satellite.com/', { cookies }))).state.status).toBe('signed-in')
    const satellite = { ...development, isSatellite: true, domain: 'example.com', signInUrl: 'https://primary.com/' }
    expect((await ask(visit('https://satellite.com/', { cookies: developmentCookies }), satellite)).state.status).toBe(
      'signed-in',
    )
  })
})

describe('a browser in development', () => {
  it.each([
    ['is not known', {}, '', 'dev-browser-missing'],
    ['is known', { __clerk_db_jwt: 'dvb_1' }, '', 'session-token-and-uat-missing'],
    ['is known and brings another token', { __clerk_db_jwt: 'dvb_1' }, '?__clerk_db_jwt=dvb_2', 'dev-browser-sync'],
    ['brings a token', {}, '?__clerk_db_jwt=dvb_2', 'dev-browser-sync'],
    ['brings an empty token', {}, '?__clerk_db_jwt=', 'dev-browser-sync'],
    ['is signed in', developmentCookies, '', 'signed-in'],
  ])('that %s', async (_, known, query, reason) => {
    const { state } = await ask(
      { url: `https://app.example.com/${query}`, headers: document, cookies: known },
      development,
    )
    expect(state.reason ?? state.status).toBe(reason)
  })
})

describe('a visit from another page', () => {
  const visit = async (referer: string, more: Visit = {}) =>
    (
      await ask({
        ...more,
        cookies: { ...cookies, ...more.cookies },
        headers: { ...document, referer, ...more.headers },
      })
    ).state

  it.each([
    ['https://elsewhere.com/', {}, 'handshake'],
    ['http://app.example.com/', {}, 'handshake'],
    ['https://app.example.com:444/', {}, 'handshake'],
    ['https://app.example.com/other', {}, 'signed-in'],
    ['https://accounts.example.com/sign-in', {}, 'signed-in'],
    ['https://clerk.example.com/v1', {}, 'signed-in'],
    ['http://clerk.example.com:80/v1', {}, 'signed-in'],
    ['elsewhere', {}, 'signed-in'],
    ['https://elsewhere.com/', { method: 'POST' }, 'signed-in'],
    ['https://elsewhere.com/', { headers: { 'sec-fetch-dest': 'iframe' } }, 'signed-in'],
    ['https://elsewhere.com/', { cookies: { __clerk_redirect_count: '1' } }, 'signed-in'],
    [
      'https://elsewhere.com/',
      { options: { isSatellite: true, domain: 'example.com', signInUrl: 'https://p.com' } },
      'signed-in',
    ],
    ['https://proxy.example/x', { options: { proxyUrl: 'https://proxy.example/__clerk' } }, 'signed-in'],
    ['https://elsewhere.com/', { options: { proxyUrl: 'https://proxy.example/__clerk' } }, 'handshake'],
    ['https://happy-mole-1.accounts.dev/', {}, 'handshake'],
  ] as [string, Visit, string][])('%s, %j: %s', async (referer, more, status) => {
    const state = await visit(referer, more)
    expect(state.status).toBe(status)
    if (status === 'handshake') {
      expect(state).toMatchObject({
        reason: 'primary-domain-cross-origin-sync',
        message: 'The visit comes from another domain, where the session may have changed.',
      })
    }
  })

  it('of an instance in development is no reason to ask', async () => {
    const visitFrom = async (referer: string) =>
      (await ask({ cookies: developmentCookies, headers: { ...document, referer } }, development)).state.status
    expect(await visitFrom('https://happy-mole-1.accounts.dev/sign-in')).toBe('signed-in')
    expect(await visitFrom('https://other.accounts.dev/sign-in')).toBe('signed-in')
    expect(await visitFrom('https://elsewhere.com/')).toBe('handshake')
  })
})

describe('the organization that a path names', () => {
  const sync = { organizationPatterns: ['/orgs/:slug', '/by-id/:id'], personalAccountPatterns: ['/me'] }
  const member = { o: { id: 'org_1', slg: 'acme', rol: 'admin' } }
  it.each([
    ['/orgs/acme', member, 'signed-in'],
    ['/orgs/other', member, 'handshake'],
    ['/by-id/org_1', member, 'signed-in'],
    ['/by-id/org_2', member, 'handshake'],
    ['/me', member, 'handshake'],
    ['/me', { o: { id: 'org_1', rol: 'admin' } }, 'handshake'],
    ['/me', {}, 'signed-in'],
    ['/orgs/acme', {}, 'handshake'],
    ['/elsewhere', member, 'signed-in'],
    ['/orgs/other', { ...member, sts: 'pending' }, 'signed-in'],
  ])('at %s with %j: %s', async (path, claims, status) => {
    const { state } = await ask(
      {
        url: `https://app.example.com${path}`,
        headers: document,
        cookies: { __session: await mint(claims), __client_uat: '9' },
      },
      { organizationSyncOptions: sync },
    )
    expect(state).toMatchObject({ status, reason: status === 'handshake' ? 'active-organization-mismatch' : null })
  })
})

describe('a token', () => {
  it('in the header counts before those in cookies', async () => {
    const { state } = await ask({ headers: bearer(await mint({ sub: 'user_2' })), cookies })
    expect(state.toAuth()).toMatchObject({ userId: 'user_2' })
  })

  it.each(['Basic', 'Bearers', 'xBearer', 'Token'])('is not read after the scheme %j', async (scheme) => {
    const { state } = await ask({ headers: { authorization: `${scheme} ${session}` } })
    expect(state).toMatchObject({ status: 'signed-out', reason: 'session-token-and-uat-missing' })
  })

  it('that could not be verified at all is nobody, and someone is told why', async () => {
    const failure = new TypeError('no luck')
    vi.spyOn(Date, 'now').mockImplementation(() => {
      throw failure
    })
    const { state, warnings } = await ask({ headers: bearer(await mint({ jti: 'never seen' })) })
    expect(state).toMatchObject({ status: 'signed-out', reason: 'unexpected-error', message: '' })
    expect(warnings).toEqual([
      expect.objectContaining({ message: 'The session token could not be verified.', cause: failure }),
    ])
    const untold = await ask({ headers: bearer(await mint({ jti: 'nor seen' })) }, { onWarning: undefined })
    expect(untold.state).toMatchObject({ status: 'signed-out', reason: 'unexpected-error' })
  })

  it('that is not good says where it was carried', async () => {
    const forged = `${session.slice(0, -8)}AAAAAAAA`
    const inHeader = await ask({ headers: bearer(forged) })
    const inCookie = await ask({ cookies: { __session: forged, __client_uat: '9' } })
    expect(inHeader.state.message).toMatch(/^The signature of the token is invalid\. .*token-carrier=header\)$/)
    expect(inCookie.state.message).toMatch(/^The signature of the token is invalid\. .*token-carrier=cookie\)$/)
  })
})
