import { generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ask, bearer } from './ask.test-support.js'
import type { Visit } from './asking.test-support.js'
import { createApi, jwtKey, mint, NOW } from './instance.test-support.js'
import { isMachineToken, isMachineTokenByPrefix, verifyMachineAuthToken } from './machine-tokens.js'
import type { AuthenticateRequestOptions } from './options.js'

const SESSION = 'cl_B7d4PD111AAA'
const MACHINE = 'cl_B7d4PD333AAA'
const machine = (changes: object = {}, category: string | undefined = MACHINE) =>
  mint({ sub: 'mch_1', sid: undefined, ...changes }, { category })
const oauth = (changes: object = {}, type = 'at+jwt') =>
  mint({ sid: undefined, client_id: 'app_1', ...changes }, { type, category: undefined })

const PATHS = {
  m2m_token: '/m2m_tokens/verify',
  oauth_token: '/oauth_applications/access_tokens/verify',
  api_key: '/api_keys/verify',
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW * 1000, toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

function verify(token: string, options: AuthenticateRequestOptions = {}, answers: Visit['api'] = {}) {
  const api = createApi(answers)
  return {
    result: verifyMachineAuthToken(token, {
      secretKey: 'sk_test_x',
      jwtKey,
      maxRetries: 0,
      fetch: api.fetch,
      ...options,
    }),
    requests: api.requests,
  }
}

describe('the kind of a token', () => {
  it.each([
    ['mt_1', true],
    ['oat_1', true],
    ['ak_1', true],
    ['mt_', true],
    ['mt1', false],
    ['oat', false],
    ['ak', false],
    ['xmt_1', false],
    ['MT_1', false],
    ['sk_1', false],
    ['', false],
  ])('is seen in the prefix of %j: %j', (token, expected) => {
    expect(isMachineTokenByPrefix(token)).toBe(expected)
    expect(isMachineToken(token)).toBe(expected)
  })

  it('is seen in what a JWT says', async () => {
    expect(isMachineToken(await machine())).toBe(true)
    expect(isMachineToken(await oauth())).toBe(true)
    expect(isMachineToken(await oauth({}, 'application/at+jwt'))).toBe(true)
    for (const token of [mint(), mint({ sub: 'xmch_1' }), mint({ sub: ['mch_1'] }), oauth({}, 'JWT'), oauth({}, 'x')])
      expect(isMachineToken(await token)).toBe(false)
    expect(isMachineTokenByPrefix(await machine())).toBe(false)
  })

  it('decides where it is let in', async () => {
    const api = Object.fromEntries(
      Object.values(PATHS).map((path) => [path, { body: { id: 'x', subject: 'user_1', scopes: [] } }]),
    )
    const tokens = {
      m2m_token: ['mt_1', await machine()],
      oauth_token: ['oat_1', await oauth()],
      api_key: ['ak_1'],
      session_token: [await mint()],
    }
    for (const [type, list] of Object.entries(tokens)) {
      for (const token of list) {
        for (const acceptsToken of Object.keys(tokens) as (keyof typeof tokens)[]) {
          const isAccepted = type === acceptsToken
          expect((await ask({ headers: bearer(token), api }, { acceptsToken })).state.isAuthenticated).toBe(isAccepted)
          const several = await ask({ headers: bearer(token), api }, { acceptsToken: [acceptsToken] })
          expect(several.state).toMatchObject(
            isAccepted
              ? { isAuthenticated: true, tokenType: type }
              : { isAuthenticated: false, tokenType: null, reason: 'token-type-mismatch', message: '' },
          )
        }
        expect((await ask({ headers: bearer(token), api }, { acceptsToken: 'any' })).state).toMatchObject({
          isAuthenticated: true,
          tokenType: type,
        })
        expect((await ask({ headers: bearer(token), api }, { acceptsToken: [] })).state.isAuthenticated).toBe(false)
      }
    }
  })

  it('must be of a session where any is accepted: the token of a template is none', async () => {
    for (const acceptsToken of ['any', ['session_token', 'api_key']] as never[]) {
      const { state } = await ask(
        { headers: bearer(await mint({}, { category: 'cl_B7d4PD222AAA' })) },
        { acceptsToken },
      )
      expect(state).toMatchObject({ status: 'signed-out', reason: 'token-type-mismatch', tokenType: 'session_token' })
    }
  })

  it('is none of what is no token at all, wherever anything is accepted', async () => {
    const { state } = await ask({ headers: bearer('garbage') }, { acceptsToken: 'any' })
    expect(state).toMatchObject({ status: 'signed-out', reason: 'token-invalid', tokenType: 'session_token' })
  })

  it.each(['m2m_token', 'oauth_token', 'api_key'] as const)(
    '%s is missed where nothing is sent',
    async (acceptsToken) => {
      const { state } = await ask({ cookies: { __session: await mint(), __client_uat: '9' } }, { acceptsToken })
      expect(state).toMatchObject({
        status: 'signed-out',
        reason: 'No token in header',
        tokenType: acceptsToken,
        message: '',
      })
    },
  )
})

describe('an opaque token', () => {
  it.each([
    ['m2m_token', 'mt_1', { token: 'mt_1' }],
    ['oauth_token', 'oat_1', { access_token: 'oat_1' }],
    ['api_key', 'ak_1', { secret: 'ak_1' }],
  ] as const)('of the kind %s is asked for', async (tokenType, token, body) => {
    const { result, requests } = verify(
      token,
      {},
      { [PATHS[tokenType]]: { body: { id: 'x', subject: 'user_1', scopes: ['a'] } } },
    )
    expect(await result).toMatchObject({ tokenType, data: { id: 'x', subject: 'user_1', scopes: ['a'] } })
    expect(requests).toEqual([{ method: 'POST', path: PATHS[tokenType], body, authorization: 'Bearer sk_test_x' }])
  })

  it('of a machine is asked for with the key of the machine that asks, where there is one', async () => {
    const answers = { [PATHS.m2m_token]: { body: { id: 'x', subject: 'mch_1', scopes: [] } } }
    for (const [machineSecretKey, expected] of [
      ['ak_machine', 'Bearer ak_machine'],
      ['', 'Bearer sk_test_x'],
      [undefined, 'Bearer sk_test_x'],
    ] as const) {
      const { result, requests } = verify('mt_1', { machineSecretKey }, answers)
      await result
      expect(requests.map(({ authorization }) => authorization)).toEqual([expected])
    }
  })

  it.each([
    [401, { errors: [{ code: 'clerk_key_invalid', message: 'No such key' }] }, 'secret-key-invalid', 'No such key'],
    [401, { errors: [] }, 'secret-key-invalid', 'Invalid secret key'],
    [404, { errors: [{ code: 'x', message: 'y' }] }, 'token-invalid', 'The token is unknown, revoked or expired.'],
    [400, { errors: [{ code: 'x', message: 'y' }] }, 'unexpected-error', 'Unexpected error'],
    [403, { errors: [{ code: 'x', message: 'y' }] }, 'unexpected-error', 'Unexpected error'],
    [500, {}, 'unexpected-error', 'Unexpected error'],
  ])('is refused when the API answers %i %j: %s', async (status, body, code, message) => {
    for (const [tokenType, token] of [
      ['m2m_token', 'mt_1'],
      ['oauth_token', 'oat_1'],
      ['api_key', 'ak_1'],
    ] as const) {
      const answers = { [PATHS[tokenType]]: { status, body } }
      const { tokenType: type, data, errors } = await verify(token, {}, answers).result
      expect({ type, data }).toEqual({ type: tokenType, data: undefined })
      expect(errors).toEqual([expect.objectContaining({ code, message, status, cause: expect.any(Error) as unknown })])
      const { state } = await ask({ headers: bearer(token), api: answers }, { acceptsToken: tokenType })
      expect(state).toMatchObject({
        status: 'signed-out',
        reason: code,
        tokenType,
        message: `${message} (code=${code}, status=${status})`,
      })
    }
  })

  it('of an OAuth application must be for the audience that is asked for', async () => {
    const answers = (aud: string[]) => ({
      [PATHS.oauth_token]: { body: { id: 'x', subject: 'user_1', scopes: [], aud } },
    })
    const isGood = async (aud: string[]) =>
      Boolean((await verify('oat_1', { audience: 'https://api.example' }, answers(aud)).result).data)
    expect([await isGood(['https://api.example']), await isGood(['https://other.example']), await isGood([])]).toEqual([
      true,
      false,
      false,
    ])
  })

  it('is refused when the API cannot be reached', async () => {
    const { errors } = await verify('ak_1', { fetch: () => Promise.reject(new TypeError('fetch failed')) }).result
    expect(errors).toEqual([expect.objectContaining({ code: 'unexpected-error' })])
  })

  it.each([
    ['no key to ask with', { secretKey: undefined }, 'Missing secret key. Pass secretKey to createClerkClient.'],
    ['nobody to ask', { apiUrl: 'nowhere' }, '"apiUrl" must start with http:// or https://, got "nowhere".'],
  ])('is refused when there is %s', async (_, options, message) => {
    const { errors } = await verify('ak_1', options).result
    expect(errors).toEqual([
      expect.objectContaining({
        code: 'unexpected-error',
        message: 'Unexpected error',
        cause: expect.objectContaining({ message }) as unknown,
      }),
    ])
    expect(errors![0].status).toBeUndefined()
  })
})

describe('the JWT of a machine', () => {
  it('is verified with the key of the instance, and nobody is asked', async () => {
    const { result, requests } = verify(await machine({ scopes: 'mch_2 mch_3', role: 'worker' }))
    expect(await result).toMatchObject({
      tokenType: 'm2m_token',
      data: { subject: 'mch_1', scopes: ['mch_2', 'mch_3'], expiration: (NOW + 60) * 1000 },
    })
    expect(requests).toEqual([])
  })

  it('is refused with the kind it is of', async () => {
    expect(await verify(await machine({}, SESSION)).result).toMatchObject({
      tokenType: 'm2m_token',
      errors: [{ code: 'token-invalid' }],
    })
    expect(await verify(await machine({ exp: NOW - 5 })).result).toMatchObject({
      tokenType: 'm2m_token',
      errors: [{ code: 'token-verification-failed', message: expect.stringMatching(/^The token expired/) as unknown }],
    })
  })
})

describe('the JWT of an OAuth application', () => {
  it('says whom it is for', async () => {
    const data = async (changes: object, options: AuthenticateRequestOptions = {}) =>
      (await verify(await oauth(changes), options).result).data
    expect(await data({ scope: 'email profile', aud: 'https://api.example', act: { sub: 'user_2' } })).toMatchObject({
      type: 'oauth_token',
      subject: 'user_1',
      clientId: 'app_1',
      scopes: ['email', 'profile'],
      aud: ['https://api.example'],
      act: { sub: 'user_2' },
      expiration: (NOW + 60) * 1000,
    })
    expect(await data({ scp: ['a', 'b'], scope: 'c' })).toMatchObject({ scopes: ['a', 'b'] })
    const bare = await data({ client_id: undefined, aud: ['a', 'b'] })
    expect(bare).toMatchObject({ clientId: '', scopes: [], aud: ['a', 'b'] })
    expect((await data({}))!.aud).toBeUndefined()
  })

  it.each([
    [undefined, undefined, true],
    [undefined, 'https://api.example', true],
    ['', 'https://api.example', true],
    ['https://api.example', 'https://api.example', true],
    [['https://a.example', 'https://api.example'], ['x', 'https://api.example'], true],
    ['https://api.example', 'https://other.example', false],
    ['https://api.example', undefined, false],
  ])('must name the audience %j; it names %j: %j', async (audience, aud, expected) => {
    const { data, errors } = await verify(await oauth({ aud }), { audience }).result
    expect(Boolean(data)).toBe(expected)
    if (!expected)
      expect(errors).toEqual([
        expect.objectContaining({
          code: 'token-verification-failed',
          message: expect.stringMatching(/^Invalid JWT aud/) as unknown,
        }),
      ])
  })

  it('lasts as long as it says, with the skew that is asked for', async () => {
    const isGood = async (exp: number, clockSkewInMs?: number) =>
      Boolean((await verify(await oauth({ exp }), { clockSkewInMs }).result).data)
    expect([
      await isGood(NOW - 4),
      await isGood(NOW - 5),
      await isGood(NOW - 59, 60_000),
      await isGood(NOW, 0),
    ]).toEqual([true, false, true, false])
  })

  it('is refused when it was signed by someone else', async () => {
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const token = await mint({ client_id: 'app_1' }, { type: 'at+jwt', category: undefined }, stranger.privateKey)
    expect(await verify(token).result).toMatchObject({
      tokenType: 'oauth_token',
      errors: [{ code: 'token-verification-failed', message: 'The signature of the token is invalid.' }],
    })
  })
})

describe('a token that is of no machine', () => {
  it('is refused as such', async () => {
    for (const token of ['garbage', await mint()]) {
      const { result, requests } = verify(token)
      expect(await result).toMatchObject({
        tokenType: 'oauth_token',
        errors: [{ code: 'token-verification-failed', message: 'The token is not a machine token.' }],
      })
      expect(requests).toEqual([])
    }
  })

  it('may meet a failure that is not its fault', async () => {
    const token = await oauth()
    vi.spyOn(Date, 'now').mockImplementation(() => {
      throw new TypeError('no luck')
    })
    const { errors } = await verify(token).result
    vi.restoreAllMocks()
    expect(errors).toEqual([expect.objectContaining({ code: 'token-verification-failed', message: 'no luck' })])
  })

  it('may lack a key to be verified with', async () => {
    const { errors } = await verify(await oauth(), { jwtKey: undefined, secretKey: undefined }).result
    expect(errors).toEqual([
      expect.objectContaining({
        code: 'token-verification-failed',
        message: 'There is no key to verify the token with.',
      }),
    ])
  })
})
