import { createHmac } from 'node:crypto'
import { safeEqual } from '../../lib/secrets/safe-equal.js'
import type { VerificationRecord, VerificationSubject } from './verifications.table.js'

/** What the token of a link says; the names are those of tickets. */
export interface LinkClaims {
  /** Seconds. */
  exp: number
  /** The instance. */
  iid: string
  /** The verification. */
  sid: string
  /** What it verifies. */
  st: VerificationSubject
}

const HEADER = encode({ alg: 'HS256', cat: 'latchkey_email_link', typ: 'JWT' })

/** The same for a verification whenever it is asked for, so that the token itself need not be stored. */
export function linkToken({ id, instanceId, subjectKind, expireAt }: VerificationRecord, key: string): string {
  const claims: LinkClaims = { exp: Math.ceil(expireAt / 1000), iid: instanceId, sid: id, st: subjectKind }
  const text = `${HEADER}.${encode(claims)}`
  return `${text}.${signatureOf(text, key)}`
}

/** @returns undefined for any text that was not signed with one of the keys */
export function readLinkToken(token: string, keys: readonly string[]): LinkClaims | undefined {
  const [header, payload = '', signature = '', ...rest] = token.split('.')
  if (header !== HEADER || rest.length > 0) return undefined
  if (!keys.some((key) => safeEqual(signatureOf(`${header}.${payload}`, key), signature))) return undefined
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as LinkClaims
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function signatureOf(text: string, key: string): string {
  return createHmac('sha256', key).update(text).digest('base64url')
}
