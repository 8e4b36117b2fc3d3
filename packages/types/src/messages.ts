import type { ClerkAPIErrorJSON } from './errors.js'
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

export interface MailboxJSON {
  address: string
  name?: string
}

export interface AttachmentJSON {
  filename: string
  /** Base64. */
  content: string
}

/** Body of `POST /email`. */
export interface SendEmailJSON {
  /** Either an address, or a user, who gets it at the primary address. */
  to: { address?: string; name?: string; user_id?: string }
  from: MailboxJSON
  reply_to?: MailboxJSON
  subject: string
  html?: string
  text?: string
  cc?: string[]
  bcc?: string[]
  headers?: Record<string, string>
  attachments?: AttachmentJSON[]
}

/** Body of `POST /email/batch`. */
export interface SendEmailsJSON {
  /** Each as for `POST /email`, with an `idempotency_key` of its own. */
  messages: Record<string, unknown>[]
}

/** What became of one e-mail of a batch. */
export interface BatchEmailResultJSON {
  /** Its place among those that were sent. */
  index: number
  email?: EmailJSON
  errors?: ClerkAPIErrorJSON[]
  status_code: number
  retry_after_seconds?: number
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
