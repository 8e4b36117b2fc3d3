import type { EmailAddressJSON } from '@latchkey/types'
import type { EmailAddressRecord } from '../../storage/tables.js'
import { toVerificationJSON } from '../verifications/verification.serializer.js'

export function toEmailAddressJSON(emailAddress: EmailAddressRecord): EmailAddressJSON {
  return {
    id: emailAddress.id,
    object: 'email_address',
    email_address: emailAddress.emailAddress,
    reserved: emailAddress.reserved,
    verification: toVerificationJSON(emailAddress),
    linked_to: emailAddress.linkedTo,
    matches_sso_connection: false,
    created_at: emailAddress.createdAt,
    updated_at: emailAddress.updatedAt,
  }
}
