import { hash } from 'node:crypto'
import type { Random } from '../kernel/runtime.js'
import type { SecretKind } from './instances.table.js'

type EnvironmentType = 'development' | 'production'

/** Secrets of these sorts stand beside what they open, in tables of their own. */
type SecretSort = SecretKind | 'api_key' | 'm2m_token'

/** How the secrets of a sort begin. Machine and API keys begin alike, so the prefix does not tell which one it is. */
const PREFIXES: Record<SecretSort, (environmentType: EnvironmentType) => string> = {
  secret_key: (environmentType) => `sk_${environmentType === 'development' ? 'test' : 'live'}_`,
  machine_secret_key: () => 'ak_',
  api_key: () => 'ak_',
  m2m_token: () => 'mt_',
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** Characters after the prefix, some 250 bits of randomness. */
const LENGTH = 43

/** A new secret, to be shown once. */
export function newSecret(kind: SecretSort, environmentType: EnvironmentType, random: Random): string {
  return `${PREFIXES[kind](environmentType)}${randomLetters(LENGTH, random)}`
}

/** Letters and digits that nobody can guess, at most 43. */
export function randomLetters(length: number, random: Random): string {
  // Bytes past the last whole multiple of 62 would make some characters likelier than others.
  return Array.from(random.bytes(128))
    .filter((byte) => byte < 248)
    .slice(0, length)
    .map((byte) => BASE62[byte % 62])
    .join('')
}

/** Whether a given text can serve as a secret of the kind. */
export function isSecret(kind: SecretSort, environmentType: EnvironmentType, text: string): boolean {
  return new RegExp(`^${PREFIXES[kind](environmentType)}[\\x21-\\x7e]{1,256}$`).test(text)
}

/** The stored form of a secret: SHA-256, hex. Secrets are random, so a plain digest is enough. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'hex')
}
