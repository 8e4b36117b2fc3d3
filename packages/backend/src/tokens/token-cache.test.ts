import { generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { signJwt, type Jwk } from '@latchkey/crypto'
import { createClerkClient } from '../client.js'
import { createRecorder } from '../recorder.test-support.js'
import { verifyToken, type VerifyTokenOptions } from '../verify-token.js'
import { TokenCache, tokenCacheOf } from './token-cache.js'

const SECONDS = 1_800_000_000
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
const jwtKey = keys.publicKey.export({ type: 'spki', format: 'pem' }) as string
const otherKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
  type: 'spki',
  format: 'pem',
}) as string
const jwk = { ...keys.publicKey.export({ format: 'jwk' }), kid: 'ins_1', alg: 'RS256' }
const mint = (claims: object = {}) =>
  signJwt(
    {
      sub: 'user_1',
      sid: 'sess_1',
      azp: 'https://a.com',
      iat: SECONDS,
      nbf: SECONDS,
      exp: SECONDS + 60,
      o: { id: 'org_1' },
      list: [1, { a: 1 }],
      ...claims,
    },
    keys.privateKey,
    {
      algorithm: 'RS256',
      keyId: 'ins_1',
      category: 'cl_B7d4PD111AAA',
    },
  )

const reasonOf = (work: Promise<unknown>) =>
  work.then(
    () => 'accepted',
    (error: { reason: string }) => error.reason,
  )

