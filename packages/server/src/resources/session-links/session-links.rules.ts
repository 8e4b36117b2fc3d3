import type { SessionLanding } from '@latchkey/types'
import { readToken, signToken } from '../../lib/secrets/signed-token.js'
import { isSignedIn } from '../sessions/sessions.rules.js'
import type { SessionRecord } from '../sessions/sessions.table.js'

/** Milliseconds that a link is good, if its session lasts as long: a notice may be read after a holiday. */
const LINK_LIFETIME = 7 * 24 * 60 * 60 * 1000

const CATEGORY = 'latchkey_session_link'

interface SessionLinkClaims {
  /** Seconds. */
  exp: number
  /** The instance. */
  iid: string
  /** The session. */
  sid: string
}

/** Milliseconds from the beginning of the session. */
export function linkLifetimeOf({ createdAt, expireAt }: SessionRecord): number {
  return Math.min(LINK_LIFETIME, expireAt - createdAt)
}

export function sessionLinkToken(session: SessionRecord, key: string): string {
  const { id, instanceId, createdAt } = session
  const end = createdAt + linkLifetimeOf(session)
  const claims: SessionLinkClaims = { exp: Math.ceil(end / 1000), iid: instanceId, sid: id }
  return signToken(CATEGORY, claims, key)
}

/** @returns undefined for any text that was not signed with one of the keys */
export function readSessionLinkToken(token: string, keys: readonly string[]): SessionLinkClaims | undefined {
  return readToken(CATEGORY, token, keys) as SessionLinkClaims | undefined
}

/** What opening a link finds: the session can be ended once, until the link expires. */
export function stateOf(
  { exp }: SessionLinkClaims,
  session: SessionRecord | undefined,
  now: number,
): SessionLanding['state'] {
  if (!session || !isSignedIn(session, now)) return 'over'
  return exp * 1000 <= now ? 'expired' : 'open'
}
