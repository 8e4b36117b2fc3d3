import type { ClerkAPIErrorJSON, EmailJSON } from '@latchkey/types'
import { toClerkAPIError, type ClerkAPIError } from '../core/errors.js'
import { path } from '../core/path.js'
import type { ApiClient } from '../core/request.js'

export class EmailsApi {
  private readonly client: ApiClient

  constructor(client: ApiClient) {
    this.client = client
  }

  /** Sends an e-mail to one of the instance's e-mail addresses (`POST /emails`). */
  async createEmail(params: CreateEmailToAddressParams): Promise<Email> {
    return toEmail(await this.client.request('POST', path`/emails`, { body: params }))
  }

  /**
   * Sends an e-mail to any address or user (`POST /email`). Experimental in Clerk's cloud.
   *
   * @throws {TypeError} when the idempotency key has other characters than letters, digits, `_` and `-`.
   */
  async create(params: CreateEmailParams, { idempotencyKey }: CreateEmailOptions = {}): Promise<Email> {
    const headers = idempotencyKey === undefined ? undefined : { 'Idempotency-Key': checkIdempotencyKey(idempotencyKey) }
    return toEmail(await this.client.request('POST', path`/email`, { body: toEmailBody(params), headers }))
  }

  /** Sends 1 to 100 e-mails, each succeeding or failing for itself; answers in their order. */
  async createBatch(messages: CreateBatchEmailParams[]): Promise<BatchEmailResult[]> {
    const body = { messages: checkBatch(messages).map(toBatchItem) }
    return (await this.client.request<BatchEmailResultJSON[]>('POST', path`/email/batch`, { body })).map(toBatchEmailResult)
  }

  /** What became of an e-mail; `accepted` does not prove that it was delivered. */
  async get(emailId: string): Promise<Email> {
    return toEmail(await this.client.request('GET', path`/email/${emailId}`))
  }
}

export interface Email {
  id: string
  fromEmailName: string
  emailAddressId: string | null
  toEmailAddress?: string
  subject?: string
  /** HTML. */
  body?: string
  bodyPlain?: string | null
  status?: string
  /** The template it was made from. */
  slug?: string | null
  /** What the template was filled with. */
  data?: Record<string, unknown> | null
  deliveredByClerk?: boolean
  userId?: string | null
  suppressionReason?: string | null
}

export interface CreateEmailToAddressParams {
  /** The part of the sender's address before the `@`. */
  fromEmailName: string
  subject: string
  /** HTML. */
  body: string
  emailAddressId: string
}

interface Mailbox {
  address: string
  /** At most 200 characters. */
  name?: string
}

/** Either an address or a user, whose primary address it is sent to. */
type Recipient = { address: string; userId?: never } | { userId: string; address?: never }

/** At least one of both; HTML is preferred. Together at most 50,000 bytes. */
type Content = { html: string; text?: string } | { html?: string; text: string }

export type CreateEmailParams = {
  to: Recipient
  /** Its domain must be the instance's verified sending domain. */
  from: Mailbox
  replyTo?: Mailbox
  /** At most 998 characters. */
  subject: string
  cc?: string[]
  bcc?: string[]
  headers?: Record<string, string>
  /** At most 10, together at most 1 MiB; `content` is base64. */
  attachments?: { filename: string; content: string }[]
} & Content

export interface CreateEmailOptions {
  /** The same key sends at most once. ASCII letters, digits, `_` and `-`, at most 255. */
  idempotencyKey?: string
}

export type CreateBatchEmailParams = CreateEmailParams & CreateEmailOptions

export type BatchEmailResult =
  | { index: number; email: Email; statusCode: number }
  | { index: number; errors: ClerkAPIError[]; statusCode: number; retryAfterSeconds?: number }

interface BatchEmailResultJSON {
  index: number
  email?: EmailJSON
  errors?: ClerkAPIErrorJSON[]
  status_code: number
  retry_after_seconds?: number
}

export function toEmail(json: EmailJSON & { suppression_reason?: string | null }): Email {
  return {
    id: json.id,
    fromEmailName: json.from_email_name,
    emailAddressId: json.email_address_id,
    toEmailAddress: json.to_email_address,
    subject: json.subject,
    body: json.body,
    bodyPlain: json.body_plain,
    status: json.status,
    slug: json.slug,
    data: json.data,
    deliveredByClerk: json.delivered_by_clerk,
    userId: json.user_id,
    suppressionReason: json.suppression_reason,
  }
}

function toBatchEmailResult(json: BatchEmailResultJSON): BatchEmailResult {
  const { index, email, errors = [], status_code: statusCode, retry_after_seconds: retryAfterSeconds } = json
  if (email) return { index, email: toEmail(email), statusCode }
  return { index, errors: errors.map(toClerkAPIError), statusCode, retryAfterSeconds }
}

/** The recipient lies one level down, where names are not translated. */
function toEmailBody({ to, ...rest }: CreateEmailParams): object {
  const { userId, ...recipient } = to
  return { ...rest, to: { ...recipient, user_id: userId } }
}

function toBatchItem({ idempotencyKey, replyTo, ...params }: CreateBatchEmailParams): object {
  return { ...toEmailBody(params as CreateEmailParams), reply_to: replyTo, idempotency_key: idempotencyKey }
}

function checkBatch(messages: CreateBatchEmailParams[]): CreateBatchEmailParams[] {
  if (messages.length < 1 || messages.length > 100) {
    throw new TypeError(`A batch must contain between 1 and 100 messages, got ${messages.length}.`)
  }
  for (const { idempotencyKey } of messages) if (idempotencyKey !== undefined) checkIdempotencyKey(idempotencyKey)
  return messages
}

function checkIdempotencyKey(key: string): string {
  if (typeof key === 'string' && /^[a-zA-Z0-9_-]{1,255}$/.test(key)) return key
  throw new TypeError('An idempotency key must be 1 to 255 ASCII letters, digits, underscores and hyphens.')
}
