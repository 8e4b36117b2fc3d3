import type { EmailAddressJSON } from '@latchkey/types'
import { z } from 'zod'
import { component, milliseconds } from '../../http/components.js'
import type { Shape } from '../../http/validation.js'
import { identificationLink, verification } from '../verifications/verification.schema.js'

export const emailAddress = component(
  'EmailAddress',
  z.object({
    object: z.literal('email_address'),
    id: z.string(),
    email_address: z.string(),
    reserved: z.boolean(),
    verification: verification.nullable(),
    linked_to: z.array(identificationLink),
    matches_sso_connection: z.boolean(),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<EmailAddressJSON>),
)
