import type { PhoneNumberJSON } from '@latchkey/types'
import type { PhoneNumberRecord } from '../../storage/tables.js'
import { toVerificationJSON } from '../verifications/verification.serializer.js'

/** @param backupCodes those that were made with this very change; they are shown once */
export function toPhoneNumberJSON(
  phoneNumber: PhoneNumberRecord,
  backupCodes: string[] | null = null,
): PhoneNumberJSON {
  return {
    id: phoneNumber.id,
    object: 'phone_number',
    phone_number: phoneNumber.phoneNumber,
    reserved_for_second_factor: phoneNumber.reservedForSecondFactor,
    default_second_factor: phoneNumber.defaultSecondFactor,
    reserved: phoneNumber.reserved,
    verification: toVerificationJSON(phoneNumber),
    linked_to: phoneNumber.linkedTo,
    backup_codes: backupCodes,
    created_at: phoneNumber.createdAt,
    updated_at: phoneNumber.updatedAt,
  }
}
