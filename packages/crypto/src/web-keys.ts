import { algorithmsOf, hashOf, type JwtAlgorithm, type KeyKind, type VerificationAlgorithm } from './algorithms.js'
import { toBytes } from './base64url.js'
import type { ImportedKey, KeyUse } from './imported-key.js'
import {
  isWebKey,
  parsePem,
  refuseUnreadable,
  requireSize,
  unsupportedKey,
  wrongKey,
  type Jwk,
  type KeyMaterial,
  type WebKey,
} from './key-material.js'

/** WebCrypto binds a key to one hash when it is imported, so each algorithm has its own handle. */
export interface WebImportedKey extends ImportedKey {
  handle(algorithm: JwtAlgorithm): Promise<CryptoKey>
}

/** Object identifiers as they appear at the start of SPKI and PKCS #8, one character per byte of DER. */
const KIND_BY_OID: [oid: string, kind: KeyKind][] = [
  ['*\x86H\x86\xf7\r\x01\x01\x01', 'RS'],
  ['*\x86H\xce=\x03\x01\x07', 'ES'],
  ['\x06\x03+ep', 'Ed'],
]

const NAME: Record<KeyKind, string> = { RS: 'RSASSA-PKCS1-v1_5', ES: 'ECDSA', Ed: 'Ed25519' }

/** Creates a `CryptoKey` for each algorithm that the key is used with, for runtimes without `node:crypto`. */
export function importWebKey(key: KeyMaterial, use: KeyUse): WebImportedKey {
  if (typeof key === 'object' && isWebKey(key)) return fromWebKey(key, use)
  const [kind, format, data] = typeof key === 'string' ? describePem(key, use) : describeJwk(key as Jwk, use)
  const handles = new Map<JwtAlgorithm, Promise<CryptoKey>>()
  return {
    algorithms: algorithmsOf(kind),
    handle(algorithm) {
      const handle =
        handles.get(algorithm) ??
        crypto.subtle
          .importKey(format as 'jwk', data as JsonWebKey, webParametersOf(algorithm), false, [use])
          .catch(refuseUnreadable)
          .then(ofGoodSize)
      handles.set(algorithm, handle)
      return handle
    },
  }
}

/** WebCrypto's parameters for importing and using a key. Ed25519 ignores curve and hash. */
export function webParametersOf(algorithm: JwtAlgorithm): RsaHashedImportParams & EcKeyImportParams & EcdsaParams {
  return { name: NAME[algorithm.slice(0, 2) as KeyKind], namedCurve: 'P-256', hash: hashOf(algorithm) }
}

function ofGoodSize(key: CryptoKey): CryptoKey {
  requireSize((key.algorithm as Partial<RsaKeyAlgorithm>).modulusLength)
  return key
}

type Description = [kind: KeyKind, format: 'spki' | 'pkcs8' | 'jwk', data: JsonWebKey | Uint8Array<ArrayBuffer>]

function describePem(text: string, use: KeyUse): Description {
  const { label, base64 } = parsePem(text, use)
  if (label !== (use === 'verify' ? 'PUBLIC KEY' : 'PRIVATE KEY')) throw wrongKey(label, use)
  const der = atob(base64)
  const kind = KIND_BY_OID.find(([oid]) => der.slice(0, 48).includes(oid))?.[1]
  if (!kind) throw unsupportedKey()
  return [kind, use === 'verify' ? 'spki' : 'pkcs8', toBytes(der)]
}

function describeJwk(jwk: Jwk, use: KeyUse): Description {
  const { kty, crv, d } = jwk
  const kind = kty === 'RSA' ? 'RS' : kty === 'EC' && crv === 'P-256' ? 'ES' : crv === 'Ed25519' ? 'Ed' : null
  if (!kind) throw unsupportedKey()
  // Removed, because our own rules about `alg`, `use` and `key_ops` have been applied; those of browsers differ.
  return [
    kind,
    'jwk',
    {
      ...jwk,
      alg: undefined,
      use: undefined,
      key_ops: undefined,
      ext: undefined,
      d: use === 'verify' ? undefined : d,
    } as object,
  ]
}

function fromWebKey(key: WebKey, use: KeyUse): WebImportedKey {
  const {
    name,
    hash,
    namedCurve = 'P-256',
  } = key.algorithm as { name: string; hash?: { name: string }; namedCurve?: string }
  const kind = (Object.keys(NAME) as KeyKind[]).find((known) => NAME[known] === name)
  if (!kind || namedCurve !== 'P-256') throw unsupportedKey()
  if (!key.usages.includes(use)) throw wrongKey(`${key.type} key`, use)
  ofGoodSize(key as unknown as CryptoKey)
  const algorithms = algorithmsOf(kind).filter(
    (algorithm: VerificationAlgorithm) => !hash || hashOf(algorithm) === hash.name,
  )
  return { algorithms, handle: () => Promise.resolve(key as unknown as CryptoKey) }
}
