import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ask as askAny, bearer } from './ask.test-support.js'
import type { Visit } from './asking.test-support.js'
import {
  developmentKey,
  DEVELOPMENT_HOST,
  document,
  mint,
  NOW,
  PRODUCTION_HOST,
  productionKey,
} from './instance.test-support.js'
import type { AuthenticateRequestOptions } from './options.js'
import { createBootstrapSignedOutState, debugRequestState } from './request-state.js'

const secretKey = 'sk_live_a_very_secret_one'
const pages = {
  proxyUrl: 'https://app.example.com/__clerk',
  isSatellite: true,
  domain: 'satellite.com',
  signInUrl: '/in',
  signUpUrl: '/up',
  afterSignInUrl: '/after-in',
  afterSignUpUrl: '/after-up',
}
const noPages = {
  proxyUrl: '',
  isSatellite: false,
  domain: '',
  signInUrl: '',
  signUpUrl: '',
  afterSignInUrl: '',
  afterSignUpUrl: '',
}

const ask = async (visit: Visit, options: AuthenticateRequestOptions = {}) =>
  (await askAny(visit, { secretKey, ...options })).state

beforeEach(() => {
  vi.useFakeTimers({ now: NOW * 1000, toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('the state of a request', () => {
  it('repeats what the options say of the application', async () => {
    const state = await ask({ headers: bearer(await mint()) }, pages)
    expect(state).toMatchObject({
      ...pages,
      publishableKey: productionKey,
      status: 'signed-in',
      reason: null,
      message: null,
      isSignedIn: true,
      isAuthenticated: true,
      tokenType: 'session_token',
    })
    expect([...state.headers]).toEqual([])
    expect(await ask({})).toMatchObject({
      ...noPages,
      publishableKey: productionKey,
      status: 'signed-out',
      isSignedIn: false,
      isAuthenticated: false,
      token: null,
    })
    expect(await ask({ headers: document, cookies: { __client_uat: '9' } }, pages)).toMatchObject({
      ...pages,
      status: 'handshake',
      isSignedIn: false,
      isAuthenticated: false,
      token: null,
    })
  })

  it('says in headers what was decided', async () => {
    const state = await ask({ headers: bearer('garbage') })
    expect(Object.fromEntries(state.headers)).toEqual({
      'x-clerk-auth-status': 'signed-out',
      'x-clerk-auth-reason': 'token-invalid',
      'x-clerk-auth-message': state.message,
    })
    expect(state.message).toMatch(/^The token is not a JWT/)
    expect(Object.fromEntries((await ask({})).headers)).toEqual({
      'x-clerk-auth-status': 'signed-out',
      'x-clerk-auth-reason': 'session-token-and-uat-missing',
    })
    const needed = await ask({ headers: document, cookies: { __client_uat: '9' } })
    expect(Object.fromEntries(needed.headers)).toMatchObject({
      'x-clerk-auth-status': 'handshake',
      'x-clerk-auth-reason': 'client-uat-but-no-session-token',
    })
  })

  it.each(['é', 'a\nb', '\u007f', 'ok\u0000'])(
    'leaves a message out of the headers that has characters no header may have: %j',
    (message) => {
      const state = createBootstrapSignedOutState({ message })
      expect(state.message).toBe(message)
      expect(state.headers.has('x-clerk-auth-message')).toBe(false)
    },
  )

  it('is signed out where there are no keys yet', () => {
    const { headers, toAuth, ...state } = createBootstrapSignedOutState()
    expect(state).toEqual({
      ...noPages,
      publishableKey: '',
      status: 'signed-out',
      reason: 'session-token-and-uat-missing',
      message: '',
      isSignedIn: false,
      isAuthenticated: false,
      token: null,
      tokenType: 'session_token',
    })
    expect(Object.fromEntries(headers)).toEqual({
      'x-clerk-auth-status': 'signed-out',
      'x-clerk-auth-reason': 'session-token-and-uat-missing',
    })
    expect(toAuth().debug()).toEqual({ status: 'signed-out', reason: 'session-token-and-uat-missing', message: '' })
    const own = new Headers({ a: 'b' })
    const other = createBootstrapSignedOutState({
      reason: 'unexpected-error',
      message: 'x',
      headers: own,
      signInUrl: '/in',
    })
    expect(other).toMatchObject({ reason: 'unexpected-error', message: 'x', signInUrl: '/in', headers: own })
    expect(other.toAuth()).toMatchObject({ userId: null, isAuthenticated: false })
  })

  it('quotes nothing in the headers that proxies in between would find too long', async () => {
    const header = (typ: string) => Buffer.from(JSON.stringify({ alg: 'RS256', typ })).toString('base64url')
    const [short, long] = await Promise.all(
      ['x', 'x'.repeat(3000)].map(async (typ) => ask({ headers: bearer(`${header(typ)}.e30.AAAA`) })),
    )
    expect(short!.headers.get('x-clerk-auth-message')).toBe(short!.message)
    expect(long).toMatchObject({
      status: 'signed-out',
      reason: 'token-invalid',
      message: expect.stringContaining('x'.repeat(3000)),
    })
    expect(long!.headers.get('x-clerk-auth-message')).toBeNull()
  })

  it('has little that may stand in a log', async () => {
    const state = await ask({ headers: bearer(await mint()) }, pages)
    expect(debugRequestState(state)).toEqual({
      isSignedIn: true,
      isAuthenticated: true,
      reason: null,
      message: null,
      publishableKey: productionKey,
      proxyUrl: pages.proxyUrl,
      isSatellite: true,
      domain: 'satellite.com',
    })
  })
})

describe('a session with tasks left', () => {
  it('counts as signed out unless it is asked for', async () => {
    const state = await ask({ headers: bearer(await mint({ sts: 'pending' })) })
    for (const options of [undefined, {}, { treatPendingAsSignedOut: true }]) {
      expect(state.toAuth(options)).toMatchObject({
        userId: null,
        sessionClaims: null,
        sessionStatus: 'pending',
        isAuthenticated: false,
      })
    }
    expect(state.toAuth({ treatPendingAsSignedOut: false })).toMatchObject({
      userId: 'user_1',
      sessionStatus: 'pending',
      isAuthenticated: true,
    })
  })

  it('is no other session', async () => {
    const state = await ask({ headers: bearer(await mint()) })
    for (const treatPendingAsSignedOut of [true, false])
      expect(state.toAuth({ treatPendingAsSignedOut })).toMatchObject({ userId: 'user_1', sessionStatus: 'active' })
  })
})

describe('what is told to who looks for a mistake', () => {
  const suffix = expect.stringMatching(/^[\w-]{8}$/) as unknown
  const url = 'https://app.example.com/page?x=1'

  it('is everything that was known of a browser, with secrets cut', async () => {
    const token = await mint({ iss: `https://${DEVELOPMENT_HOST}` })
    const cookies = {
      __session: token,
      __client_uat: '9',
      __clerk_db_jwt: 'dvb_secret_browser',
      __clerk_redirect_count: '1',
      __clerk_handshake: 'a secret handshake',
    }
    const state = await ask(
      { cookies, headers: { 'sec-fetch-dest': 'empty' } },
      { publishableKey: developmentKey, machineSecretKey: 'ak_machine_secret', signInUrl: '/in' },
    )
    const { cookieSuffix, ...known } = state.toAuth()!.debug()
    expect(cookieSuffix).toEqual(suffix)
    expect(known).toEqual({
      publishableKey: developmentKey,
      secretKey: 'sk_live',
      machineSecretKey: 'ak_mach',
      jwtKey: '-----BE',
      maxRetries: 0,
      signInUrl: '/in',
      apiUrl: undefined,
      apiVersion: undefined,
      proxyUrl: undefined,
      isSatellite: undefined,
      domain: undefined,
      audience: undefined,
      instanceType: 'development',
      frontendApi: DEVELOPMENT_HOST,
      sessionTokenInCookie: 'eyJ0eXA',
      refreshTokenInCookie: '',
      clientUat: 9,
      devBrowserToken: 'dvb_sec',
      handshakeToken: 'a secre',
      handshakeNonce: '',
      handshakeRedirectLoopCounter: 1,
      method: 'GET',
      clerkUrl: url,
      tokenInHeader: '',
      sessionToken: 'eyJ0eXA',
    })
  })

  it('has no secret of the URL either', async () => {
    const secrets =
      '__clerk_db_jwt=dvb_secret_browser&__clerk_handshake=a_secret_handshake&__clerk_handshake_nonce=a_secret_nonce&__dev_session=a_secret_of_old'
    const state = await ask(
      { url: `https://app.example.com/x?a=b&${secrets}`, headers: { ...bearer('garbage') } },
      { publishableKey: developmentKey },
    )
    const known = JSON.stringify(state.toAuth()!.debug())
    expect(known).toContain('https://app.example.com/x?a=b&')
    expect(known).not.toMatch(/secret_browser|secret_handshake|secret_nonce|secret_of_old/)
  })

  it('is the reason of who is signed out', async () => {
    const state = await ask({ headers: bearer('garbage') })
    expect(state.toAuth()!.debug()).toMatchObject({
      status: 'signed-out',
      reason: 'token-invalid',
      message: state.message,
      tokenInHeader: 'garbage',
      instanceType: 'production',
      frontendApi: PRODUCTION_HOST,
      method: 'GET',
      clerkUrl: url,
    })
  })

  it('is little of a machine', async () => {
    const state = await ask({ method: 'POST' }, { acceptsToken: 'api_key' })
    expect(state.toAuth()!.debug()).toEqual({ reason: 'No token in header', message: '', headers: state.headers })
    const body = { id: 'ak_id', subject: 'user_1', scopes: [] }
    const found = await ask(
      { headers: bearer('ak_a_secret_key'), api: { '/api_keys/verify': { body } } },
      { acceptsToken: 'api_key' },
    )
    const known = found.toAuth()!.debug()
    expect(known).toMatchObject({ tokenInHeader: 'ak_a_se', secretKey: 'sk_live', method: 'GET', clerkUrl: url })
    expect(known).not.toHaveProperty('instanceType')
  })
})
