import type { IdentificationLinkJSON, VerificationJSON } from '@latchkey/types'
import type { Resource, Translated } from './resource.js'

/** The verification of an identification, pending or completed. */
export interface Verification extends Resource<VerificationJSON> {
  /** Where the browser must go next. */
  externalVerificationRedirectURL: URL | null
  attempts: number | null
  /** Unix milliseconds. */
  expireAt: number | null
  nonce: string | null
  message: string | null
}

/** A one-time code that a backend sent and checks itself. */
export interface CodeVerification extends Verification {
  /** Required to attempt the verification. */
  id: string
  /** How the code was sent to a phone: `sms` or `whatsapp`. */
  channel: string | null
}

export interface AttemptVerificationParams {
  verificationId: string
  code: string
}

/** An identification that another one vouches for. */
export type IdentificationLink = Translated<IdentificationLinkJSON>
