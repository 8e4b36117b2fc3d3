import type { Random } from '../../kernel/runtime.js'
import type { VerificationColumns, VerificationRecord } from './verifications.table.js'

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

/** Whether a right proof still counts. The statement that spends it asks the same once more. */
export function isOpen({ status, expireAt }: VerificationRecord, now: number): boolean {
  return status === 'unverified' && expireAt > now
}

/** Six digits. */
export function generateCode(random: Random): string {
  // Of 48 random bits the remainder favours no code by more than one part in 200 million.
  const number = Buffer.from(random.bytes(6)).readUIntBE(0, 6) % 1_000_000
  return String(number).padStart(6, '0')
}
