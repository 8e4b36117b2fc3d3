import { createHmac, createSecretKey, generateKeyPairSync, webcrypto } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { loadOn, PLATFORMS } from './platforms.test-support.js'
import type * as Secrets from './secrets.js'

const secret = new TextEncoder().encode('a secret of 32 bytes, or rather more')
const expected = (hash: string, text: string) => createHmac(hash, secret).update(text).digest('hex')
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

describe.each(PLATFORMS)('HMAC by %s', (platform) => {
  let makeHmac: typeof Secrets.makeHmac
  beforeEach(async () => {
    ;({ makeHmac } = await loadOn(platform, () => import('./secrets.js')))
  })
  afterEach(() => vi.restoreAllMocks())

  it.each([
    ['HS256', 'sha256', 'SHA-256'],
    ['HS384', 'sha384', 'SHA-384'],
    ['HS512', 'sha512', 'SHA-512'],
  ] as const)('%s is made with a secret in any form', async (algorithm, hash, name) => {
    const key = await webcrypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: name }, false, ['sign'])
    const forms = [
      secret,
      new TextDecoder().decode(secret),
      { kty: 'oct', k: Buffer.from(secret).toString('base64url') },
      key,
    ]
    for (const form of forms) expect(hex(await makeHmac(algorithm, form, 'text'))).toBe(expected(hash, 'text'))
  })

  it('signs text in UTF-8', async () => {
    expect(hex(await makeHmac('HS256', secret, 'Grüße'))).toBe(expected('sha256', 'Grüße'))
  })

  it.each([
    [''],
    [new Uint8Array()],
    [{ kty: 'oct' }],
    [{ kty: 'oct', k: '' }],
    [{ kty: 'oct', k: 'no base64url' }],
    [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }],
  ])('takes no empty or unreadable secret: %j', async (key) => {
    await expect(makeHmac('HS256', key, 'text')).rejects.toMatchObject({
      code: 'key_invalid',
      message: 'HMAC needs a secret key.',
    })
  })
})

describe('HMAC on Node', () => {
  it('takes a KeyObject, which must be a secret', async () => {
    const { makeHmac } = await loadOn('node:crypto', () => import('./secrets.js'))
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    expect(hex(await makeHmac('HS256', createSecretKey(secret), 'text'))).toBe(expected('sha256', 'text'))
    for (const key of [publicKey, privateKey])
      await expect(makeHmac('HS256', key, 'text')).rejects.toMatchObject({
        code: 'key_invalid',
        message: 'HMAC needs a secret key.',
      })
  })
})
