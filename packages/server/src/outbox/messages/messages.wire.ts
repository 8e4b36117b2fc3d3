import type { EmailJSON, SMSEventJSON, SMSMessageJSON } from '@latchkey/types'
import { z } from 'zod'
import { anyObject, component, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import type { MessageRecord } from './messages.table.js'

const emailSchema = component(
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

const smsMessageSchema = component(
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

export const email = {
  schema: emailSchema,
  toJSON: (message: MessageRecord): EmailJSON =>
    toWire(emailSchema, message, {
      object: 'email',
      from_email_name: message.fromName ?? '',
      reply_to_email_name: message.replyToName,
      to_email_address: message.toAddress,
      email_address_id: message.identificationId,
      subject: message.subject ?? '',
      body_plain: message.bodyPlain,
      suppression_reason: undefined,
      data: message.data ?? {},
      status: statusOf(message),
      delivered_by_clerk: message.status !== 'handed_over',
    }),
}

export const smsMessage = {
  schema: smsMessageSchema,
  toJSON: (message: MessageRecord): SMSMessageJSON =>
    toWire(smsMessageSchema, message, {
      object: 'sms_message',
      // The gateway chooses the number when the message is sent.
      from_phone_number: '',
      to_phone_number: message.toAddress,
      phone_number_id: message.identificationId,
      user_id: message.userId ?? undefined,
      message: message.body,
      data: message.data ?? {},
      status: statusOf(message),
      delivered_by_clerk: message.status !== 'handed_over',
    }),
}

/** As the API names them. To whom a message is handed over, it is one that waits to be sent. */
const STATUS: Record<MessageRecord['status'], string> = {
  queued: 'queued',
  handed_over: 'queued',
  delivered: 'accepted',
  failed: 'failed',
}

function statusOf({ status }: MessageRecord): string {
  return STATUS[status]
}

export function toSMSEventJSON(message: MessageRecord): SMSEventJSON {
  return { ...smsMessage.toJSON(message), created_at_ms: message.createdAt }
}
