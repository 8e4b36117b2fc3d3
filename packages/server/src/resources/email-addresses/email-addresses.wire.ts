import type { EmailAddressJSON } from '@latchkey/types'
import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { component, milliseconds, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import { identificationLink, toVerificationJSON, verificationSchema } from '../verifications/verifications.wire.js'
import type { EmailAddressRecord } from './email-addresses.table.js'

const schema = component(
  'EmailAddress',
  z.object({
    object: z.literal('email_address'),
    id: z.string(),
    email_address: z.string(),
    reserved: z.boolean(),
    verification: verificationSchema.nullable(),
    linked_to: z.array(identificationLink),
    matches_sso_connection: z.boolean(),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<EmailAddressJSON>),
)

export const emailAddress = {
  schema,
  toJSON: (row: EmailAddressRecord, { clock }: WireContext): EmailAddressJSON =>
    toWire(schema, row, {
      object: 'email_address',
      verification: toVerificationJSON(row, clock.now()),
      matches_sso_connection: false,
    }),
}
