import type { PhoneNumberJSON } from '@latchkey/types'
import { z } from 'zod'
import { component, milliseconds } from '../../http/components.js'
import type { Shape } from '../../http/validation.js'
import { identificationLink, verification } from '../verifications/verification.schema.js'

export const phoneNumber = component(
  'PhoneNumber',
  z.object({
    object: z.literal('phone_number'),
    id: z.string(),
    phone_number: z.string(),
    reserved_for_second_factor: z.boolean(),
    default_second_factor: z.boolean(),
    reserved: z.boolean(),
    verification: verification.nullable(),
    linked_to: z.array(identificationLink),
    backup_codes: z.array(z.string()).nullable(),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<PhoneNumberJSON>),
)
