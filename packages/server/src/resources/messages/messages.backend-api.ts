import type { CreateEmailJSON, CreateSMSMessageJSON } from '@latchkey/types'
import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import type { Shape } from '../../kernel/component.js'
import { email, smsMessage } from '../../outbox/messages/messages.wire.js'
import type { MessageService } from './messages.service.js'

const createEmail = z.object({
  from_email_name: z.string(),
  /** RFC 5322 allows no longer lines. */
  subject: z.string().min(1).max(998),
  body: z.string().min(1),
  email_address_id: z.string(),
} satisfies Shape<CreateEmailJSON>)

const createSmsMessage = z.object({
  /** Ten messages of 160 characters, the most that gateways join. */
  message: z.string().min(1).max(1600),
  phone_number_id: z.string(),
} satisfies Shape<CreateSMSMessageJSON>)

const endpoint = endpointFactory<{ messages: MessageService }>()
const access = 'secret_key'

export const messageEndpoints = [
  endpoint(
    'POST /emails',
    { operationId: 'CreateEmail', access, body: createEmail, answer: email },
    ({ body, caller, services }) => services.messages.createEmail(body, caller),
  ),

  endpoint(
    'POST /sms_messages',
    { operationId: 'CreateSMSMessage', access, body: createSmsMessage, answer: smsMessage },
    ({ body, caller, services }) => services.messages.createSms(body, caller),
  ),
]
