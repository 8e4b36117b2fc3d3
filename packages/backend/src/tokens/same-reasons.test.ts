import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { signJwt } from '@latchkey/crypto'
import { jwk, jwtKey, mint, NOW } from '../authenticate/instance.test-support.js'
import { createRecorder, type Answer } from '../recorder.test-support.js'
import { verifyToken, type VerifyTokenOptions } from '../verify-token.js'
import { TokenVerificationErrorReason } from './token-errors.js'

type Verify = (token: string, options: VerifyTokenOptions) => Promise<unknown>

const recorder = createRecorder()
let verifyOfficially: Verify
let instances = 0

/** Of an instance that nobody has asked about before. */
const remote = () => ({ secretKey: `sk_test_reasons_${++instances}`, skipJwksCache: true })
const local = () => ({ jwtKey })
const refused = (status: number, code: string): Answer => ({ status, body: { errors: [{ code, message: 'no' }] } })
const keySet: Answer = { body: { keys: [jwk] } }

beforeAll(async () => {
  // It takes hold of fetch when it is loaded.
  vi.stubGlobal('fetch', recorder.fetch)
  verifyOfficially = (await import('@clerk/backend')).verifyToken as Verify
})
beforeEach(() => void vi.useFakeTimers({ now: NOW * 1000, toFake: ['Date', 'setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())
afterAll(() => vi.unstubAllGlobals())

async function ask(verify: Verify, token: string, options: VerifyTokenOptions, answer: Answer): Promise<string> {
  recorder.answer(answer)
  const work = verify(token, options).then(
    () => 'accepted',
    (error: { reason: string }) => error.reason,
  )
  await vi.runAllTimersAsync()
  return work
}

const good = () => mint()
const hmac = () => signJwt({ sub: 'user_1', exp: NOW + 60 }, jwtKey, { algorithm: 'HS256' })

/** A good token but for one letter of its signature. */
async function forged(): Promise<string> {
  const [header, payload, signature] = (await mint()).split('.') as [string, string, string]
  return [header, payload, `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`].join('.')
}

const same: [
  name: string,
  reason: string,
  token: () => Promise<string>,
  options: () => VerifyTokenOptions,
  answer?: Answer,
][] = [
  ['a token of the set', 'accepted', good, remote],
  ['a key that the set does not have', 'jwk-kid-mismatch', () => mint({}, { keyId: 'ins_9' }), remote],
  ['a token that names no key', 'jwk-kid-mismatch', () => mint({}, { keyId: undefined }), remote],
  ['an API that fails', 'jwk-remote-failed-to-load', good, remote, refused(500, 'internal')],
  ['an API that has no keys', 'jwk-remote-failed-to-load', good, remote, refused(404, 'resource_not_found')],
  ['a set without keys', 'jwk-remote-failed-to-load', good, remote, { body: { keys: [] } }],
  ['no set', 'jwk-remote-failed-to-load', good, remote, { body: {} }],
  ['a wrong secret key', 'secret-key-invalid', good, remote, refused(401, 'clerk_key_invalid')],
  ['no key at all', 'jwk-failed-to-resolve', good, () => ({})],
  ['an empty key', 'jwk-failed-to-resolve', good, () => ({ jwtKey: '' })],
  ['no JWT', 'token-invalid', async () => 'garbage', local],
  ['the end of its time', 'token-expired', () => mint({ exp: NOW - 60 }), local],
  ['a time to come', 'token-not-active-yet', () => mint({ nbf: NOW + 60 }), local],
  ['an issue to come', 'token-iat-in-the-future', () => mint({ iat: NOW + 60 }), local],
  ['another algorithm', 'token-invalid-algorithm', hmac, local],
  ['another signature', 'token-invalid-signature', forged, local],
  ['another issuer', 'token-invalid-issuer', good, () => ({ jwtKey, issuer: 'https://other.example' })],
  [
    'another party',
    'token-invalid-authorized-parties',
    good,
    () => ({ jwtKey, authorizedParties: ['https://other.example'] }),
  ],
  ['another audience', 'token-verification-failed', () => mint({ aud: 'b' }), () => ({ jwtKey, audience: 'a' })],
]

/** What is wrong with a key set is told more closely here. */
const unlike: [name: string, answer: Answer, theirs: string, own: string][] = [
  [
    'a set of too many keys',
    { body: { keys: Array.from({ length: 101 }, () => jwk) } },
    'accepted',
    'jwk-remote-invalid',
  ],
  ['a key that may not be used', refused(403, 'forbidden'), 'jwk-remote-failed-to-load', 'secret-key-invalid'],
]

describe('verifyToken beside @clerk/backend', () => {
  it.each(same)('has the same to say of %s: %s', async (_, reason, make, options, answer = keySet) => {
    const token = await make()
    expect(await ask(verifyOfficially, token, options(), answer)).toBe(reason)
    expect(await ask(verifyToken as Verify, token, options(), answer)).toBe(reason)
  })

  it.each(unlike)('refuses %s too, and says what it is', async (_, answer, theirs, own) => {
    const token = await mint()
    expect(await ask(verifyOfficially, token, remote(), answer)).toBe(theirs)
    expect(await ask(verifyToken as Verify, token, remote(), answer)).toBe(own)
  })

  it('is tried with every reason there is', () => {
    const reasons = [...same.map(([, reason]) => reason), ...unlike.map(([, , , own]) => own)]
    const missing = Object.values(TokenVerificationErrorReason).filter((reason) => !reasons.includes(reason))
    // Nothing that is asked of `@clerk/backend` gets these from it either.
    expect(missing).toEqual(['jwk-local-missing', 'jwk-remote-missing'])
  })
})
