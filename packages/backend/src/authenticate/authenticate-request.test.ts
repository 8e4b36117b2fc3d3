import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { bearer } from './ask.test-support.js'
import { createAuthenticateRequest } from './authenticate-request.js'
import type { AuthenticateRequestOptions } from './options.js'
import { toRequest } from './asking.test-support.js'
import { createApi, developmentKey, document, jwtKey, mint, NOW, productionKey } from './instance.test-support.js'

beforeEach(() => {
  vi.useFakeTimers({ now: NOW * 1000, toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Asks with these options and no others. */
function ask(options: AuthenticateRequestOptions, headers: Record<string, string> = {}) {
  const { fetch } = createApi({
    '/m2m_tokens/verify': { body: { id: 'mt_id', subject: 'mch_1', scopes: [] } },
    '/api_keys/verify': { body: { id: 'ak_id', subject: 'user_1', scopes: [] } },
  })
  return createAuthenticateRequest({ options: { fetch, maxRetries: 0 } }).authenticateRequest(
    toRequest({ headers }),
    options,
  )
}

const keys = { publishableKey: productionKey, secretKey: 'sk_live_x' }
const satellite = { ...keys, isSatellite: true, domain: 'satellite.com', signInUrl: 'https://example.com/sign-in' }

describe('the keys that are needed', () => {
  it.each([
    [{}, /^Missing publishable key/],
    [{ secretKey: 'sk_test_x' }, /^Missing publishable key/],
    [{ publishableKey: productionKey }, /^Missing secret key\. Pass secretKey/],
    [{ publishableKey: productionKey, secretKey: '', jwtKey: '' }, /^Missing secret key\. Pass secretKey/],
    [{ publishableKey: productionKey, machineSecretKey: 'ak_x' }, /^Missing secret key\. Pass secretKey/],
    [{ acceptsToken: 'session_token', secretKey: 'sk_test_x' }, /^Missing publishable key/],
    [{ acceptsToken: 'oauth_token', secretKey: 'sk_test_x' }, /^Missing publishable key/],
    [{ acceptsToken: 'any', secretKey: 'sk_test_x' }, /^Missing publishable key/],
    [{ acceptsToken: ['m2m_token', 'api_key'], secretKey: 'sk_test_x' }, /^Missing publishable key/],
    [{ acceptsToken: 'api_key' }, /^Missing secret key\. Pass secretKey/],
    [
      { acceptsToken: 'm2m_token' },
      /^Missing secret key\. M2M tokens are verified with machineSecretKey, secretKey or jwtKey\.$/,
    ],
  ] as [AuthenticateRequestOptions, RegExp][])('are missed with %j', async (options, message) => {
    await expect(ask(options)).rejects.toThrow(message)
  })

  it('are one for tokens and one for the instance, which machines do without', async () => {
    const token = await mint()
    await expect(ask({ publishableKey: productionKey, jwtKey }, bearer(token))).resolves.toMatchObject({
      isAuthenticated: true,
    })
    await expect(ask({ ...keys, jwtKey }, bearer(token))).resolves.toMatchObject({ isAuthenticated: true })
    for (const key of [{ machineSecretKey: 'ak_x' }, { secretKey: 'sk_test_x' }]) {
      await expect(ask({ acceptsToken: 'm2m_token', ...key }, bearer('mt_1'))).resolves.toMatchObject({
        isAuthenticated: true,
        tokenType: 'm2m_token',
        publishableKey: '',
      })
    }
    const machine = await mint({ sub: 'mch_1', sid: undefined }, { category: 'cl_B7d4PD333AAA' })
    await expect(ask({ acceptsToken: 'm2m_token', jwtKey }, bearer(machine))).resolves.toMatchObject({
      isAuthenticated: true,
    })
    await expect(ask({ acceptsToken: 'api_key', secretKey: 'sk_test_x' }, bearer('ak_1'))).resolves.toMatchObject({
      isAuthenticated: true,
      tokenType: 'api_key',
    })
  })
})

describe('the options of a satellite', () => {
  const origin = { origin: 'https://satellite.com' }
  it.each([
    [{ secretKey: 'sk_test_x', signInUrl: '' }, {}, /^Missing signInUrl/],
    [{ domain: '' }, {}, /^Missing domain and proxyUrl/],
    [{ signInUrl: '/sign-in' }, origin, '"signInUrl" of a satellite must be an absolute URL.'],
    [
      { signInUrl: 'https://satellite.com/sign-in' },
      origin,
      '"signInUrl" must be on another origin than the satellite.',
    ],
  ] as [AuthenticateRequestOptions, Record<string, string>, string | RegExp][])(
    'make no sense with %j',
    async (options, headers, message) => {
      await expect(ask({ ...satellite, ...options }, headers)).rejects.toThrow(message)
      await expect(ask({ ...satellite, ...options, isSatellite: false }, headers)).resolves.toMatchObject({
        status: 'signed-out',
      })
    },
  )

  it.each([
    ['a production instance need not say where people sign in', { signInUrl: '' }, {}],
    ['nor does it when a browser says where it comes from', { signInUrl: '' }, origin],
    ['nor one whose kind is not known', { secretKey: undefined, jwtKey, signInUrl: '' }, origin],
    ['a proxy will do for a domain', { domain: '', proxyUrl: 'https://satellite.com/__clerk' }, origin],
    ['a path will do where no browser says where it comes from', { signInUrl: '/sign-in' }, {}],
    ['another port is another origin', { signInUrl: 'https://satellite.com:8443' }, origin],
    ['another protocol is another origin', { signInUrl: 'http://satellite.com' }, origin],
    ['a development instance says where people sign in', { secretKey: 'sk_test_x' }, origin],
  ] as [string, AuthenticateRequestOptions, Record<string, string>][])(
    'make sense: %s',
    async (_, options, headers) => {
      await expect(ask({ ...satellite, ...options }, headers)).resolves.toMatchObject({ status: 'signed-out' })
    },
  )
})

describe('wrong options', () => {
  it.each([
    [
      { organizationSyncOptions: { organizationPatterns: ['/orgs/:'] } },
      'Invalid pattern "/orgs/:" in organizationSyncOptions.',
    ],
    [
      { organizationSyncOptions: { personalAccountPatterns: ['/me('] } },
      'Invalid pattern "/me(" in organizationSyncOptions.',
    ],
    [{ tokenCache: { max: 0 } }, '"tokenCache.max" must be a whole number'],
  ])('are told at the first request, whatever it holds: %j', async (options, message) => {
    await expect(ask({ ...keys, ...options })).rejects.toThrow(message)
  })
})

describe('what a request is taken for', () => {
  it('is by its header, and by its cookies where it has none', async () => {
    const cookie = `__session=${await mint()}; __client_uat=9`
    await expect(ask({ ...keys, jwtKey }, { cookie })).resolves.toMatchObject({ isAuthenticated: true })
    for (const acceptsToken of ['any', ['api_key', 'session_token']] as never[]) {
      await expect(ask({ ...keys, jwtKey, acceptsToken }, { cookie })).resolves.toMatchObject({
        isAuthenticated: true,
        tokenType: 'session_token',
      })
      await expect(ask({ ...keys, jwtKey, acceptsToken }, { cookie, ...bearer('ak_1') })).resolves.toMatchObject({
        isAuthenticated: true,
        tokenType: 'api_key',
      })
    }
    await expect(ask({ ...keys, jwtKey, acceptsToken: ['api_key'] }, { cookie })).resolves.toMatchObject({
      isAuthenticated: false,
      tokenType: null,
    })
  })

  it('is by one token: what follows a comma or a space is none of it', async () => {
    const token = await mint()
    await expect(ask({ ...keys, jwtKey }, { authorization: `  ${token}  ` })).resolves.toMatchObject({
      isAuthenticated: true,
    })
    await expect(ask({ ...keys, jwtKey }, { authorization: `Bearer  ${token} more` })).resolves.toMatchObject({
      isAuthenticated: true,
    })
    await expect(ask({ ...keys, jwtKey }, { authorization: `Bearer ${token},${token}` })).resolves.toMatchObject({
      isAuthenticated: false,
    })
  })

  it('is a visit that needs a handshake only where its keys are of development', async () => {
    await expect(ask({ publishableKey: developmentKey, secretKey: 'sk_test_x' }, document)).resolves.toMatchObject({
      status: 'handshake',
      reason: 'dev-browser-missing',
    })
    await expect(ask(keys, document)).resolves.toMatchObject({ status: 'signed-out' })
  })
})
