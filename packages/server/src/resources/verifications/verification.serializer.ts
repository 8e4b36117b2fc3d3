import type { VerificationJSON, VerificationObject } from '@latchkey/types'
import type { VerificationRecord } from '../../storage/tables.js'

/** The columns that every verified thing has. */
export interface VerificationColumns {
  verificationStatus: 'unverified' | 'verified' | 'failed' | 'expired' | null
  verificationStrategy: string | null
  verificationAttempts: number | null
  verificationExpireAt: number | null
}

/** Null when no verification was ever started. */
export function toVerificationJSON(row: VerificationColumns): VerificationJSON | null {
  if (row.verificationStatus === null || row.verificationStrategy === null) return null
  return {
    object: objectOf(row.verificationStrategy),
    status: row.verificationStatus,
    strategy: row.verificationStrategy,
    attempts: row.verificationAttempts,
    expire_at: row.verificationExpireAt,
  }
}

/** A verification of its own, as preparing and attempting one answer it. */
export function toCodeVerificationJSON(verification: VerificationRecord): VerificationJSON {
  return {
    object: 'verification_otp',
    id: verification.id,
    status: verification.status,
    strategy: verification.strategy,
    attempts: verification.attempts,
    expire_at: verification.expireAt,
    ...(verification.strategy === 'phone_code' ? { channel: 'sms' } : {}),
  }
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

/** Made or confirmed through the Backend API. */
export const verifiedByAdmin: VerificationColumns = {
  verificationStatus: 'verified',
  verificationStrategy: 'admin',
  verificationAttempts: null,
  verificationExpireAt: null,
}

export const unverified: VerificationColumns = {
  verificationStatus: null,
  verificationStrategy: null,
  verificationAttempts: null,
  verificationExpireAt: null,
}
