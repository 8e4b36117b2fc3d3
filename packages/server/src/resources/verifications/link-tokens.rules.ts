import { readToken, signToken } from '../../lib/secrets/signed-token.js'
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

const CATEGORY = 'latchkey_email_link'

export function linkToken({ id, instanceId, subjectKind, expireAt }: VerificationRecord, key: string): string {
  const claims: LinkClaims = { exp: Math.ceil(expireAt / 1000), iid: instanceId, sid: id, st: subjectKind }
  return signToken(CATEGORY, claims, key)
}

/** @returns undefined for any text that was not signed with one of the keys */
export function readLinkToken(token: string, keys: readonly string[]): LinkClaims | undefined {
  return readToken(CATEGORY, token, keys) as LinkClaims | undefined
}
