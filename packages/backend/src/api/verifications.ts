import type { IdentificationLinkJSON, VerificationJSON, VerificationStatus } from '@latchkey/types'

/** How an identification was, or is to be, verified. */
export interface Verification {
  status: VerificationStatus
  /** Such as `email_code`, `admin`, `from_oauth_google`, `ticket`. */
  strategy: string
  /** Where the browser has to go next. */
  externalVerificationRedirectURL: URL | null
  attempts: number | null
  /** Unix milliseconds. */
  expireAt: number | null
  nonce: string | null
  message: string | null
}

export function toVerification(json: VerificationJSON): Verification {
  const { external_verification_redirect_url: redirectUrl } = json
  return {
    status: json.status,
    strategy: json.strategy,
    externalVerificationRedirectURL: redirectUrl ? new URL(redirectUrl) : null,
    attempts: json.attempts ?? null,
    expireAt: json.expire_at ?? null,
    nonce: json.nonce ?? null,
    message: json.message ?? null,
  }
}

/** For the many resources that have one or null. */
export function toOptionalVerification(json: VerificationJSON | null): Verification | null {
  return json && toVerification(json)
}

/** A one-time code that a backend sent and checks itself. */
export interface CodeVerification {
  /** What an attempt has to name. */
  id: string
  status: VerificationStatus
  strategy: string
  attempts: number | null
  /** Unix milliseconds. */
  expireAt: number | null
  /** How the code was sent to a phone: `sms` or `whatsapp`. */
  channel: string | null
}

export interface AttemptVerificationParams {
  verificationId: string
  code: string
}

export function toCodeVerification(json: VerificationJSON): CodeVerification {
  return {
    id: json.id!,
    status: json.status,
    strategy: json.strategy,
    attempts: json.attempts ?? null,
    expireAt: json.expire_at ?? null,
    channel: json.channel ?? null,
  }
}

/** An identification that another one vouches for. */
export interface IdentificationLink {
  id: string
  /** Such as `oauth_google`. */
  type: string
}

export function toIdentificationLink({ id, type }: IdentificationLinkJSON): IdentificationLink {
  return { id, type }
}
