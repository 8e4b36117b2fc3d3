import type { PhoneNumberRecord } from './phone-numbers.table.js'

/** Whether a code to this number serves as second factor. */
export function isSecondFactor({ reservedForSecondFactor, verificationStatus }: PhoneNumberRecord): boolean {
  return reservedForSecondFactor && verificationStatus === 'verified'
}
