import type { KeyObject } from 'node:crypto'
import { hashOf, type HmacAlgorithm } from './algorithms.js'
import { decodeBase64url } from './base64url.js'
import { JwtError } from './jwt-error.js'
import { isNodeKey, isWebKey, type KeyMaterial } from './key-material.js'
import { nodeHashOf } from './node-keys.js'
import { node } from './runtime.js'

/**
 * Signs a text with a shared secret: text, bytes, a JWK of type `oct`, a `KeyObject` or a `CryptoKey`.
 *
 * @throws {JwtError} `key_invalid` when the key is not a secret key.
 */
export async function makeHmac(algorithm: HmacAlgorithm, key: KeyMaterial, text: string): Promise<Uint8Array> {
  const secret = typeof key === 'string' ? new TextEncoder().encode(key) : key
  if (isWebKey(secret)) return signOnWeb(secret as unknown as CryptoKey, text)
  if (node && isNodeKey(secret)) {
    if (secret.type !== 'secret') throw notASecret()
    return node.crypto
      .createHmac(nodeHashOf(algorithm)!, secret as unknown as KeyObject)
      .update(text)
      .digest()
  }
  const bytes = secret instanceof Uint8Array ? secret : decodeBase64url((secret as { k?: string }).k ?? '')
  if (!bytes?.length) throw notASecret()
  if (node) return node.crypto.createHmac(nodeHashOf(algorithm)!, bytes).update(text).digest()
  const parameters = { name: 'HMAC', hash: hashOf(algorithm) }
  return signOnWeb(
    await crypto.subtle.importKey('raw', bytes as Uint8Array<ArrayBuffer>, parameters, false, ['sign']),
    text,
  )
}

async function signOnWeb(key: CryptoKey, text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text)))
}

function notASecret(): JwtError {
  return new JwtError('key_invalid', 'HMAC needs a secret key.')
}
