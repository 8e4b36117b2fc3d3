import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { signJwt } from '@latchkey/crypto'
import { createAuthenticateRequest } from './authenticate-request.js'
import { toRequest, type Visit } from './asking.test-support.js'
import {
  createApi,
  DEVELOPMENT_HOST,
  developmentKey,
  document,
  jwtKey,
  mint,
  NOW,
  productionKey,
} from './instance.test-support.js'
import type { AuthenticateRequestOptions } from './options.js'
import type { RequestState } from './request-state.js'

const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
const session = await mint()
const [header, payload, signature] = session.split('.') as [string, string, string]
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

async function ask(visit: Visit, options: AuthenticateRequestOptions = {}) {
  const api = createApi(visit.api)
  const shared = { publishableKey: productionKey, secretKey: 'sk_test_x', jwtKey, maxRetries: 0, fetch: api.fetch }
  const { authenticateRequest } = createAuthenticateRequest({ options: shared })
  const state: RequestState = await authenticateRequest(toRequest(visit), { ...visit.options, ...options })
  return { state, requests: api.requests }
}

const withHeader = (token: string): Visit => ({ headers: { authorization: `Bearer ${token}` } })
const withCookie = (token: string): Visit => ({ cookies: { __session: token, __client_uat: '9' }, headers: document })

