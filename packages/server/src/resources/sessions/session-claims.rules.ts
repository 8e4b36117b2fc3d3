import type { SessionClaimsV1, SessionClaimsV2 } from '@latchkey/types'
import type { SessionRecord } from './sessions.table.js'

/** Seconds. */
export const SESSION_TOKEN_LIFETIME = 60
/** Seconds that a verifier's clock may lag behind ours. */
const SESSION_TOKEN_SKEW = 10

const MINUTE = 60_000

export interface SessionClaimsInput {
  issuer: string
  /** Of the session. */
  status: SessionClaimsV2['sts']
  /** Unix milliseconds. */
  now: number
  /** Seconds. Default is {@link SESSION_TOKEN_LIFETIME}. */
  lifetime?: number | undefined
  /** Unique to the token. */
  jti: string
  /** The origin of the page that asks, for the claim `azp`. */
  authorizedParty?: string | undefined
}

/**
 * The claims of tokens up to version 2025-03-12 of the API. The documentation of these has no `sts`, but SDKs read it from
 * every token. Without it they would let a person in whose session is pending.
 */
export function sessionClaimsV1(session: SessionRecord, input: SessionClaimsInput): SessionClaimsV1 {
  return { ...(input.status === 'pending' ? { sts: input.status } : {}), ...commonClaims(session, input) }
}

/** The claims of tokens from version 2025-04-10 of the API on. */
export function sessionClaimsV2(session: SessionRecord, input: SessionClaimsInput): SessionClaimsV2 {
  return { v: 2, jti: input.jti, sts: input.status, ...commonClaims(session, input) }
}

function commonClaims(
  session: SessionRecord,
  { issuer, now, lifetime = SESSION_TOKEN_LIFETIME, authorizedParty }: SessionClaimsInput,
) {
  const iat = Math.floor(now / 1000)
  return {
    ...(authorizedParty === undefined ? {} : { azp: authorizedParty }),
    sid: session.id,
    sub: session.userId,
    ...(session.actor ? { act: session.actor as SessionClaimsV2['act'] & object } : {}),
    fva: [factorAge(session.firstFactorVerifiedAt, now), factorAge(session.secondFactorVerifiedAt, now)] as [
      number,
      number,
    ],
    iss: issuer,
    iat,
    nbf: iat - SESSION_TOKEN_SKEW,
    exp: iat + lifetime,
  }
}

/** Whole minutes since the factor was checked, -1 when it never was. */
export function factorAge(verifiedAt: number | null, now: number): number {
  return verifiedAt === null ? -1 : Math.max(0, Math.floor((now - verifiedAt) / MINUTE))
}
