import { algorithms, algorithmsOf, type JwtAlgorithm, type KeyKind } from './algorithms.js'
import { JwtError } from './jwt-error.js'
import { isNodeKey, isWebKey, parsePem, type Jwk, type KeyMaterial, type WebKey } from './key-material.js'
import type { ImportedKey, KeyUse, Platform } from './platform.js'

/** WebCrypto binds a key to one hash when it is imported, so each algorithm has its own handle. */
interface WebImportedKey extends ImportedKey {
  handle(algorithm: JwtAlgorithm): Promise<CryptoKey>
}

type Bytes = Uint8Array<ArrayBuffer>

/** Object identifiers as they stand at the start of SPKI and PKCS #8, in hexadecimal DER. */
const KIND_BY_OID: [oid: string, kind: KeyKind][] = [
  ['06092a864886f70d010101', 'rsa'],
  ['06082a8648ce3d030107', 'ec'],
  ['06032b6570', 'ed25519'],
]

/** WebCrypto, for runtimes without `node:crypto`. */
export function createWebPlatform(): Platform {
  return {
    encodeBase64url: (data) => toBase64url(typeof data === 'string' ? new TextEncoder().encode(data) : data),
    decodeBase64url: fromBase64url,

    importKey(key, use, secret): WebImportedKey {
      const { kind, only, load } = describeKey(key, use, secret)
      if (kind === 'secret' && use === 'verify') {
        throw new JwtError('key_invalid', 'A secret key cannot be used to verify; pass the public key.')
      }
      const handles = new Map<JwtAlgorithm, Promise<CryptoKey>>()
      return {
        algorithms: only ? [only] : algorithmsOf[kind],
        handle(algorithm) {
          const handle = handles.get(algorithm) ?? load(importParameters(algorithm)).catch(refuseKey)
          handles.set(algorithm, handle)
          return handle
        },
      }
    },

    async sign(algorithm, key, text) {
      const handle = await (key as WebImportedKey).handle(algorithm)
      return new Uint8Array(await crypto.subtle.sign(useParameters(algorithm), handle, new TextEncoder().encode(text)))
    },

    async verify(algorithm, key, text, signature) {
      const handle = await (key as WebImportedKey).handle(algorithm)
      const data = new TextEncoder().encode(text)
      return crypto.subtle.verify(useParameters(algorithm), handle, signature as Bytes, data)
    },
  }
}

interface Description {
  kind: KeyKind
  /** The one algorithm a `CryptoKey` was made for. */
  only?: JwtAlgorithm
  load(parameters: RsaHashedImportParams | EcKeyImportParams | HmacImportParams | AlgorithmIdentifier): Promise<CryptoKey>
}

function describeKey(key: KeyMaterial, use: KeyUse, secret: boolean): Description {
  if (secret && typeof key === 'string') return describeSecret(new TextEncoder().encode(key))
  if (typeof key === 'string') return describePem(key, use)
  if (key instanceof Uint8Array) return describeSecret(key as Bytes)
  if (isWebKey(key)) return describeWebKey(key, use)
  if (isNodeKey(key)) throw new JwtError('key_invalid', 'A KeyObject cannot be used on this runtime; pass PEM or a JWK.')
  return describeJwk(key, use)
}

function describeSecret(secret: Bytes): Description {
  return {
    kind: 'secret',
    load: (parameters) => crypto.subtle.importKey('raw', secret, parameters, false, ['sign']),
  }
}

function describePem(text: string, use: KeyUse): Description {
  const needed = use === 'verify' ? 'PUBLIC KEY' : 'PRIVATE KEY'
  const { label, base64 } = parsePem(text, needed)
  if (label !== needed) throw new JwtError('key_invalid', `A ${label} cannot be used to ${use} here; pass a ${needed}.`)
  const der = fromBase64(base64)
  const start = Array.from(der.subarray(0, 48), (byte) => byte.toString(16).padStart(2, '0')).join('')
  const kind = KIND_BY_OID.find(([oid]) => start.includes(oid))?.[1]
  if (!kind) throw unsupportedKey()
  const format = use === 'verify' ? 'spki' : 'pkcs8'
  return { kind, load: (parameters) => crypto.subtle.importKey(format, der, parameters, false, [use]) }
}

function describeJwk(jwk: Jwk, use: KeyUse): Description {
  if (jwk.kty === 'oct') return describeSecret(fromBase64url(jwk.k ?? '') ?? new Uint8Array())
  const kind =
    jwk.kty === 'RSA' ? 'rsa' : jwk.kty === 'EC' && jwk.crv === 'P-256' ? 'ec' : jwk.crv === 'Ed25519' ? 'ed25519' : null
  if (!kind) throw unsupportedKey()
  // Our own rules about `alg`, `use` and `key_ops` have been applied; browsers have others.
  const { alg: _alg, use: _use, key_ops: _operations, ext: _ext, kid: _kid, ...members } = jwk
  const { kty, crv, n, e, x, y } = jwk
  const material = (use === 'verify' ? { kty, crv, n, e, x, y } : members) as JsonWebKey
  return { kind, load: (parameters) => crypto.subtle.importKey('jwk', material, parameters, false, [use]) }
}

function describeWebKey(key: WebKey, use: KeyUse): Description {
  const { name, hash, namedCurve } = key.algorithm as { name: string; hash?: { name: string }; namedCurve?: string }
  const only = (Object.keys(algorithms) as JwtAlgorithm[]).find((algorithm) => {
    const wanted = importParameters(algorithm) as { name: string; hash?: string; namedCurve?: string }
    return wanted.name === name && wanted.hash === hash?.name && wanted.namedCurve === namedCurve
  })
  if (!only) throw unsupportedKey()
  if (!key.usages.includes(use)) throw new JwtError('key_invalid', `The ${key.type} key may not be used to ${use}.`)
  return { kind: algorithms[only].kind, only, load: () => Promise.resolve(key as unknown as CryptoKey) }
}

function importParameters(algorithm: JwtAlgorithm): RsaHashedImportParams | EcKeyImportParams | HmacImportParams | { name: string } {
  const { kind, hash } = algorithms[algorithm]
  switch (kind) {
    case 'rsa':
      return { name: 'RSASSA-PKCS1-v1_5', hash }
    case 'ec':
      return { name: 'ECDSA', namedCurve: 'P-256' }
    case 'ed25519':
      return { name: 'Ed25519' }
    case 'secret':
      return { name: 'HMAC', hash }
  }
}

function useParameters(algorithm: JwtAlgorithm): EcdsaParams | { name: string } {
  const { name } = importParameters(algorithm)
  return name === 'ECDSA' ? { name, hash: algorithms[algorithm].hash } : { name }
}

function refuseKey(cause: unknown): never {
  throw new JwtError('key_invalid', 'The key could not be read.', { cause })
}

function unsupportedKey(): JwtError {
  return new JwtError('key_invalid', 'The key is of a type that is not supported: use RSA, P-256 or Ed25519.')
}

function toBase64url(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

function fromBase64url(text: string): Bytes | null {
  try {
    return fromBase64(text.replaceAll('-', '+').replaceAll('_', '/'))
  } catch {
    return null
  }
}

function fromBase64(text: string): Bytes {
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index)
  return bytes
}
