import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ask, bearer } from './ask.test-support.js'
import type { Visit } from './asking.test-support.js'
import { DEVELOPMENT_HOST, developmentKey, document, mint, NOW } from './instance.test-support.js'

const DAY = 86_400
const iss = `https://${DEVELOPMENT_HOST}`
const development = { publishableKey: developmentKey }
const organizationSyncOptions = {
  organizationPatterns: ['/orgs/:slug', '/by-id/:id'],
  personalAccountPatterns: ['/me'],
}

const parametersOf = (location: string | null) => Object.fromEntries(new URL(location!).searchParams)
const nonce = (directives: unknown) => ({
  url: 'https://app.example.com/?__clerk_handshake_nonce=n1',
  headers: document,
  api: { '/clients/handshake_payload?nonce=n1': { body: { directives } } },
})
const handshakeToken = (handshake: unknown, changes: object = {}) =>
  mint({ handshake, sid: undefined, ...changes }, { category: undefined })

beforeEach(() => {
  vi.useFakeTimers({ now: NOW * 1000, toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a browser sent to the Frontend API', () => {
  it('takes with it what is needed to come back, and nothing else', async () => {
    const { location } = await ask({
      url: 'https://app.example.com/page?x=1&__dev_session=secret&__clerk_db_jwt=secret',
      headers: document,
      cookies: { __client_uat: '9' },
    })
    expect(location).toMatch(/^https:\/\/clerk\.example\.com\/v1\/client\/handshake\?/)
    expect(parametersOf(location)).toEqual({
      redirect_url: 'https://app.example.com/page?x=1',
      __clerk_api_version: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as unknown,
      suffixed_cookies: 'false',
      __clerk_hs_reason: 'client-uat-but-no-session-token',
      format: 'nonce',
    })
  })

  it('takes its session and, in development, its own token with it', async () => {
    const token = await mint({ iss, exp: NOW - 60, iat: NOW - 120, nbf: NOW - 120 })
    const cookies = { __session: token, __client_uat: '9', __clerk_db_jwt: 'dvb_1' }
    const inDevelopment = await ask({ headers: document, cookies }, development)
    expect(parametersOf(inDevelopment.location)).toMatchObject({ __session: token, __clerk_db_jwt: 'dvb_1' })
    const inProduction = await ask({
      headers: document,
      cookies: { ...cookies, __session: await mint({ exp: 9, iat: 9, nbf: 9 }) },
    })
    expect(parametersOf(inProduction.location)).not.toHaveProperty('__clerk_db_jwt')
    const inHeader = await ask({ headers: { ...document, ...bearer(token) } })
    expect(parametersOf(inHeader.location)).toMatchObject({ __session: token })
  })

  it.each([
    ['https://app.example.com/__clerk', 'https://app.example.com/__clerk/v1/client/handshake?'],
    ['https://app.example.com/__clerk//', 'https://app.example.com/__clerk/v1/client/handshake?'],
    ['http://proxy.example', 'http://proxy.example/v1/client/handshake?'],
    ['/__clerk', 'https://app.example.com/__clerk/v1/client/handshake?'],
    ['proxy.example/http://x', 'https://proxy.example/http://x/v1/client/handshake?'],
  ])('goes through the proxy %s', async (proxyUrl, start) => {
    const { location } = await ask({ headers: document, cookies: { __client_uat: '9' } }, { proxyUrl })
    expect(location).toContain(start)
    expect(location!.startsWith(start)).toBe(true)
  })

  it.each([
    ['/orgs/acme', 'acme'],
    ['/by-id/org_1', 'org_1'],
    ['/me', ''],
    ['/elsewhere', undefined],
  ])('from %s asks for the organization %j', async (path, organization) => {
    const { location } = await ask(
      { url: `https://app.example.com${path}`, headers: document, cookies: { __client_uat: '9' } },
      { organizationSyncOptions },
    )
    expect(parametersOf(location).organization_id).toBe(organization)
  })

  it.each([
    [{ 'sec-fetch-dest': 'document' }, 'GET', 'handshake'],
    [{ 'sec-fetch-dest': 'iframe' }, 'GET', 'handshake'],
    [{ 'sec-fetch-dest': 'empty' }, 'GET', 'signed-out'],
    [{ 'sec-fetch-dest': 'empty', accept: 'text/html' }, 'GET', 'signed-out'],
    [{ accept: 'text/html' }, 'GET', 'handshake'],
    [{ accept: 'text/html,*/*' }, 'GET', 'handshake'],
    [{ accept: '*/*,text/html' }, 'GET', 'signed-out'],
    [{}, 'GET', 'signed-out'],
    [{ 'sec-fetch-dest': 'document' }, 'POST', 'signed-out'],
    [{ accept: 'text/html' }, 'HEAD', 'signed-out'],
  ])('must be on a visit: with %j and %s it is %s', async (headers, method, status) => {
    const { state } = await ask({ headers, method, cookies: { __client_uat: '9' } })
    expect(state).toMatchObject({ status, reason: 'client-uat-but-no-session-token' })
  })

  it('is told when going round does not help', async () => {
    const { state, location } = await ask({
      headers: document,
      cookies: { __client_uat: '9', __clerk_redirect_count: '3' },
    })
    expect(location).toBeNull()
    expect(state.message).toMatch(/^The session could not be renewed: the browser returned without new cookies\./)
    const early = await ask({
      headers: document,
      cookies: { __session: await mint({ nbf: NOW + 60 }), __client_uat: '9', __clerk_redirect_count: '3' },
    })
    expect(early.state).toMatchObject({
      status: 'signed-out',
      reason: 'session-token-nbf',
      message: expect.stringMatching(/^The token is not active before/) as unknown,
    })
  })
})

describe('a browser that comes back', () => {
  it('gets the cookies it brought, of which the session counts', async () => {
    const token = await mint()
    const directives = ['__client_uat=9; Path=/', `__session_abc=${token}; Path=/; Secure`, '__clerk_db_jwt=x', 'empty']
    const { state, location, requests } = await ask(nonce(directives))
    expect(state).toMatchObject({ status: 'signed-in', token })
    expect(state.headers.getSetCookie()).toEqual(directives)
    expect(Object.fromEntries(state.headers)).toMatchObject({
      'access-control-allow-origin': 'null',
      'access-control-allow-credentials': 'true',
    })
    expect(location).toBeNull()
    expect(requests).toEqual([
      {
        method: 'GET',
        path: '/clients/handshake_payload?nonce=n1',
        body: undefined,
        authorization: 'Bearer sk_test_x',
      },
    ])
  })

  it('is cleaned of what the URL brought, in development', async () => {
    const token = await mint({ iss })
    const url =
      'https://app.example.com/x?a=b&__clerk_handshake_nonce=n1&__clerk_help=1&__clerk_db_jwt=y&__clerk_handshake=z#f'
    const { state, location } = await ask({ ...nonce([`__session=${token}`]), url }, development)
    expect(state.status).toBe('signed-in')
    expect(new URL(location!).search).toBe('?a=b')
    expect(state.headers.get('cache-control')).toBe('no-store')
  })

  it.each([[[]], [['__session=; Path=/', '__client_uat=0']], [['x__session=y']], [['__session']], [undefined]])(
    'is signed out with the cookies %j',
    async (directives) => {
      const { state, warnings } = await ask(nonce(directives))
      expect(state).toMatchObject({ status: 'signed-out', reason: 'session-token-missing', message: '' })
      expect(state.headers.getSetCookie()).toEqual(directives ?? [])
      expect(warnings).toEqual([])
    },
  )

  it('is signed out, and someone told, when its nonce is not accepted', async () => {
    const { state, warnings } = await ask({ ...nonce([]), api: {} })
    expect(state).toMatchObject({ status: 'signed-out', reason: 'session-token-missing' })
    expect(state.headers.getSetCookie()).toEqual([])
    expect(warnings).toEqual([
      expect.objectContaining({
        message: 'The handshake nonce was not accepted.',
        cause: expect.any(Error) as unknown,
      }),
    ])
  })

  it.each([
    ['a cookie', { cookies: { __clerk_handshake: 'T' } }],
    ['the URL', { url: 'https://app.example.com/?__clerk_handshake=T' }],
  ])('may bring an older token in %s', async (_, visit) => {
    const token = await mint()
    const handshake = await handshakeToken([`__session=${token}`, 7, null, '__client_uat=9'])
    const text = JSON.stringify({ ...visit, headers: document })
      .replace('"T"', `"${handshake}"`)
      .replace('=T', `=${handshake}`)
    const { state, requests } = await ask(JSON.parse(text) as Visit)
    expect(state).toMatchObject({ status: 'signed-in', token })
    expect(state.headers.getSetCookie()).toEqual([`__session=${token}`, '__client_uat=9'])
    expect(requests).toEqual([])
  })

  it.each(['no list', { length: 1, 0: '__session=x' }, undefined, 7])(
    'brings nothing with the older token of %j',
    async (handshake) => {
      const { state } = await ask({
        cookies: { __clerk_handshake: await handshakeToken(handshake) },
        headers: document,
      })
      expect(state).toMatchObject({ status: 'signed-out', reason: 'session-token-missing' })
      expect(state.headers.getSetCookie()).toEqual([])
    },
  )

  it('may bring an older token that is out of date, as its times mean nothing', async () => {
    const token = await mint()
    const { state } = await ask({
      cookies: {
        __clerk_handshake: await handshakeToken([`__session=${token}`], {
          exp: 9,
          iat: NOW + 999,
          nbf: NOW + 999,
          sub: undefined,
        }),
      },
      headers: document,
    })
    expect(state.status).toBe('signed-in')
  })

  it('is judged by its other cookies when the older token is not of the instance', async () => {
    const token = await mint()
    for (const handshake of [
      'garbage',
      await mint({ handshake: [`__session=${token}`] }, { category: 'cl_B7d4PD222AAA' }),
    ]) {
      const { state, warnings } = await ask({
        cookies: { __clerk_handshake: handshake, __session: token, __client_uat: '9' },
        headers: document,
      })
      expect(state.status).toBe('signed-in')
      expect(state.headers.getSetCookie()).toEqual([])
      expect(warnings).toEqual([
        expect.objectContaining({
          message: 'The handshake could not be resolved.',
          cause: expect.objectContaining({ reason: expect.stringMatching(/^token-invalid/) as unknown }) as unknown,
        }),
      ])
    }
  })

  it('may bring nothing, which is nothing to be told of', async () => {
    const { state, warnings } = await ask({
      cookies: { __session: await mint(), __client_uat: '9' },
      headers: document,
    })
    expect(state.status).toBe('signed-in')
    expect(warnings).toEqual([])
  })

  it('is answered the same when nobody wants to be told', async () => {
    const untold = { onWarning: undefined }
    const refused = await ask({ ...nonce([]), api: {} }, untold)
    expect(refused.state).toMatchObject({ status: 'signed-out', reason: 'session-token-missing' })
    const garbage = await ask(
      { cookies: { __clerk_handshake: 'garbage', __session: await mint(), __client_uat: '9' }, headers: document },
      untold,
    )
    expect(garbage.state.status).toBe('signed-in')
    const late = await mint({ iss, iat: NOW - 120, nbf: NOW - 120, exp: NOW - 60 })
    expect((await ask(nonce([`__session=${late}`]), { ...development, ...untold })).state.status).toBe('signed-in')
  })

  it('is asked for the nonce when it brings both', async () => {
    const { requests } = await ask({ ...nonce([]), cookies: { __clerk_handshake: 'x' } })
    expect(requests).toHaveLength(1)
  })
})

describe('a clock that is wrong', () => {
  const expired = (seconds: number) => ({ iat: NOW - seconds - 60, nbf: NOW - seconds - 60, exp: NOW - seconds })
  const tooEarly = (seconds: number) => ({ iat: NOW, nbf: NOW + seconds, exp: NOW + 2 * DAY })
  const future = (seconds: number) => ({ iat: NOW + seconds, nbf: NOW, exp: NOW + 2 * DAY })

  it.each([
    ['expired', expired(DAY - 1), 'signed-in'],
    ['expired', expired(DAY), 'handshake'],
    ['not active yet', tooEarly(DAY), 'signed-in'],
    ['not active yet', tooEarly(DAY + 1), 'handshake'],
    ['of the future', future(DAY), 'signed-in'],
    ['of the future', future(DAY + 1), 'handshake'],
  ])('is borne with for a day after a handshake in development: %s, %j: %s', async (_, times, status) => {
    const { state, warnings } = await ask(
      {
        ...nonce([`__session=${await mint({ iss, ...times })}`]),
        cookies: { __clerk_db_jwt: 'dvb_1', __client_uat: '9' },
      },
      development,
    )
    expect(state.status).toBe(status)
    expect(warnings[0]).toMatchObject({
      message: 'The clock of this machine seems to be wrong. In production this token would be refused.',
      cause: { reason: expect.stringMatching(/^token-/) as unknown },
    })
  })

  it.each([expired(60), tooEarly(60), future(60)])('is not borne with in production: %j', async (times) => {
    const { state, warnings } = await ask({
      ...nonce([`__session=${await mint(times)}`]),
      cookies: { __client_uat: '9' },
    })
    expect(state.isAuthenticated).toBe(false)
    expect(warnings.map(({ message }) => message)).toEqual(['The handshake could not be resolved.'])
  })

  it('does not excuse anything else', async () => {
    const { state, warnings } = await ask(
      { ...nonce([`__session=${await mint({ iss, sub: undefined })}`]), cookies: { __clerk_db_jwt: 'dvb_1' } },
      development,
    )
    expect(state.isAuthenticated).toBe(false)
    expect(warnings.map(({ message }) => message)).toEqual(['The handshake could not be resolved.'])
  })
})
