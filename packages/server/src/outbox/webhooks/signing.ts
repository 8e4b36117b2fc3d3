import { createHmac } from 'node:crypto'
import type { Random } from '../../kernel/runtime.js'

const PREFIX = 'whsec_'
/** Bytes of a new secret, as many as Svix makes. */
const SECRET_LENGTH = 24

export function newSigningSecret(random: Random): string {
  return `${PREFIX}${Buffer.from(random.bytes(SECRET_LENGTH)).toString('base64')}`
}

/** Whether a secret that somebody brings has the form: `whsec_` and the base64 of 24 to 64 bytes. */
export function isSigningSecret(text: string): boolean {
  if (!/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(text)) return false
  const key = keyOf(text)
  return (
    key.length >= 24 &&
    key.length <= 64 &&
    key.toString('base64').replace(/=+$/, '') === text.slice(PREFIX.length).replace(/=+$/, '')
  )
}

function keyOf(secret: string): Buffer {
  return Buffer.from(secret.slice(PREFIX.length), 'base64')
}

/**
 * The headers of a delivery, under both names: `@clerk/backend` reads only `svix-*`, the package `standardwebhooks` only
 * `webhook-*`.
 *
 * @param id the same at every attempt: the receiver's idempotency key
 * @param seconds Unix time of this attempt
 * @param secrets each signs; the newest first
 */
export function signedHeaders(
  id: string,
  seconds: number,
  body: string,
  secrets: readonly string[],
): Record<string, string> {
  const signature = secrets
    .map((secret) => `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${seconds}.${body}`).digest('base64')}`)
    .join(' ')
  const headers: Record<string, string> = {}
  for (const family of ['svix', 'webhook']) {
    headers[`${family}-id`] = id
    headers[`${family}-timestamp`] = String(seconds)
    headers[`${family}-signature`] = signature
  }
  return headers
}
