import { algorithmsOf, hashOf, type JwtAlgorithm, type KeyKind, type VerificationAlgorithm } from './algorithms.js'
import { fromBase64 } from './base64url.js'
import type { ImportedKey, KeyUse } from './imported-key.js'
import { JwtError } from './jwt-error.js'
import { isNodeKey, isWebKey, parsePem, unsupportedKey, type Jwk, type KeyMaterial, type WebKey } from './key-material.js'

/** WebCrypto binds a key to one hash when it is imported, so each algorithm has its own handle. */
export interface WebImportedKey extends ImportedKey {
  handle(algorithm: JwtAlgorithm): Promise<CryptoKey>
}

/** Object identifiers as they stand at the start of SPKI and PKCS #8, in hexadecimal DER. */
const KIND_BY_OID: [oid: string, kind: KeyKind][] = [
  ['06092a864886f70d010101', 'RS'],
  ['06082a8648ce3d030107', 'ES'],
  ['06032b6570', 'Ed'],
]

const NAME: Record<string, string> = { RS: 'RSASSA-PKCS1-v1_5', ES: 'ECDSA', Ed: 'Ed25519', HS: 'HMAC' }

/** Makes a `CryptoKey` for each algorithm the key is used with, for runtimes without `node:crypto`. */
export function importWebKey(key: KeyMaterial, use: KeyUse): WebImportedKey {
  if (typeof key === 'object' && isWebKey(key)) return fromWebKey(key, use)
  const [kind, format, data] = typeof key === 'string' ? describePem(key, use) : describeJwk(key as Jwk, use)
  const handles = new Map<JwtAlgorithm, Promise<CryptoKey>>()
  return {
    algorithms: algorithmsOf(kind),
    handle(algorithm) {
      const handle =
        handles.get(algorithm) ??
        crypto.subtle.importKey(format as 'jwk', data as JsonWebKey, webParametersOf(algorithm), false, [use]).catch(refuseKey)
      handles.set(algorithm, handle)
      return handle
    },
  }
}

/** What WebCrypto wants to be told of an algorithm, to import a key and to use it. */
export function webParametersOf(algorithm: JwtAlgorithm): RsaHashedImportParams & EcKeyImportParams & EcdsaParams {
  const kind = algorithm.slice(0, 2)
  return { name: NAME[kind]!, namedCurve: 'P-256', hash: kind === 'Ed' ? '' : hashOf(algorithm) }
}

type Description = [kind: KeyKind, format: 'spki' | 'pkcs8' | 'jwk', data: JsonWebKey | Uint8Array<ArrayBuffer>]

function describePem(text: string, use: KeyUse): Description {
  const needed = use === 'verify' ? 'PUBLIC KEY' : 'PRIVATE KEY'
  const { label, base64 } = parsePem(text, use)
  if (label !== needed) throw new JwtError('key_invalid', `A ${label} cannot be used to ${use} here; pass a ${needed}.`)
  const der = fromBase64(base64)
  const start = Array.from(der.subarray(0, 48), (byte) => byte.toString(16).padStart(2, '0')).join('')
  const kind = KIND_BY_OID.find(([oid]) => start.includes(oid))?.[1]
  if (!kind) throw unsupportedKey()
  return [kind, use === 'verify' ? 'spki' : 'pkcs8', der]
}

function describeJwk(jwk: Jwk, use: KeyUse): Description {
  if (isNodeKey(jwk)) throw new JwtError('key_invalid', 'A KeyObject cannot be used on this runtime; pass PEM or a JWK.')
  // Not `alg`, `use` and `key_ops`: our own rules about them have been applied; browsers have others.
  const { kty, crv, n, e, x, y, d, p, q, dp, dq, qi } = jwk
  const kind = kty === 'RSA' ? 'RS' : kty === 'EC' && crv === 'P-256' ? 'ES' : crv === 'Ed25519' ? 'Ed' : null
  if (!kind) throw unsupportedKey()
  return [kind, 'jwk', (use === 'verify' ? { kty, crv, n, e, x, y } : { kty, crv, n, e, x, y, d, p, q, dp, dq, qi }) as JsonWebKey]
}

function fromWebKey(key: WebKey, use: KeyUse): WebImportedKey {
  const { name, hash, namedCurve = 'P-256' } = key.algorithm as { name: string; hash?: { name: string }; namedCurve?: string }
  const kind = (['RS', 'ES', 'Ed'] as const).find((known) => NAME[known] === name)
  if (!kind || namedCurve !== 'P-256') throw unsupportedKey()
  if (!key.usages.includes(use)) throw new JwtError('key_invalid', `The ${key.type} key may not be used to ${use}.`)
  const algorithms = algorithmsOf(kind).filter((algorithm: VerificationAlgorithm) => !hash || hashOf(algorithm) === hash.name)
  return { algorithms, handle: () => Promise.resolve(key as unknown as CryptoKey) }
}

function refuseKey(cause: unknown): never {
  throw new JwtError('key_invalid', 'The key could not be read.', { cause })
}
