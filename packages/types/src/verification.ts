import type { ClerkAPIErrorJSON } from './errors.js'

export type VerificationStatus = 'unverified' | 'verified' | 'transferable' | 'failed' | 'expired'

/** The kind of a verification, in its `object` field. */
export type VerificationObject =
  | 'verification_otp'
  | 'verification_admin'
  | 'verification_from_oauth'
  | 'verification_ticket'
  | 'verification_saml'
  | 'verification_email_link'
  | 'verification_scim'
  | 'verification_web3'
  | 'verification_passkey'
  | 'verification_oauth'
  | 'verification_google_one_tap'

/** The verification of an identification, pending or completed. */
export interface VerificationJSON {
  /** One of {@link VerificationObject} inside a resource. */
  object?: string
  /** Only in the answers of `prepare_verification` and `attempt_verification`. */
  id?: string
  status: VerificationStatus
  /** Such as `email_code`, `admin`, `from_oauth_google`, `ticket`, `web3_metamask_signature`. */
  strategy: string
  attempts: number | null
  /** Unix milliseconds. */
  expire_at: number | null
  /** How a code was sent: `sms` or `whatsapp`. */
  channel?: string | null
  verified_at_client?: string | null
  external_verification_redirect_url?: string | null
  error?: ClerkAPIErrorJSON | null
  nonce?: string | null
  message?: string | null
}

/** An identification that another one (an external account, usually) vouches for. */
export interface IdentificationLinkJSON {
  /** Such as `oauth_google`. */
  type: string
  id: string
}

/** `verified`, or usable for sign-in and locked for others without being verified. */
export type IdentificationStatus = 'verified' | 'reserved'

export interface AttemptVerificationJSON {
  verification_id: string
  code: string
}
