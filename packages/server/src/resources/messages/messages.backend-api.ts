import type { CreateEmailJSON, CreateSMSMessageJSON } from '@latchkey/types'
import { z } from 'zod'
import { endpoint, type Endpoint } from '../../endpoint.js'
import type { Shape } from '../../http/validation.js'
import { email, smsMessage } from './messages.schema.js'
import { toEmailJSON, toSMSMessageJSON } from './messages.serializer.js'

const createEmail = z.object({
  from_email_name: z.string(),
  /** RFC 5322 has no longer lines. */
  subject: z.string().min(1).max(998),
  body: z.string().min(1),
  email_address_id: z.string(),
} satisfies Shape<CreateEmailJSON>)

const createSmsMessage = z.object({
  /** Ten messages of 160 characters, which is as many as gateways put together. */
  message: z.string().min(1).max(1600),
  phone_number_id: z.string(),
} satisfies Shape<CreateSMSMessageJSON>)

export const messageEndpoints: Endpoint[] = [
  endpoint(
    'POST /emails',
    { operationId: 'CreateEmail', access: 'secret_key', response: email, body: createEmail },
    async ({ body, services: { messages } }) =>
      toEmailJSON(
        await messages.createEmail(body.email_address_id, {
          fromName: body.from_email_name,
          subject: body.subject,
          body: body.body,
        }),
      ),
  ),

  endpoint(
    'POST /sms_messages',
    { operationId: 'CreateSMSMessage', access: 'secret_key', response: smsMessage, body: createSmsMessage },
    async ({ body, services: { messages } }) =>
      toSMSMessageJSON(await messages.createSms(body.phone_number_id, body.message)),
  ),
]
