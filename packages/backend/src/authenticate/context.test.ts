import { afterEach, describe, expect, it, vi } from 'vitest'
import { ask } from './ask.test-support.js'
import { developmentKey, document, mint, NOW, productionKey } from './instance.test-support.js'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

describe("the Frontend API on Vercel's own domain", () => {
  const onVercel = { VERCEL_TARGET_ENV: 'production', VERCEL_PROJECT_PRODUCTION_URL: 'shop.vercel.app' }
  const proxyUrl = async (environment: Record<string, string>, options: object = {}) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
    return (await ask({}, { publishableKey: productionKey, ...options })).state.proxyUrl
  }

  it.each(['shop.vercel.app', 'https://shop.vercel.app', 'http://shop.vercel.app/x', 'shop.vercel.app:443'])(
    'is reached through the application at %s',
    async (url) => {
      expect(await proxyUrl({ ...onVercel, VERCEL_PROJECT_PRODUCTION_URL: url })).toBe(
        'https://app.example.com/__clerk',
      )
    },
  )

  it.each([
    [{ VERCEL_PROJECT_PRODUCTION_URL: 'shop.example.com' }],
    [{ VERCEL_PROJECT_PRODUCTION_URL: 'vercel.app.example.com' }],
    [{ VERCEL_PROJECT_PRODUCTION_URL: '.vercel.app.example.com' }],
    [{ VERCEL_PROJECT_PRODUCTION_URL: 'example.com/https://shop.vercel.app' }],
    [{ VERCEL_PROJECT_PRODUCTION_URL: '' }],
    [{ VERCEL_TARGET_ENV: 'preview' }],
    [{ VERCEL_TARGET_ENV: '' }],
    [{ CLERK_DISABLE_AUTO_PROXY: 'true' }],
    [{ CLERK_DISABLE_AUTO_PROXY: 'TRUE' }],
    [{ CLERK_DISABLE_AUTO_PROXY: '1' }],
  ])('is not with %j', async (changes) => {
    expect(await proxyUrl({ ...onVercel, ...changes } as Record<string, string>)).toBe('')
  })

  it.each(['false', '0', 'not true', 'true or not', '10', '01'])('is not kept from it by %j', async (disabled) => {
    expect(await proxyUrl({ ...onVercel, CLERK_DISABLE_AUTO_PROXY: disabled })).toBe('https://app.example.com/__clerk')
  })

  it('is not in development, with a domain, or where the application says how it is reached', async () => {
    expect(await proxyUrl(onVercel, { publishableKey: developmentKey })).toBe('')
    expect(await proxyUrl(onVercel, { domain: 'example.com' })).toBe('')
    expect(await proxyUrl(onVercel, { proxyUrl: '/own' })).toBe('https://app.example.com/own')
    expect(await proxyUrl(onVercel, { proxyUrl: 'https://proxy.example/own' })).toBe('https://proxy.example/own')
  })
})

describe('what a browser brings in its URL', () => {
  it('counts before its cookies', async () => {
    const { location, state } = await ask(
      { url: 'https://app.example.com/?__clerk_db_jwt=dvb_2', headers: document, cookies: { __clerk_db_jwt: 'dvb_1' } },
      { publishableKey: developmentKey },
    )
    expect(state.reason).toBe('dev-browser-sync')
    expect(new URL(location!).searchParams.get('__clerk_db_jwt')).toBe('dvb_2')
    const asked = async (url: string, cookies: Record<string, string>) =>
      (await ask({ url, headers: document, cookies })).requests.map(({ path }) => path)
    expect(
      await asked('https://app.example.com/?__clerk_handshake_nonce=n2', { __clerk_handshake_nonce: 'n1' }),
    ).toEqual(['/clients/handshake_payload?nonce=n2'])
    expect(await asked('https://app.example.com/?__clerk_handshake_nonce=', { __clerk_handshake_nonce: 'n1' })).toEqual(
      ['/clients/handshake_payload?nonce=n1'],
    )
    expect(await asked('https://app.example.com/', { __clerk_handshake_nonce: 'n1' })).toEqual([
      '/clients/handshake_payload?nonce=n1',
    ])
  })
})

describe('a token of another kind in a cookie', () => {
  it.each([
    ['a template', { category: 'cl_B7d4PD222AAA' }, {}],
    ['a machine', { category: 'cl_B7d4PD333AAA' }, { sub: 'mch_1' }],
    ['a machine, though it says it is of a session', {}, { sub: 'mch_1' }],
    ['an OAuth application', { type: 'at+jwt', category: undefined }, {}],
  ])('is no session: %s', async (_, options, claims) => {
    vi.useFakeTimers({ now: NOW * 1000, toFake: ['Date'] })
    const token = await mint(claims, options)
    for (const visit of [
      { headers: document, cookies: { __session: token, __client_uat: '9' } },
      { headers: { authorization: `Bearer ${token}` } },
    ]) {
      const { state } = await ask(visit)
      expect(state).toMatchObject({
        status: 'signed-out',
        reason: 'token-type-mismatch',
        message: '',
        tokenType: 'session_token',
      })
      expect(state.toAuth()).toMatchObject({ userId: null })
    }
  })
})

describe('an opaque token of a machine', () => {
  it.each(['mt_1', 'oat_1', 'ak_1'])('is no session: %s', async (token) => {
    const { state, requests } = await ask({ headers: { authorization: `Bearer ${token}` } })
    expect(state).toMatchObject({ status: 'signed-out', reason: 'token-invalid', tokenType: 'session_token' })
    expect(requests).toEqual([])
  })
})

describe('a session cookie without our suffix', () => {
  it.each([7, true, ['https://clerk.example.com'], { a: 1 }])(
    'is of another instance when its issuer is %j',
    async (iss) => {
      vi.useFakeTimers({ now: NOW * 1000, toFake: ['Date'] })
      const { state } = await ask({ cookies: { __session: await mint({ iss }), __client_uat: '9' } })
      expect(state).toMatchObject({ status: 'signed-out', reason: 'session-token-and-uat-missing' })
    },
  )
})