beforeEach(() => {
  vi.useFakeTimers({ now: NOW * 1000, toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('bad tokens', () => {
  const symmetric = once(() =>
    signJwt(JSON.parse(Buffer.from(payload, 'base64url').toString()), jwtKey, {
      algorithm: 'HS256',
      keyId: 'ins_1',
      category: 'cl_B7d4PD111AAA',
    }),
  )
  const strangerJwk = { ...stranger.publicKey.export({ format: 'jwk' }), kid: 'ins_1' }
  const tokens: [name: string, make: () => string | Promise<string>][] = [
    ['garbage', () => 'garbage'],
    ['three dots', () => '...'],
    ['control characters', () => `${header}.${payload}.\u007f`],
    ['a truncated token', () => session.slice(0, -20)],
    ['a token without its signature', () => `${header}.${payload}.`],
    ['a token with four parts', () => `${session}.x`],
    ['alg none', () => `${encode({ alg: 'none', typ: 'JWT' })}.${payload}.`],
    ['alg none with a signature', () => `${encode({ alg: 'none', typ: 'JWT', kid: 'ins_1' })}.${payload}.${signature}`],
    ['alg nOnE', () => `${encode({ alg: 'nOnE', kid: 'ins_1' })}.${payload}.${signature}`],
    ['the public key as HMAC secret', () => symmetric()],
    ['a swapped header', () => `${encode({ alg: 'RS512', typ: 'JWT', kid: 'ins_1' })}.${payload}.${signature}`],
    [
      'a header of another algorithm',
      () => `${encode({ alg: 'ES256', typ: 'JWT', kid: 'ins_1' })}.${payload}.${signature}`,
    ],
    ['a header that is an array', () => `${encode([])}.${payload}.${signature}`],
    ['a payload of null', () => `${header}.${encode(null)}.${signature}`],
    ['a key id that is a path', () => mint({}, { keyId: '../../etc/passwd' }, stranger.privateKey)],
    ['a key id that is a property of objects', () => mint({}, { keyId: '__proto__' }, stranger.privateKey)],
    ['a key in the header', () => mint({}, { header: { jwk: strangerJwk } }, stranger.privateKey)],
    [
      'a key set in the header',
      () => mint({}, { header: { jku: 'https://evil.example/jwks.json' } }, stranger.privateKey),
    ],
    [
      'a certificate in the header',
      () => mint({}, { header: { x5u: 'https://evil.example/x.pem', x5c: ['AAAA'] } }, stranger.privateKey),
    ],
    ['critical extensions', () => mint({}, { header: { crit: ['b64'], b64: false } })],
    ['a token of another instance', () => mint({}, {}, stranger.privateKey)],
    ['a subject that is an object', () => mint({ sub: { id: 'user_1' } })],
    ['no end', () => mint({ exp: undefined })],
    ['an end that is text', () => mint({ exp: '9999999999' })],
    ['a start that is text', () => mint({ nbf: '0' })],
    ['a megabyte of token', () => `${header}.${'A'.repeat(1_000_000)}.${signature}`],
    ['a megabyte of header', () => `${'A'.repeat(1_000_000)}.${payload}.${signature}`],
    ['a megabyte of dots', () => '.'.repeat(1_000_000)],
    ['a signature spelt in another way', () => `${session.slice(0, -1)}${nextLetter(session.at(-1)!)}`],
    ['a signature in padded base64', () => `${session}==`],
  ]

  it.each(tokens)('lets nobody in with %s, and throws nothing', async (_, make) => {
    const token = await make()
    for (const withKey of [jwtKey, undefined]) {
      const inHeader = await ask(
        { headers: { authorization: `Bearer ${token.replace(/[^\x20-\x7e]/g, '?')}` } },
        { jwtKey: withKey },
      )
      expect(inHeader.state).toMatchObject({ status: 'signed-out', isAuthenticated: false })
      expect(inHeader.state.toAuth()).toMatchObject({ userId: null })
      const inCookie = await ask(withCookie(encodeURIComponent(token)), { jwtKey: withKey })
      expect(inCookie.state.isAuthenticated).toBe(false)
      const asked = [...inHeader.requests, ...inCookie.requests].map(({ path }) => path)
      expect(asked.filter((path) => path !== '/jwks')).toEqual([])
    }
  })

  it('never shows a token in a message', async () => {
    for (const [, make] of tokens.filter(([name]) => !name.startsWith('a megabyte'))) {
      const token = await make()
      const { state } = await ask(withHeader(token.replace(/[^\x20-\x7e]/g, '?')))
      for (const part of token.split('.'))
        if (part.length > 20) expect(JSON.stringify([state.message, [...state.headers]])).not.toContain(part)
    }
  })

  it('stay bad however a good one is changed, ten thousand times', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ %\u0000é'
    const at = fc.nat(session.length - 1)
    const change = fc.oneof(
      fc
        .tuple(at, fc.constantFrom(...alphabet))
        .map(([index, letter]) => session.slice(0, index) + letter + session.slice(index + 1)),
      fc
        .tuple(at, fc.constantFrom(...alphabet))
        .map(([index, letter]) => session.slice(0, index) + letter + session.slice(index)),
      fc
        .tuple(at, fc.integer({ min: 1, max: 8 }))
        .map(([index, length]) => session.slice(0, index) + session.slice(index + length)),
      fc.tuple(at, at).map(([a, b]) => session.slice(Math.min(a, b)) + session.slice(0, Math.min(a, b))),
      fc.tuple(at, at).map(([a, b]) => session.slice(0, a) + session.slice(b)),
      fc
        .record({ sub: fc.string(), sid: fc.string(), exp: fc.integer() })
        .map((claims) => `${header}.${encode(claims)}.${signature}`),
      fc.record({ alg: fc.string(), kid: fc.string() }).map((changed) => `${encode(changed)}.${payload}.${signature}`),
    )
    const { verifyToken } = await import('../verify-token.js')
    await fc.assert(
      fc.asyncProperty(change, async (token) => {
        fc.pre(token !== session)
        await expect(verifyToken(token, { jwtKey })).rejects.toMatchObject({ reason: expect.stringMatching(/^token-/) })
      }),
      { numRuns: 10_000 },
    )
  })
})

describe('odd requests', () => {
  it('are read though they carry 200 cookies', async () => {
    const jar = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`cookie_${index}`, 'x'.repeat(20)]))
    const { state } = await ask({ cookies: { ...jar, __session: session, __client_uat: '9' } })
    expect(state.status).toBe('signed-in')
  })

  it.each(['Bearer', 'bearer', 'BEARER', 'bEaReR', 'Bearer  '])('are signed in with the scheme %j', async (scheme) => {
    expect((await ask({ headers: { AUTHORIZATION: `${scheme} ${session}` } })).state.status).toBe('signed-in')
  })

  it.each(['', ' ', 'Bearer', 'Bearer ', 'Basic x', ',', 'Bearer a b c'])(
    'are signed out with the header %j',
    async (authorization) => {
      expect((await ask({ headers: { authorization } })).state.status).toBe('signed-out')
    },
  )

  it.each([
    '',
    ';',
    '=;=;',
    '__session',
    '__session=',
    ';;;__session=x;',
    `__session=${'%'.repeat(50)}; __client_uat=9`,
    '__proto__=1; __session=2; __client_uat=1',
  ])('are signed out with the cookies %j', async (cookie) => {
    expect((await ask({ headers: { cookie, ...document } })).state.isAuthenticated).toBe(false)
  })

  it('are signed out when a handshake nonce is used again', async () => {
    const used = {
      '/clients/handshake_payload?nonce=n1': { status: 410, body: { errors: [{ code: 'gone', message: 'used' }] } },
    }
    for (const publishableKey of [productionKey, developmentKey]) {
      const visit = {
        url: 'https://app.example.com/?__clerk_handshake_nonce=n1',
        headers: document,
        cookies: { __session: session, __client_uat: '9' },
        api: used,
      }
      expect((await ask(visit, { publishableKey })).state).toMatchObject({
        status: 'signed-out',
        reason: 'session-token-missing',
      })
    }
  })

  it.each([
    ['garbage', 'garbage'],
    ['a session', session],
    ['a session without its signature', `${header}.${payload}.`],
  ])('survive %s as a handshake token in development', async (_, token) => {
    const { state } = await ask(
      { url: `https://app.example.com/?__clerk_handshake=${token}`, headers: document },
      { publishableKey: developmentKey },
    )
    expect(state.isAuthenticated).toBe(false)
  })

  it('survive an API that is down', async () => {
    const options = {
      publishableKey: developmentKey,
      secretKey: 'sk_test_down',
      jwtKey: undefined,
      fetch: () => Promise.reject(new TypeError('fetch failed')),
    }
    for (const visit of [
      withHeader(session),
      { url: 'https://app.example.com/?__clerk_handshake_nonce=n', headers: document },
      { url: `https://app.example.com/?__clerk_handshake=${session}`, headers: document },
    ]) {
      const { authenticateRequest } = createAuthenticateRequest({ options: { ...options, maxRetries: 0 } })
      expect((await authenticateRequest(toRequest(visit))).isAuthenticated).toBe(false)
    }
  })

  it.each([
    '//evil.example',
    '\\\\evil.example',
    '/\\evil.example',
    'https:evil.example',
    'https:/\\evil.example',
    '/\t/evil.example',
    '\n//evil.example',
    'https://evil\t.example',
    'ht\ntps://evil.example',
    'javascript:alert(1)',
    'x',
    'https://',
    'https://a b/',
  ])('are not sent to %j with the identity of a browser', async (wanted) => {
    const url = `https://app.example.com/?__clerk_redirect_url=${encodeURIComponent(wanted)}`
    const { state } = await ask(
      { url, headers: document, cookies: { __clerk_db_jwt: 'dvb_1' } },
      { publishableKey: developmentKey },
    )
    expect(state).toMatchObject({ status: 'signed-out', reason: 'session-token-and-uat-missing' })
    expect(state.headers.get('location')).toBeNull()
  })

  it('are read soon, however long the address of a satellite is that they bring', async () => {
    const url = `https://app.example.com/?__clerk_redirect_url=https://${'a'.repeat(250_000)}%20`
    const { state } = await ask(
      { url, headers: document, cookies: { __clerk_db_jwt: 'dvb_1' } },
      { publishableKey: developmentKey },
    )
    expect(state.reason).toBe('session-token-and-uat-missing')
  })

  it.each([['//evil.example/x'], ['/\\evil.example'], ['/@evil.example'], ['//evil.example:80']])(
    'never come back to another host from the path %j',
    async (path) => {
      const headers = { ...document, 'x-forwarded-host': 'shop.example.com', 'x-forwarded-proto': 'https' }
      const { state } = await ask({ url: `http://10.0.0.1${path}`, headers, cookies: { __client_uat: '9' } })
      const back = new URL(new URL(state.headers.get('location')!).searchParams.get('redirect_url')!)
      expect(back.host).toBe('shop.example.com')
    },
  )

  it.each([
    'https://accounts.evil.com/',
    'https://accounts.dev/',
    'https://accounts.example.com.evil.com/',
    'https://evil-accounts.example.com/',
    'http://accounts.example.com/',
    'https://accounts.example.com:444/',
    'https://clerk.example.com.evil.com/',
    'https://happy-mole-1.accounts.dev/',
  ])('are not trusted because of the referrer %s', async (referer) => {
    const { state } = await ask({
      cookies: { __session: session, __client_uat: '9' },
      headers: { ...document, referer },
    })
    expect(state).toMatchObject({ status: 'handshake', reason: 'primary-domain-cross-origin-sync' })
  })

  it.each([`https://${DEVELOPMENT_HOST}.evil.com/`, 'https://accounts.dev.evil.com/', 'https://x.clerk.accounts.dev/'])(
    'are not trusted in development because of the referrer %s',
    async (referer) => {
      const token = await mint({ iss: `https://${DEVELOPMENT_HOST}` })
      const { state } = await ask(
        { cookies: { __session: token, __client_uat: '9', __clerk_db_jwt: 'd' }, headers: { ...document, referer } },
        { publishableKey: developmentKey },
      )
      expect(state).toMatchObject({ status: 'handshake', reason: 'primary-domain-cross-origin-sync' })
    },
  )
})

