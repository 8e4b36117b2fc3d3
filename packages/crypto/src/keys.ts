import { isAlgorithm, type JwtAlgorithm } from './algorithms.js'
import { JwtError } from './jwt-error.js'
import { isNodeKey, isWebKey, type KeyMaterial } from './key-material.js'
import { platform, type ImportedKey, type KeyUse } from './platform.js'

/** How many keys given as text stay imported, per use. A process has one or two; a tenant router some dozens. */
const CACHED_TEXT_KEYS = 128

type CachedKey = ImportedKey | Promise<ImportedKey>
type Cache = Map<string, CachedKey> | WeakMap<object, CachedKey>

const textKeys: Record<KeyUse | 'secret', Map<string, CachedKey>> = { sign: new Map(), verify: new Map(), secret: new Map() }
const objectKeys: Record<KeyUse, WeakMap<object, CachedKey>> = { sign: new WeakMap(), verify: new WeakMap() }

/**
 * Makes a key ready for use. Parsing one costs more than a verification, so the result is kept: the latest ones given as
 * text, objects as long as they live. A JWK must not be changed after its first use.
 *
 * @param secret Whether text is an HMAC secret rather than PEM.
 * @throws {JwtError} `key_invalid` when it cannot be read, is of an unsupported type, or is not for this use.
 */
export function importKey(key: KeyMaterial, use: KeyUse, secret = false): CachedKey {
  if (!key) throw new JwtError('key_invalid', 'The key is missing.')
  const cache: Cache = typeof key === 'string' ? textKeys[secret ? 'secret' : use] : objectKeys[use]
  const known = cache.get(key as never)
  if (known) return known
  const imported = load(key, use, secret)
  if (cache instanceof Map && cache.size >= CACHED_TEXT_KEYS) cache.delete(cache.keys().next().value!)
  cache.set(key as never, imported)
  return imported
}

function load(key: KeyMaterial, use: KeyUse, secret: boolean): CachedKey {
  try {
    const allowed = declaredAlgorithms(key, use)
    const imported = platform.importKey(key, use, secret)
    if (!allowed) return imported
    const restrict = (whole: ImportedKey): ImportedKey => {
      const usable = whole.algorithms.filter((algorithm) => allowed.includes(algorithm))
      if (usable.length === 0) throw new JwtError('key_invalid', `The key is not for the algorithm ${allowed.join()}.`)
      return { ...whole, algorithms: usable }
    }
    return imported instanceof Promise ? imported.then(restrict) : restrict(imported)
  } catch (error) {
    if (error instanceof JwtError) throw error
    throw new JwtError('key_invalid', 'The key could not be read.', { cause: error })
  }
}

/** The algorithms a JWK or a `CryptoKey` names for itself, or undefined when it names none. */
function declaredAlgorithms(key: KeyMaterial, use: KeyUse): readonly JwtAlgorithm[] | undefined {
  if (typeof key === 'string' || key instanceof Uint8Array || isNodeKey(key)) return undefined
  if (isWebKey(key)) {
    const { name, hash } = key.algorithm as { name: string; hash?: { name: string } }
    if (!hash) return undefined
    const family = name === 'HMAC' ? 'HS' : name === 'RSASSA-PKCS1-v1_5' ? 'RS' : ''
    const algorithm = family + hash.name.replace('SHA-', '')
    return isAlgorithm(algorithm) ? [algorithm] : []
  }
  if (key.use !== undefined && key.use !== 'sig') {
    throw new JwtError('key_invalid', `The key's use is ${JSON.stringify(key.use)}, not "sig".`)
  }
  if (Array.isArray(key.key_ops) && !key.key_ops.includes(use)) {
    throw new JwtError('key_invalid', `The key's key_ops do not include "${use}".`)
  }
  if (key.alg === undefined) return undefined
  return isAlgorithm(key.alg) ? [key.alg] : []
}
