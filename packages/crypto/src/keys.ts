import type { ImportedKey, KeyUse } from './imported-key.js'
import { JwtError } from './jwt-error.js'
import { isNodeKey, isWebKey, refuseUnreadable, wrongKey, type KeyMaterial } from './key-material.js'
import { isSameContent, snapshotOf, type Snapshot } from './key-snapshot.js'
import { keep } from './keep.js'
import { importNodeKey } from './node-keys.js'
import { node } from './runtime.js'
import { importWebKey } from './web-keys.js'

/**
 * How many imported keys are kept that were given as text, per use. Most processes have one or two; one that serves
 * many tenants has some dozens.
 */
const CACHED_TEXT_KEYS = 128

const textKeys = { sign: new Map<string, ImportedKey>(), verify: new Map<string, ImportedKey>() }

interface ObjectKey {
  imported: ImportedKey
  content: Snapshot
}

const objectKeys = { sign: new WeakMap<object, ObjectKey>(), verify: new WeakMap<object, ObjectKey>() }

/**
 * Imports a key. Parsing a key costs more than a verification, so the result is cached: for text, the latest ones; for
 * objects, as long as the object lives and has the same content.
 *
 * @throws {JwtError} `key_invalid` when it cannot be read, is of an unsupported type, or is not for this use.
 */
export function importKey(key: KeyMaterial, use: KeyUse): ImportedKey {
  if (!key) throw new JwtError('key_invalid', 'The key is missing.')
  if (typeof key === 'string') {
    const cache = textKeys[use]
    return cache.get(key) ?? keep(cache, key, load(key, use), CACHED_TEXT_KEYS)
  }
  const cache = objectKeys[use]
  const known = cache.get(key)
  if (known && isSameContent(known.content, key)) return known.imported
  const content = snapshotOf(key)
  const imported = load(key, use)
  cache.set(key, { imported, content })
  return imported
}

function load(key: KeyMaterial, use: KeyUse): ImportedKey {
  try {
    const declared = declaredAlgorithm(key, use)
    const imported = (node ? importNodeKey : importWebKey)(key, use)
    const algorithms = imported.algorithms.filter((algorithm) => declared === undefined || declared === algorithm)
    if (algorithms.length === 0) throw wrongKey(`key for ${declared as string}`, use)
    return { ...imported, algorithms }
  } catch (cause) {
    if (cause instanceof JwtError) throw cause
    return refuseUnreadable(cause)
  }
}

/** The algorithm that a JWK or a `CryptoKey` declares, or undefined. */
function declaredAlgorithm(key: KeyMaterial, use: KeyUse): unknown {
  if (typeof key === 'string' || isNodeKey(key)) return undefined
  if (isWebKey(key)) {
    const { hash } = key.algorithm as { hash?: { name: string } }
    return hash && `RS${hash.name.slice(4)}`
  }
  const { use: purpose = 'sig', key_ops: operations, alg } = key as { use?: string; key_ops?: string[]; alg?: string }
  if (purpose !== 'sig' || (Array.isArray(operations) && !operations.includes(use))) {
    throw wrongKey('key with these use and key_ops', use)
  }
  return alg
}
