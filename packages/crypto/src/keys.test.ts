import { createSecretKey, generateKeyPairSync, webcrypto, type KeyObject } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type * as Keys from './keys.js'
import type { Jwk, KeyMaterial } from './key-material.js'
import { loadOn, PLATFORMS } from './platforms.test-support.js'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' })
const secp256k1 = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
const ed25519 = generateKeyPairSync('ed25519')
const x25519 = generateKeyPairSync('x25519')
const ed448 = generateKeyPairSync('ed448')
const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 })

const toJwk = (key: KeyObject): Jwk => key.export({ format: 'jwk' })
const toPem = (key: KeyObject, type: string = key.type === 'public' ? 'spki' : 'pkcs8') =>
  key.export({ type, format: 'pem' } as never) as unknown as string
const refused = (message: string | RegExp = '') =>
  expect.objectContaining({ name: 'JwtError', code: 'key_invalid', message: expect.stringMatching(message) as string })

const UNSUPPORTED = 'The key is of a type that is not supported: use RSA, P-256 or Ed25519.'
const RSA_ALGORITHMS = ['RS256', 'RS384', 'RS512']

describe.each(PLATFORMS)('keys by %s', (platform) => {
  let importKey: typeof Keys.importKey
  beforeEach(async () => {
    ;({ importKey } = await loadOn(platform, () => import('./keys.js')))
  })
  afterEach(() => vi.restoreAllMocks())

  it.each([
    ['an RSA key', rsa, RSA_ALGORITHMS],
    ['a P-256 key', ec, ['ES256']],
    ['an Ed25519 key', ed25519, ['EdDSA']],
  ])('%s is for its own algorithms', (_, pair, algorithms) => {
    for (const form of [toPem, toJwk]) {
      expect(importKey(form(pair.publicKey), 'verify').algorithms).toEqual(algorithms)
      expect(importKey(form(pair.privateKey), 'sign').algorithms).toEqual(algorithms)
    }
  })

  it.each([
    ['P-384', p384],
    ['secp256k1', secp256k1],
    ['X25519', x25519],
    ['Ed448', ed448],
  ])('a %s key is not supported', (_, pair) => {
    for (const form of [toPem, toJwk]) {
      expect(() => importKey(form(pair.publicKey), 'verify')).toThrow(refused(UNSUPPORTED))
      expect(() => importKey(form(pair.privateKey), 'sign')).toThrow(refused(UNSUPPORTED))
    }
  })

  it('an RSA key that is for PSS only is not supported', () => {
    expect(() => importKey(toPem(pss.publicKey), 'verify')).toThrow(refused(UNSUPPORTED))
  })

  it.each([512, 1024, 2040])('an RSA key of %i bits is too small', async (modulusLength) => {
    const small = generateKeyPairSync('rsa', { modulusLength })
    const { signJwt } = await loadOn(platform, () => import('./sign-jwt.js'))
    const { verifyJwt } = await loadOn(platform, () => import('./verify-jwt.js'))
    const message = `^An RSA key must have 2048 to 8192 bits, got ${modulusLength}.$`
    const token = await signJwt({}, toPem(rsa.privateKey), { algorithm: 'RS256' })
    for (const form of [toPem, toJwk]) {
      await expect(signJwt({}, form(small.privateKey), { algorithm: 'RS256' })).rejects.toEqual(refused(message))
      await expect(verifyJwt(token, { key: form(small.publicKey) })).rejects.toEqual(refused(message))
    }
  })

  it('a private key verifies nothing, and a public one signs nothing', () => {
    expect(() => importKey(toPem(rsa.privateKey), 'verify')).toThrow(
      refused('^A PRIVATE KEY cannot be used to verify here.$'),
    )
    expect(() => importKey(toPem(rsa.publicKey), 'sign')).toThrow(
      refused('^A PUBLIC KEY cannot be used to sign here.$'),
    )
  })

  it('the private half of a JWK is left aside when it verifies', () => {
    for (const { privateKey, publicKey } of [rsa, ec, ed25519]) {
      expect(importKey(toJwk(privateKey), 'verify').algorithms).toEqual(
        importKey(toJwk(publicKey), 'verify').algorithms,
      )
    }
  })

  it('a CryptoKey is held to its use, its hash and its curve', async () => {
    const make = async (algorithm: object, usages: string[]) =>
      (await webcrypto.subtle.generateKey(algorithm as never, true, usages as never)) as webcrypto.CryptoKeyPair
    const modulus = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-384' }
    const rs384 = await make({ name: 'RSASSA-PKCS1-v1_5', ...modulus }, ['sign', 'verify'])
    expect(importKey(rs384.publicKey, 'verify').algorithms).toEqual(['RS384'])
    expect(importKey(rs384.privateKey, 'sign').algorithms).toEqual(['RS384'])
    expect(() => importKey(rs384.privateKey, 'verify')).toThrow(
      refused('^A private key cannot be used to verify here.$'),
    )
    expect(() => importKey(rs384.publicKey, 'sign')).toThrow(refused('^A public key cannot be used to sign here.$'))
    const es256 = await make({ name: 'ECDSA', namedCurve: 'P-256' }, ['sign', 'verify'])
    expect(importKey(es256.publicKey, 'verify').algorithms).toEqual(['ES256'])
    const es384 = await make({ name: 'ECDSA', namedCurve: 'P-384' }, ['sign', 'verify'])
    expect(() => importKey(es384.publicKey, 'verify')).toThrow(refused(UNSUPPORTED))
    const hmac = (await webcrypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, true, [
      'sign',
      'verify',
    ])) as webcrypto.CryptoKey
    expect(() => importKey(hmac, 'verify')).toThrow(refused())
  })

  it('a JWK is held to what it says it is for', () => {
    const jwk = toJwk(rsa.publicKey)
    const algorithmsOf = (changes: object) => importKey({ ...jwk, ...changes }, 'verify').algorithms
    expect(algorithmsOf({ alg: 'RS384' })).toEqual(['RS384'])
    expect(algorithmsOf({ use: 'sig', key_ops: ['verify'] })).toEqual(RSA_ALGORITHMS)
    expect(algorithmsOf({ key_ops: ['encrypt', 'verify'] })).toEqual(RSA_ALGORITHMS)
    expect(() => algorithmsOf({ alg: 'ES256' })).toThrow(refused('^A key for ES256 cannot be used to verify here.$'))
    for (const changes of [
      { use: 'enc' },
      { key_ops: ['sign'] },
      { key_ops: [] },
      { use: 'enc', key_ops: ['verify'] },
      { use: 'sig', key_ops: ['encrypt'] },
    ]) {
      expect(() => algorithmsOf(changes)).toThrow(
        refused('^A key with these use and key_ops cannot be used to verify here.$'),
      )
    }
    expect(importKey({ ...toJwk(rsa.privateKey), key_ops: ['sign'] }, 'sign').algorithms).toEqual(RSA_ALGORITHMS)
    expect(() => importKey({ ...toJwk(rsa.privateKey), key_ops: ['verify'] }, 'sign')).toThrow(refused())
  })

  it.each([
    [undefined, 'missing'],
    ['', 'missing'],
    [null, 'missing'],
    ['not base64!', '^The key is not PEM: -----BEGIN PUBLIC KEY-----$'],
    ['AAAA=A', '^The key is not PEM: -----BEGIN PUBLIC KEY-----$'],
    ['=', '^The key is not PEM: -----BEGIN PUBLIC KEY-----$'],
    ['-----BEGIN PUBLIC KEY-----', '^The key is not PEM: '],
    ['-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PRIVATE KEY-----', '^The key is not PEM: '],
    ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', '^A CERTIFICATE cannot be used to verify here.$'],
    [{}, ''],
    [7, ''],
  ])('%j is none', (key, message) => {
    expect(() => importKey(key as never, 'verify')).toThrow(refused(message))
  })

  it('says which PEM it wants to sign with', () => {
    expect(() => importKey('?', 'sign')).toThrow(refused('^The key is not PEM: -----BEGIN PRIVATE KEY-----$'))
  })

  it('are made ready once, for each use', () => {
    const forms: KeyMaterial[] = [toPem(rsa.publicKey), toJwk(rsa.privateKey)]
    for (const key of forms) expect(importKey(key, 'verify')).toBe(importKey(key, 'verify'))
    expect(importKey(forms[1]!, 'sign')).toBe(importKey(forms[1]!, 'sign'))
    expect(importKey(forms[1]!, 'sign')).not.toBe(importKey(forms[1]!, 'verify'))
  })

  it('are made ready again when a JWK or a secret was changed in place', () => {
    const jwk = toJwk(rsa.publicKey)
    const before = importKey(jwk, 'verify')
    expect(importKey(jwk, 'verify')).toBe(before)
    const next = generateKeyPairSync('rsa', { modulusLength: 2048 })
    Object.assign(jwk, toJwk(next.publicKey))
    expect(importKey(jwk, 'verify')).not.toBe(before)
    jwk.alg = 'RS512'
    expect(importKey(jwk, 'verify').algorithms).toEqual(['RS512'])
    jwk.key_ops = ['verify']
    importKey(jwk, 'verify')
    jwk.key_ops[0] = 'encrypt'
    expect(() => importKey(jwk, 'verify')).toThrow('key_ops')
    const secret = toJwk(ec.privateKey)
    const signing = importKey(secret, 'sign')
    Object.assign(secret, toJwk(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey))
    expect(importKey(secret, 'sign')).not.toBe(signing)
  })

  it('given as text are kept up to the latest 128', () => {
    const text = toPem(ec.publicKey)
    // Any white space makes another text of the same key.
    const texts = Array.from({ length: 129 }, (_, index) => text + '\n'.repeat(index))
    const imported = texts.slice(0, 128).map((key) => importKey(key, 'verify'))
    expect(texts.slice(0, 128).every((key, index) => importKey(key, 'verify') === imported[index])).toBe(true)
    importKey(texts[128]!, 'verify')
    expect(texts.slice(1, 128).every((key, index) => importKey(key, 'verify') === imported[index + 1])).toBe(true)
    expect(importKey(texts[0]!, 'verify')).not.toBe(imported[0])
  })
})

