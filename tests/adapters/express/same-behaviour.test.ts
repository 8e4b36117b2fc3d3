import { createTestInstance } from '@latchkey/backend/testing'
import type { ClerkMiddlewareOptions } from '@latchkey/express'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startFakeApi, type FakeApiServer } from './fake-api.test-support.js'
import { compare, compareWith } from './pair.test-support.js'

const production = await createTestInstance({ type: 'production' })
const development = await createTestInstance()
const live: ClerkMiddlewareOptions = {
  publishableKey: production.publishableKey,
  secretKey: production.secretKey,
  jwtKey: production.jwtKey,
}
const test: ClerkMiddlewareOptions = {
  publishableKey: development.publishableKey,
  secretKey: development.secretKey,
  jwtKey: development.jwtKey,
}

const page = { 'sec-fetch-dest': 'document', accept: 'text/html' }
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const session = () => production.signSessionToken()
const nowInSeconds = () => Math.floor(Date.now() / 1000)

beforeAll(() => {
  vi.stubEnv('CLERK_TELEMETRY_DISABLED', '1')
  for (const method of ['log', 'warn'] as const) vi.spyOn(console, method).mockImplementation(() => undefined)
})
afterAll(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

describe('as @clerk/express, this package', () => {
  it('signs in by header', async () => {
    const { body } = await compare(live, { headers: bearer(await session()) })
    expect(body).toMatchObject({
      isAuthenticated: true,
      userId: 'user_test',
      sessionId: 'sess_test',
      tokenType: 'session_token',
    })
  })

  it('signs in by the cookies of a browser, in production and in development', async () => {
    const cookies = { __session: await session(), __client_uat: '1' }
    expect(await compare(live, { cookies })).toMatchObject({ status: 200, body: { userId: 'user_test' } })
    const own = { __session: await development.signSessionToken(), __client_uat: '1', __clerk_db_jwt: 'dvb_1' }
    expect(await compare(test, { cookies: own, headers: page })).toMatchObject({
      status: 200,
      body: { userId: 'user_test' },
    })
  })

  it('says what an organization allows', async () => {
    const o = { id: 'org_1', slg: 'acme', rol: 'admin', per: 'read,write', fpm: '1' }
    const { body } = await compare(live, {
      headers: bearer(await production.signSessionToken({ o, fea: 'o:invoices' })),
    })
    expect(body).toMatchObject({
      orgId: 'org_1',
      orgSlug: 'acme',
      isAdmin: true,
      mayRead: true,
      orgPermissions: ['org:invoices:read'],
    })
  })

  it.each([
    ['nobody', {}],
    ['a script without cookies', { headers: { accept: '*/*' } }],
    ['a form', { method: 'POST', cookies: { __client_uat: '1' } }],
    ['a token of nobody', { headers: bearer('x.y.z') }],
    ['no token at all', { headers: { authorization: 'Basic dXNlcjpwYXNz' } }],
    ['a token that is no JWT', { headers: bearer('nonsense') }],
    ['a cookie that is no JWT', { cookies: { __session: 'nonsense', __client_uat: '1' } }],
  ])('lets %s through, signed out', async (_who, request) => {
    expect(await compare(live, request)).toMatchObject({ status: 200, body: { isAuthenticated: false, userId: null } })
  })

  it('sends a browser with half a session to the Frontend API, and counts how often', async () => {
    const answer = await compare(live, {
      path: '/orders?page=2',
      headers: page,
      cookies: { __client_uat: '1', __clerk_redirect_count: '1' },
    })
    expect(answer).toMatchObject({
      status: 307,
      headers: {
        'set-cookie': ['__clerk_redirect_count=2; SameSite=Lax; HttpOnly; Max-Age=2'],
        'cache-control': 'no-store',
        'x-clerk-auth-status': 'handshake',
        'x-clerk-auth-reason': 'client-uat-but-no-session-token',
      },
      body: '',
    })
    const { location } = answer['headers'] as { location: string }
    expect(new URL(location).origin).toBe('https://clerk.example.com')
    expect(new URL(location).searchParams.get('redirect_url')).toBe('http://app.example.com/orders?page=2')
    await compare(live, { headers: page, cookies: { __client_uat: '1', __clerk_redirect_count: '3' } })
  })

  it('renews what has expired or is older than the last sign-in', async () => {
    const expired = await production.signSessionToken({}, { lifetime: -60 })
    expect(await compare(live, { headers: page, cookies: { __session: expired, __client_uat: '1' } })).toMatchObject({
      status: 307,
    })
    const older = { __session: await session(), __client_uat: String(nowInSeconds() + 10) }
    expect(await compare(live, { headers: page, cookies: older })).toMatchObject({
      status: 307,
      headers: { 'x-clerk-auth-reason': 'session-token-iat-before-client-uat' },
    })
    expect(await compare(live, { headers: bearer(expired) })).toMatchObject({ status: 200, body: { userId: null } })
  })

  it('asks for the identity of a browser in development', async () => {
    expect(await compare(test, { headers: page })).toMatchObject({
      status: 307,
      headers: { 'x-clerk-auth-reason': 'dev-browser-missing' },
    })
    const returned = await compare(test, { path: '/?__clerk_db_jwt=dvb_2&x=1', headers: page })
    expect(returned).toMatchObject({ status: 307, headers: { 'x-clerk-auth-reason': 'dev-browser-sync' } })
  })

  it('takes the cookies of a handshake, and in development leads to a clean URL', async () => {
    for (const [instance, options, status] of [
      [production, live, 200],
      [development, test, 307],
    ] as const) {
      const token = await instance.signSessionToken()
      const handshake = [`__session=${token}; Path=/; HttpOnly`, '__client_uat=5; Path=/']
      const brought = await instance.signSessionToken({ handshake } as never)
      const answer = await compare(options, {
        path: `/orders?__clerk_handshake=${brought}&page=2`,
        headers: page,
        cookies: { __clerk_db_jwt: 'dvb_1' },
      })
      expect(answer).toMatchObject({ status, headers: { 'set-cookie': handshake } })
      if (status === 307)
        expect(answer).toMatchObject({ headers: { location: 'http://app.example.com/orders?page=2' } })
    }
  })

  it('counts a pending session as signed out, unless the route says otherwise', async () => {
    const headers = bearer(await production.signSessionToken({ sts: 'pending' }))
    expect(await compare(live, { headers })).toMatchObject({ body: { userId: null, sessionStatus: 'pending' } })
    expect(await compare(live, { headers, path: '/?pending=yes' })).toMatchObject({
      body: { userId: 'user_test', sessionStatus: 'pending' },
    })
  })

  it('refuses tokens of templates', async () => {
    expect(await compare(live, { headers: bearer(await production.signTemplateToken()) })).toMatchObject({
      body: { userId: null },
    })
  })

  it('believes the header when a cookie says otherwise', async () => {
    const cookies = { __session: await production.signSessionToken({ sub: 'user_cookie' }), __client_uat: '1' }
    const headers = bearer(await production.signSessionToken({ sub: 'user_header' }))
    expect(await compare(live, { cookies, headers })).toMatchObject({ body: { userId: 'user_header' } })
    expect(await compare(live, { cookies, headers: bearer('nonsense') })).toMatchObject({ body: { userId: null } })
  })

  it('takes URLs as proxies tell them', async () => {
    const headers = { ...page, 'x-forwarded-host': 'shop.example.com', 'x-forwarded-proto': 'https' }
    const { location } = (await compare(live, { path: '/a?b=c', headers, cookies: { __client_uat: '1' } }))[
      'headers'
    ] as { location: string }
    expect(new URL(location).searchParams.get('redirect_url')).toBe('https://shop.example.com/a?b=c')
  })

  it('sends visitors of a satellite to where people sign in', async () => {
    const satellite = {
      ...live,
      isSatellite: true,
      domain: 'satellite.example.com',
      signInUrl: 'https://main.example.com/sign-in',
    }
    const path = '/?__clerk_synced=false'
    expect(await compare(satellite, { path, headers: page })).toMatchObject({
      status: 307,
      headers: { 'x-clerk-auth-reason': 'satellite-needs-syncing' },
    })
    expect(await compare(satellite, { path: '/?__clerk_synced=true', headers: page })).toMatchObject({ status: 200 })
    const decided = {
      ...live,
      signInUrl: satellite.signInUrl,
      isSatellite: (url: URL) => url.hostname === 'app.example.com',
      domain: (url: URL) => url.hostname,
    }
    expect(await compare(decided, { path, headers: page })).toMatchObject({ status: 307 })
    expect(await compare(decided, { path, headers: { ...page, host: 'main.example.com' } })).toMatchObject({
      status: 200,
    })
    const inDevelopment = {
      ...test,
      isSatellite: true,
      domain: 'satellite.example.com',
      signInUrl: 'https://main.example.com/sign-in',
    }
    expect(await compare(inDevelopment, { path, headers: page })).toMatchObject({ status: 307 })
  })

  it('leads handshakes through a proxy', async () => {
    const request = { path: '/orders', headers: page, cookies: { __client_uat: '1' } }
    for (const proxy of [
      { proxyUrl: 'https://app.example.com/__auth' },
      { proxyUrl: '/__auth' },
      { proxyUrl: (url: URL) => `${url.origin}/__auth` },
    ]) {
      expect(await compare({ ...live, ...proxy }, request)).toMatchObject({
        headers: { location: expect.stringContaining('app.example.com/__auth/v1/client/handshake') },
      })
    }
    for (const enabled of [true, (url: URL) => url.hostname === 'app.example.com']) {
      const answer = await compare({ ...live, frontendApiProxy: { enabled } }, request)
      expect(answer).toMatchObject({
        headers: { location: expect.stringContaining('http://app.example.com/__clerk/v1/client/handshake') },
      })
    }
    const both = await compare(
      { ...live, proxyUrl: 'https://auth.example.com', frontendApiProxy: { enabled: true } },
      request,
    )
    expect(both).toMatchObject({
      headers: { location: expect.stringContaining('https://auth.example.com/v1/client/handshake') },
    })
    const withoutProxy = await compare({ ...live, frontendApiProxy: { enabled: false } }, request)
    expect(withoutProxy).toMatchObject({
      headers: { location: expect.stringContaining('https://clerk.example.com/v1/') },
    })
  })

  it('takes its options from a function of the request', async () => {
    const options = async ({ hostname }: { hostname: string }) => (hostname === 'app.example.com' ? live : test)
    expect(await compare(options, { headers: bearer(await session()) })).toMatchObject({
      body: { userId: 'user_test' },
    })
    expect(
      await compare(options, { headers: { ...bearer(await session()), host: 'other.example.com' } }),
    ).toMatchObject({ body: { userId: null } })
    expect(await compare(() => Promise.reject(new Error('no tenant')), {})).toMatchObject({
      status: 500,
      body: { error: 'no tenant' },
    })
  })

  it('takes the keys of a client that it is given, unless the options have others', async () => {
    const headers = bearer(await session())
    const { publishableKey, secretKey, jwtKey } = live
    const withClient = (others: ClerkMiddlewareOptions) =>
      compareWith(
        ({ createClerkClient }) => ({
          clerkClient: createClerkClient({ publishableKey, secretKey, jwtKey } as never),
          ...others,
        }),
        { headers },
      )
    expect(await withClient({})).toMatchObject({ body: { userId: 'user_test' } })
    expect(await withClient({ jwtKey: development.jwtKey })).toMatchObject({ body: { userId: null } })
  })

  it('redirects from guarded routes', async () => {
    expect(await compare(live, { path: '/guarded', headers: bearer(await session()) })).toMatchObject({
      status: 200,
      body: 'come in',
    })
    expect(await compare(live, { path: '/guarded' })).toMatchObject({ status: 302, headers: { location: '/' } })
    expect(await compare({ ...live, signInUrl: '/sign-in' }, { path: '/guarded' })).toMatchObject({
      headers: { location: '/sign-in' },
    })
    vi.stubEnv('CLERK_SIGN_IN_URL', '/from-environment')
    expect(await compare(live, { path: '/guarded' })).toMatchObject({ headers: { location: '/from-environment' } })
    vi.stubEnv('CLERK_SIGN_IN_URL', undefined)
  })

  it('takes from the environment what the options leave out', async () => {
    vi.stubEnv('CLERK_PUBLISHABLE_KEY', production.publishableKey)
    vi.stubEnv('CLERK_SECRET_KEY', production.secretKey)
    vi.stubEnv('CLERK_JWT_KEY', production.jwtKey)
    expect(await compare({}, { headers: bearer(await session()) })).toMatchObject({ body: { userId: 'user_test' } })
    expect(await compare({ jwtKey: '', secretKey: '' }, { headers: bearer(await session()) })).toMatchObject({
      body: { userId: 'user_test' },
    })
    expect(await compare({ jwtKey: development.jwtKey }, { headers: bearer(await session()) })).toMatchObject({
      body: { userId: null },
    })
    for (const name of ['CLERK_PUBLISHABLE_KEY', 'CLERK_SECRET_KEY', 'CLERK_JWT_KEY']) vi.stubEnv(name, undefined)
  })
})

describe('with an API to ask, as @clerk/express, this package', () => {
  const machine = {
    created_at: 1,
    updated_at: 1,
    expiration: null,
    expired: false,
    revoked: false,
    revocation_reason: null,
    scopes: ['read'],
    claims: null,
  }
  let api: FakeApiServer
  let options: ClerkMiddlewareOptions
  beforeAll(async () => {
    api = await startFakeApi({
      'GET /v1/jwks': production.keySet,
      'POST /api_keys/verify': {
        object: 'api_key',
        id: 'ak_1',
        type: 'api_key',
        name: 'CI',
        subject: 'user_1',
        created_by: null,
        description: null,
        last_used_at: null,
        ...machine,
      },
      'POST /m2m_tokens/verify': { object: 'machine_to_machine_token', id: 'mt_1', subject: 'mch_1', ...machine },
      'POST /oauth_applications/access_tokens/verify': {
        object: 'clerk_idp_oauth_access_token',
        id: 'oat_1',
        client_id: 'app_1',
        type: 'oauth_token',
        subject: 'user_1',
        ...machine,
      },
      'GET /v1/clients/handshake_payload?nonce=once': { directives: ['__client_uat=0; Path=/'] },
    })
    options = { publishableKey: production.publishableKey, secretKey: production.secretKey, apiUrl: api.url }
  })
  afterAll(() => api.close())

  it('verifies sessions with the key set', async () => {
    expect(await compare(options, { headers: bearer(await session()) }, api)).toMatchObject({
      body: { userId: 'user_test' },
    })
    const stranger = await (await createTestInstance({ type: 'production' })).signSessionToken()
    expect(await compare(options, { headers: bearer(stranger) }, api)).toMatchObject({ body: { userId: null } })
  })

  it.each([
    ['ak_1234567890abcdef', 'api_key', { id: 'ak_1', userId: 'user_1' }],
    ['mt_1234567890abcdef', 'm2m_token', { id: 'mt_1', machineId: 'mch_1' }],
    ['oat_1234567890abcdef', 'oauth_token', { id: 'oat_1', clientId: 'app_1' }],
  ])('verifies %s, and shows it to routes that accept its kind', async (token, type, facts) => {
    for (const accepts of [type, 'any', `session_token,${type}`]) {
      expect(await compare(options, { path: `/?accepts=${accepts}`, headers: bearer(token) }, api)).toMatchObject({
        body: { tokenType: type, isAuthenticated: true, ...facts },
      })
    }
    for (const path of [
      '/',
      '/?accepts=session_token',
      `/?accepts=${type === 'api_key' ? 'm2m_token' : 'api_key'}`,
      '/?accepts=session_token,session_token',
    ]) {
      expect(await compare(options, { path, headers: bearer(token) }, api)).toMatchObject({
        body: { isAuthenticated: false },
      })
    }
    expect(await compare(options, { path: '/guarded', headers: bearer(token) }, api)).toMatchObject({
      status: type === 'm2m_token' ? 302 : 200,
    })
  })

  it('verifies JWTs of machines and of OAuth applications', async () => {
    for (const [token, type] of [
      [await production.signMachineToken(), 'm2m_token'],
      [await production.signOAuthToken(), 'oauth_token'],
    ]) {
      expect(await compare(options, { path: `/?accepts=${type}`, headers: bearer(token!) }, api)).toMatchObject({
        body: { tokenType: type, isAuthenticated: true },
      })
      expect(await compare(options, { headers: bearer(token!) }, api)).toMatchObject({ body: { userId: null } })
    }
  })

  it('fetches the cookies of a handshake', async () => {
    const path = '/?__clerk_handshake_nonce=once'
    // Where this is asked, the official package looks for the key in the environment only.
    vi.stubEnv('CLERK_SECRET_KEY', production.secretKey)
    expect(await compare(options, { path, headers: page }, api)).toMatchObject({
      status: 200,
      headers: { 'set-cookie': ['__client_uat=0; Path=/'] },
    })
  })
})
