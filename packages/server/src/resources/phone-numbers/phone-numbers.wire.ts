import type { PhoneNumberJSON } from '@latchkey/types'
import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { component, milliseconds, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import { identificationLink, toVerificationJSON, verificationSchema } from '../verifications/verifications.wire.js'
import type { PhoneNumberRecord } from './phone-numbers.table.js'

const schema = component(
  'PhoneNumber',
  z.object({
    object: z.literal('phone_number'),
    id: z.string(),
    phone_number: z.string(),
    reserved_for_second_factor: z.boolean(),
    default_second_factor: z.boolean(),
    reserved: z.boolean(),
    verification: verificationSchema.nullable(),
    linked_to: z.array(identificationLink),
    backup_codes: z.array(z.string()).nullable(),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<PhoneNumberJSON>),
)

export interface ShownPhoneNumber extends PhoneNumberRecord {
  /** The user's new backup codes, if this change created them; they are shown once. */
  backupCodes?: string[] | null
}

export const phoneNumber = {
  schema,
  toJSON: (row: ShownPhoneNumber, { clock }: WireContext): PhoneNumberJSON =>
    toWire(schema, row, {
      object: 'phone_number',
      verification: toVerificationJSON(row, clock.now()),
      backup_codes: row.backupCodes ?? null,
    }),
}
