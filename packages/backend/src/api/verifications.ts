import type { IdentificationLinkJSON, VerificationJSON } from '@latchkey/types'
import type { Resource, Translated } from './resource.js'

/** How an identification was, or is to be, verified. */
export interface Verification extends Resource<VerificationJSON> {
  /** Where the browser has to go next. */
  externalVerificationRedirectURL: URL | null
  attempts: number | null
  /** Unix milliseconds. */
  expireAt: number | null
  nonce: string | null
  message: string | null
}

/** A one-time code that a backend sent and checks itself. */
export interface CodeVerification extends Verification {
  /** What an attempt has to name. */
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