describe('published advisories', () => {
  it('CVE-2024-22206: what a request claims about its own authentication is not believed', async () => {
    const forged = await mint({ sub: 'user_victim' }, {}, stranger.privateKey)
    const claimed = {
      'x-clerk-auth-status': 'signed-in',
      'x-clerk-auth-reason': '',
      'x-clerk-auth-token': forged,
      'x-clerk-auth-signature': 'x',
      'x-clerk-request-data': 'x',
    }
    for (const visit of [
      { headers: claimed },
      { headers: { ...claimed, authorization: `Bearer ${forged}` } },
      { headers: claimed, cookies: { __session: forged, __client_uat: '9', __clerkAuthStatus: 'signed-in' } },
    ]) {
      expect((await ask(visit)).state).toMatchObject({ status: 'signed-out' })
    }
  })

  it('CVE-2026-41248: no spelling of a path changes who a request is from', async () => {
    const organizationSyncOptions = { organizationPatterns: ['/orgs/:slug', '/orgs/:slug/(.*)'] }
    for (const path of [
      '//orgs/acme',
      '/orgs//acme',
      '/%6frgs/acme',
      '/orgs/%2e%2e/admin',
      '/orgs/acme;x',
      '/orgs/acme%00',
      '/orgs%2facme',
      '/./orgs/acme',
      '/ORGS/acme',
    ]) {
      const url = `https://app.example.com${path}`
      expect((await ask({ url, headers: document }, { organizationSyncOptions })).state.status).toBe('signed-out')
      const { state } = await ask(
        { url, headers: { ...document, authorization: `Bearer ${session}` } },
        { organizationSyncOptions },
      )
      expect(state.toAuth()).toMatchObject({ userId: 'user_1' })
    }
  })

  it('CVE-2026-42349: has() holds only when everything that is asked holds', async () => {
    const claims = {
      o: { id: 'org_1', rol: 'admin', per: 'read', fpm: '1' },
      fea: 'o:widgets',
      pla: 'u:pro',
      fva: [5, -1],
    }
    const good = {
      role: 'org:admin',
      permission: 'org:widgets:read',
      feature: 'widgets',
      plan: 'user:pro',
      reverification: 'strict' as const,
    }
    const bad = {
      role: 'org:member',
      permission: 'org:widgets:manage',
      feature: 'gadgets',
      plan: 'org:pro',
      reverification: { level: 'first_factor', afterMinutes: 1 } as const,
    }
    const { state } = await ask(withHeader(await mint(claims)))
    const { has } = state.toAuth()!
    const names = Object.keys(good) as (keyof typeof good)[]
    expect(has(good)).toBe(true)
    for (const name of names) {
      expect(has({ [name]: good[name] })).toBe(true)
      for (const value of [bad[name], null, '', 0, {}, []] as never[]) {
        expect(has({ [name]: value })).toBe(false)
        expect(has({ ...good, [name]: value })).toBe(false)
      }
    }
    for (const params of [{}, null, undefined, 'org:admin'] as never[]) expect(has(params)).toBe(false)
  })
})

/** Makes a token once, when the first test wants it. */
function once(make: () => Promise<string>): () => Promise<string> {
  let made: Promise<string> | undefined
  return () => (made ??= make())
}

/** The last character of a signature has bits that are left over: this one differs in them only. */
function nextLetter(letter: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return alphabet[alphabet.indexOf(letter) + 1]!
}
