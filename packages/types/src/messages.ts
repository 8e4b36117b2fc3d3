import type { ResourceJSON } from './resource.js'

/** An e-mail that was, or is to be, sent. */
export interface EmailJSON extends ResourceJSON<'email'> {
  /** The template it was created from. */
  slug?: string | null
  /** The part of the sender's address before the `@`. */
  from_email_name: string
  reply_to_email_name?: string | null
  to_email_address?: string
  email_address_id: string | null
  user_id?: string | null
  subject?: string
  /** HTML. */
  body?: string
  body_plain?: string | null
  status?: string
  /** Why it is not sent to this address, if so. */
  suppression_reason?: string | null
  /** The values filled into the template. */
  data?: Record<string, unknown> | null
  delivered_by_clerk: boolean
}

/** Body of `POST /emails`. */
export interface CreateEmailJSON {
  /** The part of the sender's address before the `@`. */
  from_email_name: string
  subject: string
  /** HTML. */
  body: string
  email_address_id: string
}

/** A text message that was, or is to be, sent. */
export interface SMSMessageJSON extends ResourceJSON<'sms_message'> {
  from_phone_number: string
  to_phone_number: string
  phone_number_id: string | null
  user_id?: string
  message: string
  status: string
  /** The template it was created from. */
  slug?: string | null
  /** The values filled into the template. */
  data?: Record<string, unknown> | null
  delivered_by_clerk: boolean
}

/** Body of `POST /sms_messages`. */
export interface CreateSMSMessageJSON {
  message: string
  phone_number_id: string
}
