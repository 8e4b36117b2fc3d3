import { generateKeyPairSync } from 'node:crypto'
import { verifyToken as verifyOfficially } from '@clerk/backend'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { JwtClaims, SignJwtOptions } from '@latchkey/crypto'
import { isClerkAPIResponseError, TokenVerificationError } from './errors.js'
import { decodeJwt, signJwt, verifyJwt } from './jwt.js'
import { createRecorder, type Answer } from './recorder.test-support.js'
import { verifyToken, type VerifyTokenOptions } from './verify-token.js'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
const jwtKey = rsa.publicKey.export({ type: 'spki', format: 'pem' }) as string
const jwk = { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'ins_1', alg: 'RS256', use: 'sig' }
const seconds = Math.floor(Date.now() / 1000)

const claims: JwtClaims = {
  azp: 'http://localhost:3000',
  exp: seconds + 60,
  iat: seconds,
  iss: 'https://happy-mole-1.clerk.accounts.dev',
  nbf: seconds - 10,
  sid: 'sess_1',
  sub: 'user_1',
  v: 2,
}

const mint = (changes: object = {}, options: Partial<SignJwtOptions> = {}, key = rsa.privateKey) =>
  signJwt({ ...claims, ...changes }, key, {
    algorithm: 'RS256',
    keyId: 'ins_1',
    category: 'cl_B7d4PD111AAA',
    ...options,
  })

async function reasonOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'accepted',
    (error: { reason?: string; message: string }) => error.reason ?? error.message,
  )
}

afterEach(() => {
  vi.useRealTimers()
})

describe('verifyToken with a key', () => {
  const cases: [name: string, token: Promise<string>, options: Partial<VerifyTokenOptions>, reason: string][] = [
    ['a session token', mint(), {}, 'accepted'],
    ['one without a category', mint({}, { category: undefined }), {}, 'accepted'],
    ['one without a type', mint({}, { header: { typ: undefined } }), {}, 'accepted'],
    ['one of another type', mint({}, { type: 'at+jwt' }), {}, 'token-invalid'],
    ['one of the type asked for', mint({}, { type: 'at+jwt' }), { headerType: ['at+jwt'] }, 'accepted'],
    ['a machine token', mint({}, { category: 'cl_B7d4PD333AAA' }), {}, 'token-invalid'],
    ['an expired one', mint({ exp: seconds - 10 }), {}, 'token-expired'],
    ['an expired one, within the skew', mint({ exp: seconds - 10 }), { clockSkewInMs: 30_000 }, 'accepted'],
    ['one from the future', mint({ iat: seconds + 60 }), {}, 'token-iat-in-the-future'],
    ['one not active yet', mint({ nbf: seconds + 60 }), {}, 'token-not-active-yet'],
    ['one of another origin', mint(), { authorizedParties: ['http://localhost'] }, 'token-invalid-authorized-parties'],
    [
      'one without an origin',
      mint({ azp: undefined }),
      { authorizedParties: ['http://x'] },
      'token-invalid-authorized-parties',
    ],
    ['one of another issuer', mint(), { issuer: 'https://other.example' }, 'token-invalid-issuer'],
    ['one without an audience', mint(), { audience: ['api'] }, 'accepted'],
    ['one for others', mint({ aud: 'web' }), { audience: ['api'] }, 'token-verification-failed'],
    ['one for us', mint({ aud: ['web', 'api'] }), { audience: 'api' }, 'accepted'],
    ['one without a subject', mint({ sub: undefined }), {}, 'token-verification-failed'],
    ['one without an end', mint({ exp: undefined }), {}, 'token-verification-failed'],
    ['one signed with another key', mint({}, {}, other.privateKey), {}, 'token-invalid-signature'],
    ['one signed with HMAC', signJwt(claims, jwtKey, { algorithm: 'HS256' }), {}, 'token-invalid-algorithm'],
    ['two parts of one', mint().then((token) => token.split('.').slice(0, 2).join('.')), {}, 'token-invalid'],
    ['no token', Promise.resolve(''), {}, 'token-invalid'],
  ]

  it.each(cases)('answers %s as @clerk/backend does', async (_, token, options, reason) => {
    expect(await reasonOf(verifyToken(await token, { jwtKey, ...options }))).toBe(reason)
    const official = { jwtKey, ...options } as Parameters<typeof verifyOfficially>[1]
    expect(await reasonOf(verifyOfficially(await token, official))).toBe(reason)
  })

  it.each([
    ['the token of a JWT template', mint({}, { category: 'cl_B7d4PD222AAA' }), {}, 'token-invalid'],
    [
      'one without an audience, when one is required',
      mint(),
      { audience: 'api', requireAudience: true },
      'token-verification-failed',
    ],
    ['the token of a machine without a category', mint({ sub: 'mch_1' }, { category: undefined }), {}, 'token-invalid'],
    ['the token of a machine with the category of a session', mint({ sub: 'mch_1' }), {}, 'token-invalid'],
    [
      'one without an origin, when the variable of the only one is not set',
      mint({ azp: undefined }),
      { authorizedParties: [undefined] as unknown as string[] },
      'token-invalid-authorized-parties',
    ],
    ['one with critical extensions', mint({}, { header: { crit: ['b64'] } }), {}, 'token-invalid'],
    ['no key at all', mint(), { jwtKey: undefined }, 'jwk-failed-to-resolve'],
    ['a key that is none', mint(), { jwtKey: 'sk_test_x' }, 'jwk-failed-to-resolve'],
  ])('refuses %s', async (_, token, options: Partial<VerifyTokenOptions>, reason) => {
    expect(await reasonOf(verifyToken(await token, { jwtKey, ...options }))).toBe(reason)
  })

  it('takes a key with line breaks written out, and keys of other sizes and kinds', async () => {
    await expect(verifyToken(await mint(), { jwtKey: jwtKey.replaceAll('\n', '\\n') })).resolves.toEqual(claims)
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const token = await mint({}, { algorithm: 'ES256' }, ec.privateKey)
    await expect(verifyToken(token, { jwtKey: ec.publicKey.export({ format: 'jwk' }) })).resolves.toEqual(claims)
  })

  it('follows a JWK that is changed in place, also for tokens it has accepted', async () => {
    const key = { ...jwk }
    const token = await mint()
    expect(await reasonOf(verifyToken(token, { jwtKey: key }))).toBe('accepted')
    Object.assign(key, other.publicKey.export({ format: 'jwk' }))
    expect(await reasonOf(verifyToken(token, { jwtKey: key }))).toBe('token-invalid-signature')
    expect(await reasonOf(verifyToken(await mint({}, {}, other.privateKey), { jwtKey: key }))).toBe('accepted')
  })

  it('says what to do, and never quotes the token', async () => {
    const token = await mint({}, {}, other.privateKey)
    const error: unknown = await verifyToken(token, { jwtKey }).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(TokenVerificationError)
    expect((error as TokenVerificationError).getFullMessage()).toBe(
      'The signature of the token is invalid. Make sure that this is a session token of your instance. (reason=token-invalid-signature, token-carrier=undefined)',
    )
    for (const part of token.split('.')) expect((error as Error).stack).not.toContain(part)
  })
})

