import { isNodeKey, isWebKey, type Jwk, type KeyMaterial } from './key-material.js'

/** The content of a key that its owner may change in place: a JWK or bytes. Empty for all others. */
export type Snapshot = readonly unknown[]

const UNCHANGING: Snapshot = []

/** Every member of a JWK that decides what the key verifies or signs. */
const MEMBERS = ['kty', 'crv', 'n', 'e', 'x', 'y', 'd', 'k', 'alg', 'use', 'p', 'q', 'dp', 'dq', 'qi'] as const

export function snapshotOf(key: KeyMaterial | Function | undefined): Snapshot {
  if (typeof key !== 'object' || key === null) return UNCHANGING
  if (key instanceof Uint8Array) return [...key]
  if (isNodeKey(key) || isWebKey(key)) return UNCHANGING
  return MEMBERS.map((name) => (key as Jwk)[name]).concat((key as Jwk).key_ops?.toString())
}

export function isSameContent(snapshot: Snapshot, key: KeyMaterial): boolean {
  if (snapshot === UNCHANGING) return true
  const now = snapshotOf(key)
  return now.length === snapshot.length && now.every((value, index) => value === snapshot[index])
}
