import { generateKeyPairSync, webcrypto, type KeyObject } from 'node:crypto'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { es256, rs256 } from './rfc7515.test-support.js'
import type * as Library from './index.js'
import type { Jwk, JwtAlgorithm, JwtHeader, KeyMaterial } from './index.js'

const NOW = 1_700_000_000_000
const SECONDS = NOW / 1000
const claims = { sub: 'user_1', iat: SECONDS, nbf: SECONDS, exp: SECONDS + 60 }

const pem = { type: 'spki', format: 'pem' } as const
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const rsa3072 = generateKeyPairSync('rsa', { modulusLength: 3072 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ed25519 = generateKeyPairSync('ed25519')
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' })

const toPem = (key: KeyObject): string =>
  key.export(key.type === 'public' ? pem : { type: 'pkcs8', format: 'pem' }) as string
const toJwk = (key: KeyObject): Jwk => key.export({ format: 'jwk' }) as Jwk

describe.each(['node:crypto', 'WebCrypto'])('tokens by %s', (platform) => {
  let lib: typeof Library

  beforeEach(async () => {
    vi.resetModules()
    if (platform === 'WebCrypto') vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never)
    lib = await import('./index.js')
  })
  afterEach(() => vi.restoreAllMocks())

  const sign = (payload: object = claims, options: Partial<Parameters<typeof lib.signJwt>[2]> = {}) =>
    lib.signJwt(payload, toPem(rsa.privateKey), { algorithm: 'RS256', ...options })
  const verify = (token: string, options: Partial<Parameters<typeof lib.verifyJwt>[1]> = {}) =>
    lib.verifyJwt(token, { key: toPem(rsa.publicKey), now: NOW, ...options })
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

  it('verifies the examples of RFC 7515, whose payload has no subject', async () => {
    for (const { key, token } of [rs256, es256]) {
      await expect(lib.verifyJwt(token, { key })).rejects.toMatchObject({ code: 'claim_invalid' })
      const forged = `${token.slice(0, -4)}AAAA`
      await expect(lib.verifyJwt(forged, { key })).rejects.toMatchObject({ code: 'signature_invalid' })
    }
  })

  it.each([
    ['RS256', rsa],
    ['RS384', rsa],
    ['RS512', rsa3072],
    ['ES256', ec],
    ['EdDSA', ed25519],
  ] as const)('signs and verifies with %s and keys as PEM and JWK', async (algorithm, pair) => {
    const keys: [KeyMaterial, KeyMaterial][] = [
      [toPem(pair.privateKey), toPem(pair.publicKey)],
      [toJwk(pair.privateKey), toJwk(pair.publicKey)],
    ]
    for (const [privateKey, publicKey] of keys) {
      const token = await lib.signJwt(claims, privateKey, { algorithm, keyId: 'ins_1', category: 'cl_x' })
      expect(lib.decodeJwt(token).header).toEqual({ alg: algorithm, typ: 'JWT', kid: 'ins_1', cat: 'cl_x' })
      await expect(lib.verifyJwt(token, { key: publicKey, now: NOW })).resolves.toEqual(claims)
    }
  })

  it.each([
    [
      'RS256',
      { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    ],
    ['ES256', { name: 'ECDSA', namedCurve: 'P-256' }],
    ['EdDSA', { name: 'Ed25519' }],
  ] as const)('takes a CryptoKey for %s', async (algorithm, parameters) => {
    const pair = (await webcrypto.subtle.generateKey(parameters as never, false, [
      'sign',
      'verify',
    ])) as webcrypto.CryptoKeyPair
    const token = await lib.signJwt(claims, pair.privateKey, { algorithm })
    await expect(lib.verifyJwt(token, { key: pair.publicKey, now: NOW })).resolves.toEqual(claims)
    await expect(lib.verifyJwt(token, { key: pair.privateKey, now: NOW })).rejects.toMatchObject({
      code: 'key_invalid',
    })
  })

  it('holds a CryptoKey to the hash it was made for', async () => {
    const key = await webcrypto.subtle.importKey(
      'spki',
      rsa.publicKey.export({ type: 'spki', format: 'der' }),
      { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-512' },
      true,
      ['verify'],
    )
    await expect(verify(await sign(), { key })).rejects.toMatchObject({ code: 'algorithm_invalid' })
    await expect(verify(await sign(claims, { algorithm: 'RS512' }), { key })).resolves.toEqual(claims)
  })

  it('signs with a secret, as text, bytes and JWK, and never verifies with one', async () => {
    const bytes = Buffer.from('a secret of the application that reads the token')
    for (const algorithm of ['HS256', 'HS384', 'HS512'] as JwtAlgorithm[]) {
      const keys = [bytes.toString(), new Uint8Array(bytes), { kty: 'oct', k: bytes.toString('base64url') }]
      const tokens = await Promise.all(keys.map((key) => lib.signJwt(claims, key, { algorithm })))
      expect(new Set(tokens).size).toBe(1)
      for (const key of keys) {
        await expect(lib.verifyJwt(tokens[0]!, { key, now: NOW })).rejects.toMatchObject({ code: 'key_invalid' })
      }
    }
  })

  it('takes a PEM in every form environment variables give it', async () => {
    const text = toPem(rsa.publicKey)
    const forms = [
      text.replaceAll('\n', '\\n'),
      text.replaceAll('\n', '\r\n'),
      text.replaceAll('\n', ' '),
      text.replaceAll('\n', ''),
      `  ${text}\n\n`,
      text.replace(/-----[A-Z ]+-----/g, ''),
    ]
    const token = await sign()
    for (const key of forms) await expect(verify(token, { key })).resolves.toEqual(claims)
  })

  it('refuses what is no usable key', async () => {
    const token = await sign()
    const keys: KeyMaterial[] = [
      '',
      'hello, key',
      'AAAA',
      toPem(rsa.privateKey),
      toPem(p384.publicKey),
      toJwk(p384.publicKey),
      { kty: 'RSA' },
      {},
      { ...toJwk(rsa.publicKey), use: 'enc' },
      { ...toJwk(rsa.publicKey), key_ops: ['encrypt'] },
      { ...toJwk(rsa.publicKey), alg: 'ES256' },
      { ...toJwk(rsa.publicKey), alg: 'RSA-OAEP' },
      new Uint8Array(32),
    ]
    for (const key of keys) await expect(verify(token, { key })).rejects.toMatchObject({ code: 'key_invalid' })
    await expect(sign(claims, { algorithm: 'ES256' })).rejects.toMatchObject({ code: 'key_invalid' })
    await expect(sign(claims, { algorithm: 'none' as never })).rejects.toMatchObject({ code: 'algorithm_invalid' })
  })

  it('lets the key decide the algorithm', async () => {
    await expect(verify(await sign(claims, { algorithm: 'RS512' }))).resolves.toEqual(claims)
    const refused = { code: 'algorithm_invalid' }
    const secret = toPem(rsa.publicKey)
    await expect(verify(await lib.signJwt(claims, secret, { algorithm: 'HS256' }))).rejects.toMatchObject(refused)
    await expect(verify(await sign(), { key: toPem(ec.publicKey) })).rejects.toMatchObject(refused)
    await expect(verify(await sign(), { algorithms: ['ES256'] })).rejects.toMatchObject(refused)
    await expect(verify(await sign(), { key: { ...toJwk(rsa.publicKey), alg: 'RS384' } })).rejects.toMatchObject(
      refused,
    )
    for (const alg of ['none', 'None', 'toString', 'PS256', '']) {
      await expect(verify(`${part({ alg, typ: 'JWT' })}.${part(claims)}.AAAA`)).rejects.toMatchObject(refused)
    }
  })

  it('refuses another type, another category and critical extensions', async () => {
    const code = (code: string) => ({ code })
    await expect(verify(await sign(claims, { type: 'at+jwt' }))).rejects.toMatchObject(code('token_type_invalid'))
    await expect(verify(await sign(claims, { type: 'at+jwt' }), { type: ['at+jwt'] })).resolves.toEqual(claims)
    await expect(verify(await sign(claims, { header: { typ: undefined } }))).resolves.toEqual(claims)
    await expect(verify(await sign(), { category: 'cl_a' })).rejects.toMatchObject(code('token_category_invalid'))
    await expect(verify(await sign(), { category: ['cl_a', undefined] })).resolves.toEqual(claims)
    await expect(
      verify(await sign(claims, { category: 'cl_b' }), { category: ['cl_a', undefined] }),
    ).rejects.toMatchObject(code('token_category_invalid'))
    await expect(verify(await sign(claims, { header: { crit: ['exp'] } }))).rejects.toMatchObject(
      code('critical_header_unsupported'),
    )
  })

  it('says which type, category, extension or algorithm it refused', async () => {
    const message = (message: string | RegExp) => ({
      name: 'JwtError',
      message: expect.stringMatching(message) as unknown,
    })
    await expect(verify(await sign(claims, { type: 'x' }))).rejects.toMatchObject(
      message(/^Invalid JWT typ .*"x".*, expected \["JWT",null\]\.$/),
    )
    await expect(verify(await sign(), { category: 'cl_a' })).rejects.toMatchObject(
      message(/^Invalid JWT cat .*, expected \["cl_a"\]\.$/),
    )
    await expect(verify(await sign(claims, { header: { crit: [] } }))).rejects.toMatchObject(
      message(/^Invalid JWT crit .*\[\].*, expected \[null\]\.$/),
    )
    await expect(verify(await sign(), { key: toPem(ec.publicKey) })).rejects.toMatchObject(
      message(/^Invalid JWT alg "RS256", expected one that the key is for \(ES256\)\.$/),
    )
    await expect(verify(await sign(), { key: toPem(rsa3072.publicKey) })).rejects.toMatchObject(
      message('The signature of the token is invalid.'),
    )
    await expect(sign(claims, { algorithm: 'none' as never })).rejects.toMatchObject(
      message('Unsupported algorithm "none".'),
    )
    await expect(sign(claims, { algorithm: 'ES256' })).rejects.toMatchObject(
      message(/^The key cannot sign with ES256, only with RS256,RS384,RS512\.$/),
    )
  })

  it('takes no extension that the header calls critical, not even none', async () => {
    for (const crit of [[], [''], null, 'exp', false]) {
      await expect(verify(await sign(claims, { header: { crit } }))).rejects.toMatchObject({
        code: 'critical_header_unsupported',
      })
    }
  })

  it('narrows what the key allows', async () => {
    for (const algorithms of [['RS256'], ['ES256', 'RS256']] as const)
      await expect(verify(await sign(), { algorithms })).resolves.toEqual(claims)
    for (const algorithms of [['RS384', 'ES256'], []] as const)
      await expect(verify(await sign(), { algorithms })).rejects.toMatchObject({ code: 'algorithm_invalid' })
    await expect(
      verify(await sign(), { algorithms: ['RS256'], key: { ...toJwk(rsa.publicKey), alg: 'RS384' } }),
    ).rejects.toMatchObject({ code: 'algorithm_invalid' })
  })

  it('signs with the header that is asked for, and no other algorithm', async () => {
    const token = await sign(claims, {
      keyId: 'ins_1',
      type: 'at+jwt',
      category: 'cl_x',
      header: { kid: 'ins_2', cat: undefined, alg: 'none', more: 1 },
    })
    expect(lib.decodeJwt(token).header).toEqual({ typ: 'at+jwt', kid: 'ins_2', more: 1, alg: 'RS256' })
    await expect(verify(token, { type: 'at+jwt' })).resolves.toEqual(claims)
  })

  it('tells of a decoded token whether its signature is good, and nothing else', async () => {
    const token = await sign({}, { type: 'x', header: { crit: ['exp'] } })
    await expect(lib.hasValidSignature(lib.decodeJwt(token), toPem(rsa.publicKey))).resolves.toBe(true)
    await expect(lib.hasValidSignature(lib.decodeJwt(token), toPem(rsa3072.publicKey))).resolves.toBe(false)
    await expect(lib.hasValidSignature(lib.decodeJwt(token), toPem(ec.publicKey))).rejects.toMatchObject({
      code: 'algorithm_invalid',
    })
  })

  it('refuses a token for which no key is found', async () => {
    for (const key of [() => undefined, async () => undefined, undefined] as never[])
      await expect(verify(await sign(), { key })).rejects.toMatchObject({ code: 'key_invalid' })
  })

  it('finds the key by the header', async () => {
    const key = vi.fn<(header: JwtHeader) => Promise<Jwk>>(async () => toJwk(rsa.publicKey))
    await expect(verify(await sign(claims, { keyId: 'ins_7' }), { key })).resolves.toEqual(claims)
    expect(key).toHaveBeenCalledWith({ alg: 'RS256', typ: 'JWT', kid: 'ins_7' })
  })

  it.each([
    '',
    '.',
    '..',
    '...',
    'a.b',
    'a.b.c',
    `${part({ alg: 'RS256' })}.${part(claims)}`,
    `${part({ alg: 'RS256' })}.${part(claims)}.`,
    `${part({ alg: 'RS256' })}.${part(claims)}.AAAA.AAAA`,
    `${part([])}.${part(claims)}.AAAA`,
    `${part(null)}.${part(claims)}.AAAA`,
    `${part({ typ: 'JWT' })}.${part(claims)}.AAAA`,
    `${part({ alg: 'RS256', kid: 7 })}.${part(claims)}.AAAA`,
    `${part({ alg: 'RS256' })}.${part('x')}.AAAA`,
    `${part({ alg: 'RS256' })}.${part(claims)}=.AAAA`,
    `${part({ alg: 'RS256' })}.${part(claims)}.AA+A`,
    `${part({ alg: 'RS256' })}.${part(claims)}.AB`,
    `${part({ alg: 'RS256' })}.${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}.AAAA`,
  ])('refuses %j as malformed', (token) => {
    expect(() => lib.decodeJwt(token)).toThrow(expect.objectContaining({ code: 'token_malformed' }))
  })

  it('answers any text with one of its own errors', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string(), fc.stringMatching(/^[\w-]{0,9}\.[\w-]{0,9}\.[\w-]{0,9}$/)),
        async (token) => {
          await expect(verify(token)).rejects.toBeInstanceOf(lib.JwtError)
        },
      ),
    )
    for (const token of [undefined, null, 7, {}] as never[]) {
      await expect(verify(token)).rejects.toMatchObject({ code: 'token_malformed' })
    }
  })

  it.each([
    ['RS256', rsa],
    ['ES256', ec],
    ['EdDSA', ed25519],
  ] as const)('verifies no %s token with one character changed', async (algorithm, pair) => {
    const token = await lib.signJwt(claims, toPem(pair.privateKey), { algorithm })
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/'
    const position = fc.oneof(fc.nat(token.length - 1), fc.constant(token.length - 1))
    await fc.assert(
      fc.asyncProperty(position, fc.constantFrom(...alphabet), async (at, character) => {
        fc.pre(token[at] !== character)
        const mutated = token.slice(0, at) + character + token.slice(at + 1)
        await expect(lib.verifyJwt(mutated, { key: toPem(pair.publicKey), now: NOW })).rejects.toBeInstanceOf(
          lib.JwtError,
        )
      }),
      { numRuns: 300 },
    )
  })

  it('spells any bytes the way Buffer does and reads them back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = lib.encodeBase64url(bytes)
        expect(text).toBe(Buffer.from(bytes).toString('base64url'))
        expect(Buffer.from(lib.decodeBase64url(text)!)).toEqual(Buffer.from(bytes))
      }),
    )
  })
})

describe('tokens on Node', () => {
  beforeEach(() => vi.resetModules())

  it('takes a KeyObject, which has to be of the right half', async () => {
    const { signJwt, verifyJwt } = await import('./index.js')
    const token = await signJwt(claims, rsa.privateKey, { algorithm: 'RS256' })
    await expect(verifyJwt(token, { key: rsa.publicKey, now: NOW })).resolves.toEqual(claims)
    await expect(verifyJwt(token, { key: rsa.privateKey, now: NOW })).rejects.toMatchObject({ code: 'key_invalid' })
    await expect(signJwt(claims, rsa.publicKey, { algorithm: 'RS256' })).rejects.toMatchObject({ code: 'key_invalid' })
  })
})
