import type { EmailJSON, SMSEventJSON, SMSMessageJSON } from '@latchkey/types'
import type { MessageRecord } from '../../storage/tables.js'

export function toEmailJSON(message: MessageRecord): EmailJSON {
  return {
    object: 'email',
    id: message.id,
    slug: message.slug,
    from_email_name: message.fromName ?? '',
    reply_to_email_name: null,
    to_email_address: message.toAddress,
    email_address_id: message.identificationId,
    user_id: message.userId,
    subject: message.subject ?? '',
    body: message.body,
    body_plain: null,
    status: message.status,
    data: message.data ?? {},
    delivered_by_clerk: true,
  }
}

export function toSMSMessageJSON(message: MessageRecord): SMSMessageJSON {
  return {
    object: 'sms_message',
    id: message.id,
    // Which number it comes from is the gateway's choice, made when it is sent.
    from_phone_number: '',
    to_phone_number: message.toAddress,
    phone_number_id: message.identificationId,
    ...(message.userId === null ? {} : { user_id: message.userId }),
    message: message.body,
    status: message.status,
    slug: message.slug,
    data: message.data ?? {},
    delivered_by_clerk: true,
  }
}

export function toSMSEventJSON(message: MessageRecord): SMSEventJSON {
  return { ...toSMSMessageJSON(message), created_at_ms: message.createdAt }
}