describe('keys on Node', () => {
  it('may be PKCS #1 and SEC 1 too', async () => {
    const { importKey } = await loadOn('node:crypto', () => import('./keys.js'))
    expect(importKey(toPem(rsa.publicKey, 'pkcs1'), 'verify').algorithms).toEqual(RSA_ALGORITHMS)
    expect(importKey(toPem(rsa.privateKey, 'pkcs1'), 'sign').algorithms).toEqual(RSA_ALGORITHMS)
    expect(importKey(toPem(ec.privateKey, 'sec1'), 'sign').algorithms).toEqual(['ES256'])
    expect(() => importKey(toPem(ec.privateKey, 'sec1'), 'verify')).toThrow(
      refused('^A EC PRIVATE KEY cannot be used to verify here.$'),
    )
  })

  it('may be KeyObjects, but no secrets', async () => {
    const { importKey } = await loadOn('node:crypto', () => import('./keys.js'))
    expect(importKey(rsa.publicKey, 'verify').algorithms).toEqual(RSA_ALGORITHMS)
    expect(() => importKey(rsa.privateKey, 'verify')).toThrow(refused('^A private key cannot be used to verify here.$'))
    expect(() => importKey(createSecretKey(Buffer.alloc(32)), 'verify')).toThrow(
      refused('^A secret key cannot be used to verify here.$'),
    )
  })
})

