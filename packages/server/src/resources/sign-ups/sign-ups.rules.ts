import type { SignUpVerificationJSON, SignUpVerificationsJSON } from '@latchkey/types'
import type { SignUpRecord } from './sign-ups.table.js'

/** Milliseconds: a day. Nobody goes on with a sign-up after that. */
export const ABANDONED_AFTER = 24 * 60 * 60 * 1000

export function signUpStatus(
  { status, abandonAt }: Pick<SignUpRecord, 'status' | 'abandonAt'>,
  now: number,
): SignUpRecord['status'] | 'abandoned' {
  return status === 'missing_requirements' && abandonAt <= now ? 'abandoned' : status
}

/** Whether there is, or was until the user got it, a password. */
export function hasPassword({ passwordDigest, passwordHasher }: SignUpRecord): boolean {
  return passwordDigest !== null || passwordHasher !== null
}

/** The verifications at this moment: a code expires without a write to the database. */
export function verificationsAt(verifications: SignUpVerificationsJSON, now: number): SignUpVerificationsJSON {
  return {
    ...verifications,
    email_address: verificationAt(verifications.email_address, now),
    phone_number: verificationAt(verifications.phone_number, now),
    web3_wallet: verificationAt(verifications.web3_wallet, now),
  }
}

function verificationAt(verification: SignUpVerificationJSON | null, now: number): SignUpVerificationJSON | null {
  if (verification?.status !== 'unverified' || (verification.expire_at ?? Infinity) > now) return verification
  return { ...verification, status: 'expired', next_action: 'needs_prepare' }
}