beforeEach(() => {
  vi.useFakeTimers({ now: SECONDS * 1000, toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('the cache of verified tokens', () => {
  /** How often a key was looked up, which happens once for each verification. */
  function countVerifications() {
    const jwtKeyOf = vi.fn<() => Jwk>(() => jwk)
    return { options: { jwtKey: jwtKeyOf } satisfies VerifyTokenOptions, count: () => jwtKeyOf.mock.calls.length }
  }

  it('verifies a token once, and answers with claims that nobody else changes', async () => {
    const { options, count } = countVerifications()
    const token = await mint({ __proto__: undefined })
    const first = await verifyToken(token, options)
    ;(first as unknown as { o: { id: string } }).o.id = 'org_2'
    ;(first as unknown as { list: unknown[] }).list.push(2)
    first.sub = 'user_2'
    const second = await verifyToken(token, options)
    expect(second).toMatchObject({ sub: 'user_1', o: { id: 'org_1' }, list: [1, { a: 1 }] })
    expect(await verifyToken(token, options)).toEqual(second)
    expect(count()).toBe(1)
  })

  it('is off when it is told to be', async () => {
    const { options, count } = countVerifications()
    const token = await mint()
    for (let index = 0; index < 3; index++) await verifyToken(token, { ...options, tokenCache: false })
    expect(count()).toBe(3)
  })

  const keyed = { publishableKey: `pk_live_${btoa('clerk.example.com$')}`, secretKey: 'sk_live_x' }
  const carrying = (token: string) => new Request('https://a.com', { headers: { authorization: `Bearer ${token}` } })
  const ways: [
    name: string,
    ask: (token: string, options: Pick<VerifyTokenOptions, 'jwtKey' | 'tokenCache'>) => Promise<unknown>,
  ][] = [
    ['verifyToken', verifyToken],
    ['authenticateRequest', (token, options) => createClerkClient(keyed).authenticateRequest(carrying(token), options)],
    [
      'createClerkClient',
      (token, options) => createClerkClient({ ...keyed, ...options }).authenticateRequest(carrying(token)),
    ],
  ]

  it.each(ways)('is on by default, and an option of %s', async (_, ask) => {
    const [first, second] = [await mint(), await mint({ sid: 'sess_2' })]
    const verifications = async (tokenCache: VerifyTokenOptions['tokenCache']) => {
      const { options, count } = countVerifications()
      for (const token of [first, second, first]) await ask(token, { ...options, tokenCache })
      return count()
    }
    expect(await verifications(undefined)).toBe(2)
    expect(await verifications({ max: 1 })).toBe(3)
    expect(await verifications(false)).toBe(3)
  })

  it('lets a token go when it expires, with the skew of the caller, and holds it back when the clock is set back', async () => {
    const token = await mint()
    const ask = () => reasonOf(verifyToken(token, { jwtKey }))
    const at = async (seconds: number) => (vi.setSystemTime((SECONDS + seconds) * 1000), ask())
    expect(await at(0)).toBe('accepted')
    expect(await at(64.9)).toBe('accepted')
    expect(await at(-5)).toBe('accepted')
    expect(await at(-5.1)).toBe('token-not-active-yet')
    expect(await at(65)).toBe('token-expired')
    expect(await reasonOf(verifyToken(token, { jwtKey, clockSkewInMs: 10_000 }))).toBe('accepted')
  })

  it('never answers for other options', async () => {
    const token = await mint()
    const authorizedParties = ['https://a.com']
    expect(await reasonOf(verifyToken(token, { jwtKey }))).toBe('accepted')
    expect(await reasonOf(verifyToken(token, { jwtKey, authorizedParties }))).toBe('accepted')
    const others: [VerifyTokenOptions, string][] = [
      [{ jwtKey: otherKey }, 'token-invalid-signature'],
      [{ jwtKey, authorizedParties: ['https://b.com'] }, 'token-invalid-authorized-parties'],
      [{ jwtKey, issuer: 'https://c.com' }, 'token-invalid-issuer'],
      [{ jwtKey, audience: 'x', requireAudience: true }, 'token-verification-failed'],
      [{ jwtKey, headerType: 'at+jwt' }, 'token-invalid'],
      [{}, 'jwk-failed-to-resolve'],
    ]
    for (const [options, reason] of others) expect(await reasonOf(verifyToken(token, options))).toBe(reason)
    // The same array, changed.
    authorizedParties[0] = 'https://b.com'
    expect(await reasonOf(verifyToken(token, { jwtKey, authorizedParties }))).toBe('token-invalid-authorized-parties')
  })

  it('keeps instances apart that are told by their secret keys', async () => {
    const token = await mint()
    const [mine, theirs] = [createRecorder(), createRecorder()]
    mine.answer({ body: { keys: [jwk] } })
    theirs.answer({ body: { keys: [] } })
    const options = { apiUrl: 'http://localhost:4401' }
    expect(await reasonOf(verifyToken(token, { ...options, secretKey: 'sk_test_mine', fetch: mine.fetch }))).toBe(
      'accepted',
    )
    expect(await reasonOf(verifyToken(token, { ...options, secretKey: 'sk_test_theirs', fetch: theirs.fetch }))).toBe(
      'jwk-remote-failed-to-load',
    )
  })

  it('does not answer where the keys must be fetched each time', async () => {
    const recorder = createRecorder()
    recorder.answer({ body: { keys: [jwk] } })
    const token = await mint()
    for (let index = 0; index < 2; index++)
      await verifyToken(token, { secretKey: 'sk_test_each', fetch: recorder.fetch, skipJwksCache: true })
    expect(recorder.requests).toHaveLength(2)
  })

  it('is bounded, for tokens and for sets of options', async () => {
    const cache = new TokenCache(2)
    const claims = { exp: SECONDS + 60 } as never
    const names = await Promise.all(['a', 'b', 'c'].map((token) => cache.nameOf(token, [jwtKey])))
    for (const name of names) cache.set(name, claims, 0)
    expect(names.map((name) => cache.get(name, SECONDS * 1000) !== undefined)).toEqual([false, true, true])
    const before = await cache.nameOf('a', ['first'])
    for (let index = 0; index < 100; index++) await cache.nameOf('a', [index])
    expect(await cache.nameOf('a', ['first'])).not.toBe(before)
  })

  it('never holds a token, only its digest', async () => {
    const token = await mint()
    expect(await new TokenCache(1).nameOf(token, [])).toMatch(/^0:[\w-]{43}$/)
  })

  it('is one for each size, of at least one token', () => {
    expect(tokenCacheOf({ max: 5 })).toBe(tokenCacheOf({ max: 5 }))
    expect(tokenCacheOf(undefined)).toBe(tokenCacheOf({ max: 10_000 }))
    expect(tokenCacheOf(false)).toBeNull()
    for (const max of [0, -1, 1.5, NaN, '5' as never]) expect(() => tokenCacheOf({ max })).toThrow(TypeError)
  })
})
