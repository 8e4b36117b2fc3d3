import type * as NodeCrypto from 'node:crypto'
import { algorithmsOf, type JwtAlgorithm, type KeyKind } from './algorithms.js'
import type { ImportedKey, KeyUse } from './imported-key.js'
import {
  isNodeKey,
  isWebKey,
  parsePem,
  requireSize,
  unsupportedKey,
  wrongKey,
  type KeyMaterial,
} from './key-material.js'
import { node } from './runtime.js'

export interface NodeImportedKey extends ImportedKey {
  readonly handle: NodeCrypto.KeyObject
}

/** Node's name for the DER format of a key, by the label of its PEM. */
const DER_TYPE: Record<KeyUse, Record<string, string>> = {
  verify: { 'PUBLIC KEY': 'spki', 'RSA PUBLIC KEY': 'pkcs1' },
  sign: { 'PRIVATE KEY': 'pkcs8', 'RSA PRIVATE KEY': 'pkcs1', 'EC PRIVATE KEY': 'sec1' },
}

/** Creates a `KeyObject`. With it, `node:crypto` is three times as fast as WebCrypto. */
export function importNodeKey(key: KeyMaterial, use: KeyUse): NodeImportedKey {
  const handle = toKeyObject(key, use)
  if (handle.type !== (use === 'verify' ? 'public' : 'private')) throw wrongKey(`${handle.type} key`, use)
  return { algorithms: algorithmsOf(kindOf(handle)), handle }
}

/** The hash under its OpenSSL name. Ed25519 has a built-in hash and takes none. */
export function nodeHashOf(algorithm: JwtAlgorithm): string | null {
  return algorithm === 'EdDSA' ? null : `sha${algorithm.slice(2)}`
}

/** JOSE writes an ECDSA signature as r and s side by side; OpenSSL's default is DER. */
export function nodeInputOf(
  algorithm: JwtAlgorithm,
  key: NodeCrypto.KeyObject,
): NodeCrypto.KeyObject | NodeCrypto.SignKeyObjectInput {
  return algorithm === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' } : key
}

function toKeyObject(key: KeyMaterial, use: KeyUse): NodeCrypto.KeyObject {
  const { crypto } = node!
  if (typeof key === 'object') {
    if (isNodeKey(key)) return key as unknown as NodeCrypto.KeyObject
    if (isWebKey(key)) return crypto.KeyObject.from(key as unknown as NodeCrypto.webcrypto.CryptoKey)
  }
  const input = (typeof key === 'string' ? derOf(key, use) : { key, format: 'jwk' }) as NodeCrypto.PublicKeyInput &
    NodeCrypto.PrivateKeyInput
  return use === 'verify' ? crypto.createPublicKey(input) : crypto.createPrivateKey(input)
}

function derOf(text: string, use: KeyUse): object {
  const { label, base64 } = parsePem(text, use)
  const type = DER_TYPE[use][label]
  if (!type) throw wrongKey(label, use)
  return { key: node!.buffer.Buffer.from(base64, 'base64'), format: 'der', type }
}

function kindOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: NodeCrypto.KeyObject): KeyKind {
  requireSize(details?.modulusLength)
  if (type === 'rsa') return 'RS'
  if (type === 'ed25519') return 'Ed'
  if (details?.namedCurve === 'prime256v1') return 'ES'
  throw unsupportedKey()
}