describe('keys on other platforms', () => {
  afterEach(() => vi.restoreAllMocks())

  it('are SPKI and PKCS #8 only, and no KeyObjects', async () => {
    const { importKey } = await loadOn('WebCrypto', () => import('./keys.js'))
    expect(() => importKey(toPem(rsa.publicKey, 'pkcs1'), 'verify')).toThrow(
      refused('^A RSA PUBLIC KEY cannot be used to verify here.$'),
    )
    expect(() => importKey(toPem(ec.privateKey, 'sec1'), 'sign')).toThrow(
      refused('^A EC PRIVATE KEY cannot be used to sign here.$'),
    )
    expect(() => importKey(rsa.publicKey, 'verify')).toThrow(refused())
  })

  it('that cannot be read are told when they are used', async () => {
    const { verifyJwt } = await loadOn('WebCrypto', () => import('./index.js'))
    const header = Buffer.from('{"alg":"RS256"}').toString('base64url')
    const broken = toPem(rsa.publicKey)
      .replaceAll('\n', '')
      .replace(/.{40}(?=-----END)/, '')
    await expect(verifyJwt(`${header}.e30.AAAA`, { key: broken })).rejects.toMatchObject({
      code: 'key_invalid',
      message: 'The key could not be read.',
      cause: expect.anything() as unknown,
    })
  })
})
