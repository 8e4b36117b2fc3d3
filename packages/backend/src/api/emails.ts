import type { BatchEmailResultJSON, EmailJSON } from '@latchkey/types'
import { toClerkAPIError, type ClerkAPIError } from '../core/errors.js'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { Resource } from './resource.js'
import { toWireNames, translate } from './translate.js'

/** E-mails to users and to any other address. */
export class EmailsApi extends Api {
  /**
   * Sends an e-mail to one of the instance's e-mail addresses (`POST /emails`).
   *
   * @see https://clerk.com/docs/reference/backend/overview
   */
  async createEmail(params: CreateEmailToAddressParams): Promise<Email> {
    return this.post(path`/emails`, params)
  }

  /**
   * Sends an e-mail to any address or user (`POST /email`); with an `idempotencyKey` at most once. Experimental in Clerk's cloud.
   *
   * @throws {TypeError} when the idempotency key contains an invalid character.
   * @see https://clerk.com/docs/reference/backend/overview
   */
  async create(params: CreateEmailParams, { idempotencyKey }: CreateEmailOptions = {}): Promise<Email> {
    const once =
      idempotencyKey === undefined ? {} : { headers: { 'Idempotency-Key': checkIdempotencyKey(idempotencyKey) } }
    return this.send('POST', path`/email`, { body: toEmailBody(params), ...once })
  }

  /**
   * Sends several e-mails. Each succeeds or fails on its own; the results are in the same order.
   *
   * @param messages 1 to 100.
   * @throws {TypeError} when there are none or too many, or an idempotency key contains an invalid character.
   * @see https://clerk.com/docs/reference/backend/overview
   */
  async createBatch(messages: CreateBatchEmailParams[]): Promise<BatchEmailResult[]> {
    const body = { messages: checkBatch(messages).map(toEmailBody) }
    const results = await this.client.request<BatchEmailResultJSON[]>('POST', path`/email/batch`, { body })
    return results.map(toBatchEmailResult)
  }

  /**
   * Gets the status of an e-mail. `accepted` does not prove that it was delivered.
   *
   * @see https://clerk.com/docs/reference/backend/overview
   */
  async get(emailId: string): Promise<Email> {
    return this.read(path`/email/${emailId}`)
  }
}

export type Email = Resource<EmailJSON>

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

/** Either an address, or a user, who gets it at the primary address. */
type Recipient = { address: string; userId?: never } | { userId: string; address?: never }

/** At least one of the two; HTML is preferred. Together at most 50,000 bytes. */
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
  /** At most 10, in total at most 1 MiB; `content` is base64. */
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

function toBatchEmailResult(json: BatchEmailResultJSON): BatchEmailResult {
  const { index, email, errors = [], status_code: statusCode, retry_after_seconds: retryAfterSeconds } = json
  if (email) return { index, email: translate(email), statusCode }
  return { index, errors: errors.map(toClerkAPIError), statusCode, retryAfterSeconds }
}

/** Names inside recipients are translated to snake_case; names of headers are not. */
function toEmailBody({ headers, ...params }: CreateBatchEmailParams): object {
  return { ...toWireNames(params), headers }
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
