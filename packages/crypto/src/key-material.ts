import { JwtError } from './jwt-error.js'

/** A JSON Web Key (RFC 7517). */
export interface Jwk {
  kty?: string
  kid?: string
  alg?: string
  use?: string
  key_ops?: string[]
  crv?: string
  n?: string
  e?: string
  x?: string
  y?: string
  d?: string
  k?: string
  [member: string]: unknown
}

/** The parts of Node's `KeyObject` that we use, written out so that the declarations do not depend on `@types/node`. */
export interface NodeKey {
  readonly type: 'secret' | 'public' | 'private'
  export(options?: never): unknown
}

/** The parts of WebCrypto's `CryptoKey` that we use. */
export interface WebKey {
  readonly type: string
  readonly algorithm: { readonly name: string }
  readonly extractable: boolean
  readonly usages: readonly string[]
}

/**
 * A key in any form that callers may pass: PEM text (SPKI to verify, PKCS #8 to sign; Node also takes PKCS #1 and SEC
 * 1), a JWK, a `KeyObject` or a `CryptoKey`; for HMAC the secret itself as text or bytes.
 */
export type KeyMaterial = string | Uint8Array | Jwk | NodeKey | WebKey

export interface Pem {
  label: string
  /** Standard base64 without line breaks. */
  base64: string
}

/**
 * Reads PEM text. Line breaks may be real, written as `\n`, replaced by spaces or missing, and the two marker lines may
 * be missing: all of this happens to keys in environment variables.
 *
 * @throws {JwtError} `key_invalid` when it is neither PEM nor bare base64.
 */
export function parsePem(text: string, use: 'sign' | 'verify'): Pem {
  const defaultLabel = use === 'verify' ? 'PUBLIC KEY' : 'PRIVATE KEY'
  // No dash in either: with one, a text of nothing but first lines would be tried from each to each.
  const [, label = defaultLabel, content = text] =
    /-----BEGIN ([^-]{1,64})-----([^-]+)-----END \1-----/.exec(text) ?? []
  const base64 = content.replace(/\\[rn]|\s/g, '')
  if (!/^[A-Za-z0-9+/]+=*$/.test(base64)) {
    throw new JwtError('key_invalid', `The key is not PEM: -----BEGIN ${defaultLabel}-----`)
  }
  return { label, base64 }
}

export function unsupportedKey(): JwtError {
  return new JwtError('key_invalid', 'The key is of a type that is not supported: use RSA, P-256 or Ed25519.')
}

/** Bits of an RSA key: fewer are insecure (RFC 7518, section 3.3), and with more a signature takes a tenth of a second. */
const RSA_BITS = [2048, 8192] as const

/** @param bits of an RSA key; undefined for other keys */
export function requireSize(bits: number | undefined): void {
  const [least, most] = RSA_BITS
  if (bits !== undefined && !(bits >= least && bits <= most)) {
    throw new JwtError('key_invalid', `An RSA key must have ${least} to ${most} bits, got ${bits}.`)
  }
}

export function refuseUnreadable(cause: unknown): never {
  throw new JwtError('key_invalid', 'The key could not be read.', { cause })
}

export function wrongKey(what: string, use: 'sign' | 'verify'): JwtError {
  return new JwtError('key_invalid', `A ${what} cannot be used to ${use} here.`)
}

/** Whether this is a `CryptoKey`, from any realm. */
export function isWebKey(key: object): key is WebKey {
  return Object.prototype.toString.call(key) === '[object CryptoKey]'
}

/** Whether this is Node's `KeyObject`: the only kind of key with an `export` method. */
export function isNodeKey(key: object): key is NodeKey {
  return typeof (key as { export?: unknown }).export === 'function'
}
