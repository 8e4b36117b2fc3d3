import type { IdentificationLinkJSON, VerificationJSON, VerificationObject } from '@latchkey/types'
import { z } from 'zod'
import { clerkError, component, milliseconds, type Shape } from '../../kernel/component.js'
import type { VerificationColumns, VerificationRecord } from './verifications.table.js'

/** Inside an identifier, and as the answer of an operation on one. */
export const verificationSchema = component(
  'Verification',
  z.object({
    object: z.string().optional(),
    id: z.string().optional(),
    status: z.enum(['unverified', 'verified', 'transferable', 'failed', 'expired']),
    strategy: z.string(),
    attempts: z.int().min(0).nullable(),
    expire_at: milliseconds.nullable(),
    channel: z.string().nullish(),
    verified_at_client: z.string().nullish(),
    external_verification_redirect_url: z.string().nullish(),
    error: clerkError.nullish(),
    nonce: z.string().nullish(),
    message: z.string().nullish(),
  } satisfies Shape<VerificationJSON>),
)

export const identificationLink = component(
  'IdentificationLink',
  z.object({ type: z.string(), id: z.string() } satisfies Shape<IdentificationLinkJSON>),
)

/**
 * Null if no verification was ever started.
 *
 * @param now Unix milliseconds; a code that was sent and not tried in time shows as expired
 */
export function toVerificationJSON(row: VerificationColumns, now = 0): VerificationJSON | null {
  if (row.verificationStatus === null || row.verificationStrategy === null) return null
  const late = row.verificationStatus === 'unverified' && (row.verificationExpireAt ?? Infinity) <= now
  return {
    object: objectOf(row.verificationStrategy),
    status: late ? 'expired' : row.verificationStatus,
    strategy: row.verificationStrategy,
    attempts: row.verificationAttempts,
    expire_at: row.verificationExpireAt,
  }
}

/** A verification of its own, as the answer of preparing and attempting one. */
export const codeVerification = {
  schema: verificationSchema,
  toJSON: ({ id, status, strategy, attempts, expireAt }: VerificationRecord): VerificationJSON => ({
    object: 'verification_otp',
    id,
    status,
    strategy,
    attempts,
    expire_at: expireAt,
    ...(strategy === 'phone_code' ? { channel: 'sms' } : {}),
  }),
}

function objectOf(strategy: string): VerificationObject {
  if (strategy.startsWith('oauth_')) return 'verification_oauth'
  if (strategy.startsWith('from_oauth_')) return 'verification_from_oauth'
  if (strategy.startsWith('web3_')) return 'verification_web3'
  return byStrategy[strategy] ?? 'verification_otp'
}

const byStrategy: Record<string, VerificationObject> = {
  admin: 'verification_admin',
  ticket: 'verification_ticket',
  saml: 'verification_saml',
  email_link: 'verification_email_link',
  passkey: 'verification_passkey',
}