describe('verifyToken with a key set', () => {
  let instances = 0
  /** Key sets outlive a call, so each test has an instance of its own. */
  function setUp(...answers: Answer[]) {
    const recorder = createRecorder()
    recorder.answer(...(answers.length > 0 ? answers : [{ body: { keys: [jwk] } }]))
    const options = { secretKey: `sk_test_${++instances}`, apiUrl: 'http://localhost:4400', fetch: recorder.fetch }
    return { recorder, options, verify: async (token: Promise<string>) => verifyToken(await token, options) }
  }

  it('asks once for fifty callers and keeps the answer', async () => {
    const { recorder, options, verify } = setUp()
    const results = await Promise.all(Array.from({ length: 50 }, () => verify(mint())))
    expect(results).toEqual(Array.from({ length: 50 }, () => claims))
    await verify(mint())
    expect(recorder.requests).toMatchObject([
      { method: 'GET', path: '/v1/jwks', headers: { authorization: `Bearer ${options.secretKey}` } },
    ])
  })

  it('asks once for twenty unknown keys', async () => {
    const { recorder, verify } = setUp()
    await verify(mint())
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) => reasonOf(verify(mint({}, { keyId: `x${index}` })))),
    )
    expect(new Set(results)).toEqual(new Set(['jwk-kid-mismatch']))
    expect(recorder.requests).toHaveLength(2)
  })

  it('finds a rotated key', async () => {
    const { verify } = setUp({ body: { keys: [{ ...jwk, kid: 'ins_0' }] } }, { body: { keys: [jwk] } })
    expect(await reasonOf(verify(mint({}, { keyId: 'ins_0' })))).toBe('accepted')
    await expect(verify(mint())).resolves.toEqual(claims)
  })

  it('fails at once on a wrong secret key', async () => {
    const { recorder, verify } = setUp({
      status: 401,
      body: { errors: [{ code: 'clerk_key_invalid', message: 'invalid' }] },
    })
    const error = (await verify(mint()).catch((reason: unknown) => reason)) as TokenVerificationError
    expect(error.reason).toBe('secret-key-invalid')
    expect(isClerkAPIResponseError(error.cause)).toBe(true)
    expect(recorder.requests).toHaveLength(1)
  })

  it('asks again after a failure that may pass', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    const busy = { status: 429, headers: { 'retry-after': '0' } }
    const { recorder, verify } = setUp({ status: 503 }, busy, { body: { keys: [jwk] } })
    await expect(verify(mint())).resolves.toEqual(claims)
    expect(recorder.requests).toHaveLength(3)
  })

  it('says what it asked when nobody answers, and never the key', async () => {
    const token = await mint()
    const refused = await verifyToken(token, {
      secretKey: 'sk_test_nobody',
      apiUrl: 'http://127.0.0.1:1',
      timeout: 1,
    }).catch((error: Error) => error)
    expect(refused).toMatchObject({
      reason: 'jwk-remote-failed-to-load',
      message: expect.stringContaining('GET /jwks failed: No answer from http://127.0.0.1:1'),
    })
    const broken = await verifyToken(token, { secretKey: 'sk_test_in\ntwo', fetch }).catch((error: Error) => error)
    expect(broken).toMatchObject({ message: expect.stringContaining('The secret key contains') })
    expect(`${(refused as Error).stack} ${(broken as Error).stack}`).not.toMatch(/sk_test_/)
  })

  it('gives up on an API that never answers when its time is over', async () => {
    const { options } = setUp()
    const silent: typeof fetch = (_, init) =>
      new Promise((__, reject) => init!.signal!.addEventListener('abort', () => reject(init!.signal!.reason as Error)))
    await expect(verifyToken(await mint(), { ...options, fetch: silent, timeout: 30 })).rejects.toMatchObject({
      reason: 'jwk-remote-failed-to-load',
    })
  })

  it('goes on with the keys it has while the API is down, and warns', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    const { recorder, options, verify } = setUp()
    vi.useFakeTimers({ toFake: ['Date'] })
    await verify(mint())
    vi.setSystemTime(Date.now() + 301_000)
    recorder.answer({ status: 503 })
    const onWarning = vi.fn<(error: Error) => void>()
    const late = { exp: seconds + 1000 }
    for (let index = 0; index < 3; index++)
      await expect(
        verifyToken(await mint({ ...late, jti: String(index) }), { ...options, onWarning }),
      ).resolves.toMatchObject(late)
    await vi.waitFor(() =>
      expect(onWarning).toHaveBeenCalledExactlyOnceWith(
        expect.objectContaining({ message: expect.stringContaining('GET /jwks failed with status 503') }),
      ),
    )
    expect(recorder.requests).toHaveLength(3)
    vi.setSystemTime(Date.now() + 31_000)
    recorder.answer({ body: { keys: [] } })
    let asked = 0
    await vi.waitFor(async () =>
      expect(await reasonOf(verify(mint({ ...late, jti: `last ${asked++}` })))).toBe('jwk-remote-failed-to-load'),
    )
  })

  it('does not wait for an API that is silent where it has the key', async () => {
    // No time passes here.
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout', 'performance'] })
    const { recorder, options } = setUp()
    const silence = vi.fn<typeof globalThis.fetch>(
      (_, init) =>
        new Promise((__, reject) =>
          init!.signal!.addEventListener('abort', () => reject(init!.signal!.reason as Error)),
        ),
    )
    let answer: typeof globalThis.fetch = recorder.fetch
    const asked = { ...options, fetch: (...request: Parameters<typeof fetch>) => answer(...request) }
    const [first, second] = [await mint(), await mint({ exp: seconds + 1000 })]
    await verifyToken(first, asked)
    vi.setSystemTime(Date.now() + 301_000)
    answer = silence
    await expect(verifyToken(second, asked)).resolves.toMatchObject({ exp: seconds + 1000 })
    await expect(verifyToken(first, asked)).rejects.toMatchObject({ reason: 'token-expired' })
    expect(silence).toHaveBeenCalledTimes(1)
  })

  it('asks again each time when told not to keep anything', async () => {
    const { recorder, options } = setUp()
    for (let index = 0; index < 3; index++) await verifyToken(await mint(), { ...options, skipJwksCache: true })
    expect(recorder.requests).toHaveLength(3)
  })

  it('needs no request for a token that is refused anyway', async () => {
    const { recorder, verify } = setUp()
    expect(await reasonOf(verify(mint({}, { category: 'cl_B7d4PD222AAA' })))).toBe('token-invalid')
    expect(recorder.requests).toHaveLength(0)
  })
})

describe('the functions for tokens of any kind', () => {
  it('sign, decode and verify with the options of @clerk/backend', async () => {
    const token = await signJwt({ ...claims, exp: seconds - 10 }, rsa.privateKey, {
      algorithm: 'RS256',
      header: { kid: 'ins_1' },
    })
    expect(decodeJwt(token)).toMatchObject({
      header: { alg: 'RS256', typ: 'JWT', kid: 'ins_1' },
      payload: { sub: 'user_1' },
    })
    expect(await reasonOf(verifyJwt(token, { key: jwtKey }))).toBe('token-expired')
    await expect(verifyJwt(token, { key: jwtKey, clockSkewInMs: 60_000 })).resolves.toMatchObject({ sub: 'user_1' })
    expect(() => decodeJwt('x')).toThrow(TokenVerificationError)
  })
})
