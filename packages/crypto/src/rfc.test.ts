import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type * as Library from './index.js'
import type * as Keys from './keys.js'
import type * as Secrets from './secrets.js'
import type * as Signatures from './signatures.js'
import { es256, rs256 } from './rfc7515.test-support.js'
import * as rfc7520 from './rfc7520.test-support.js'

describe.each(['node:crypto', 'WebCrypto'])('the examples of the standards by %s', (platform) => {
  let lib: typeof Library
  let keys: typeof Keys
  let signatures: typeof Signatures
  let secrets: typeof Secrets

  beforeEach(async () => {
    vi.resetModules()
    if (platform === 'WebCrypto') vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never)
    lib = await import('./index.js')
    keys = await import('./keys.js')
    signatures = await import('./signatures.js')
    secrets = await import('./secrets.js')
  })
  afterEach(() => vi.restoreAllMocks())

  it.each([
    ['RS256', rs256],
    ['ES256', es256],
  ] as const)(
    'RFC 7515, %s: the signature is right, and wrong for anything else',
    async (algorithm, { key, token }) => {
      const jwt = await lib.verifySignedJwt(token, { key })
      expect(jwt.header).toMatchObject({ alg: algorithm })
      expect(jwt.payload).toEqual({ iss: 'joe', exp: 1300819380, 'http://example.com/is_root': true })
      await expect(lib.verifyJwt(token, { key: { ...key, use: 'enc' } })).rejects.toMatchObject({ code: 'key_invalid' })
    },
  )

  it('RFC 7515, A.1: HS256 signs and verifies nothing', async () => {
    const text = `eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${rs256.token.split('.')[1]}`
    const key = {
      kty: 'oct',
      k: 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
    }
    const signature = lib.encodeBase64url(await secrets.makeHmac('HS256', key, text))
    expect(signature).toBe('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')
    await expect(lib.verifyJwt(`${text}.${signature}`, { key })).rejects.toMatchObject({ code: 'key_invalid' })
    await expect(lib.verifyJwt(`${text}.${signature}`, { key: rs256.key })).rejects.toMatchObject({
      code: 'algorithm_invalid',
    })
  })

  it('RFC 7515, A.5: an unsecured token is none', async () => {
    const unsecured = `eyJhbGciOiJub25lIn0.${rs256.token.split('.')[1]}.`
    await expect(lib.verifyJwt(unsecured, { key: rs256.key })).rejects.toMatchObject({ code: 'token_malformed' })
    await expect(lib.verifyJwt(`${unsecured}AA`, { key: rs256.key })).rejects.toMatchObject({
      code: 'algorithm_invalid',
    })
  })

  it('RFC 7520, 4.1 and 4.4: RS256 and HS256 over text, which is no token of ours', async () => {
    const { payload } = rfc7520
    const { header, key, signature } = rfc7520.rs256
    const bytes = lib.decodeBase64url(signature)!
    const verify = (text: string) => signatures.verifySignature('RS256', keys.importKey(key, 'verify'), text, bytes)
    expect(await verify(`${header}.${payload}`)).toBe(true)
    expect(await verify(`${header}.${payload}A`)).toBe(false)
    await expect(lib.verifyJwt(`${header}.${payload}.${signature}`, { key })).rejects.toMatchObject({
      code: 'token_malformed',
    })
    const hmac = await secrets.makeHmac('HS256', rfc7520.hs256.key, `${rfc7520.hs256.header}.${payload}`)
    expect(lib.encodeBase64url(hmac)).toBe(rfc7520.hs256.signature)
  })
})
