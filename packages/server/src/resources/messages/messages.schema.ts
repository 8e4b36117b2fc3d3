import type { EmailJSON, SMSMessageJSON } from '@latchkey/types'
import { z } from 'zod'
import { anyObject, component } from '../../http/components.js'
import type { Shape } from '../../http/validation.js'

export const email = component(
  'Email',
  z.object({
    object: z.literal('email'),
    id: z.string(),
    slug: z.string().nullish(),
    from_email_name: z.string(),
    reply_to_email_name: z.string().nullish(),
    to_email_address: z.string(),
    email_address_id: z.string().nullable(),
    user_id: z.string().nullish(),
    subject: z.string(),
    body: z.string(),
    body_plain: z.string().nullish(),
    status: z.string(),
    suppression_reason: z.never().nullish(),
    data: anyObject.nullish(),
    delivered_by_clerk: z.boolean(),
  } satisfies Shape<EmailJSON>),
)

export const smsMessage = component(
  'SMSMessage',
  z.object({
    object: z.literal('sms_message'),
    id: z.string(),
    from_phone_number: z.string(),
    to_phone_number: z.string(),
    phone_number_id: z.string().nullable(),
    user_id: z.string().optional(),
    message: z.string(),
    status: z.string(),
    slug: z.string().nullish(),
    data: anyObject.nullish(),
    delivered_by_clerk: z.boolean(),
  } satisfies Shape<SMSMessageJSON>),
)
