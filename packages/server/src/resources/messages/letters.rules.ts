import type { SendEmailJSON } from '@latchkey/types'
import { z } from 'zod'
import { canonicalDigest } from '../../kernel/canonical-digest.js'
import type { Shape } from '../../kernel/component.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Camelized } from '../../kernel/wire.js'
import { emailAddress } from '../../lib/identifiers/index.js'
import type { Letter } from '../../outbox/messages/messages.table.js'

/** Bytes of HTML and text together. */
const MOST_CONTENT = 50_000
/** Recipients, copies included. */
const MOST_RECIPIENTS = 50
const MOST_ATTACHMENTS = 10
/** Decoded bytes of all attachments. */
const MOST_ATTACHED = 1024 * 1024
const MOST_HEADERS = 20

const mailbox = z.object({ address: z.string(), name: z.string().max(200).optional() })

export const sendEmail = z.object({
  to: z.object({
    address: z.string().optional(),
    name: z.string().max(200).optional(),
    user_id: z.string().optional(),
  }),
  from: mailbox,
  reply_to: mailbox.optional(),
  subject: z.string().min(1).max(998),
  html: z.string().min(1).optional(),
  text: z.string().min(1).optional(),
  cc: z.array(z.string()).max(MOST_RECIPIENTS).optional(),
  bcc: z.array(z.string()).max(MOST_RECIPIENTS).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  attachments: z
    .array(z.object({ filename: z.string().min(1).max(255), content: z.string() }))
    .max(MOST_ATTACHMENTS)
    .optional(),
} satisfies Shape<SendEmailJSON>)

export type SendEmailInput = Camelized<z.output<typeof sendEmail>>

/** What an e-mail is beside its recipient. */
export interface ParsedEmail {
  /** Null where a user is named. */
  to: string | null
  /** The part of the sender's address before the `@`. */
  fromName: string
  subject: string
  body: string
  letter: Letter
}

/**
 * Checks an e-mail that an application wrote.
 *
 * @param sender what `mail.from` says: the domain of senders, or the only one. Undefined where no mail is sent
 * @throws {ApiError} 422, naming the parameter
 */
export function parseEmail(input: SendEmailInput, sender: string | undefined): ParsedEmail {
  const { to, from, replyTo, html, text } = input
  if ((to.address === undefined) === (to.userId === undefined))
    throw errors.paramValueInvalid('to', 'must have either address or user_id')
  if (html === undefined && text === undefined) throw errors.paramMissing('html')
  if (Buffer.byteLength(html ?? '') + Buffer.byteLength(text ?? '') > MOST_CONTENT)
    throw errors.paramTooLarge(html === undefined ? 'text' : 'html', MOST_CONTENT)
  const fromAddress = addressIn('from', from.address)
  requireSender(fromAddress, sender)
  const address = to.address === undefined ? null : addressIn('to', to.address)
  const cc = (input.cc ?? []).map((copy) => addressIn('cc', copy))
  const bcc = (input.bcc ?? []).map((copy) => addressIn('bcc', copy))
  requireFewOnce(address, cc, bcc)
  return {
    to: address,
    fromName: fromAddress.slice(0, fromAddress.lastIndexOf('@')),
    subject: oneLine('subject', input.subject),
    body: html ?? text!,
    letter: {
      from: { address: fromAddress, name: oneLine('from', from.name ?? '') },
      toName: oneLine('to', to.name ?? ''),
      ...(replyTo
        ? {
            replyTo: { address: addressIn('reply_to', replyTo.address), name: oneLine('reply_to', replyTo.name ?? '') },
          }
        : {}),
      ...(html !== undefined && text !== undefined ? { text } : {}),
      cc,
      bcc,
      headers: parseHeaders(input.headers ?? {}),
      attachments: parseAttachments(input.attachments ?? []),
    },
  }
}

/** The same for the same request: what an idempotency key may be used for again. */
export function digestOf(input: SendEmailInput): string {
  return canonicalDigest(input)
}

/** A line break in a header would begin another one. */
export function oneLine(param: string, text: string): string {
  if (/[\r\n\u2028\u2029]/.test(text)) throw errors.paramFormatInvalid(param, 'must be one line')
  return text
}

function addressIn(param: string, text: string): string {
  const result = emailAddress(text)
  if (!result.ok) throw errors.paramFormatInvalid(param, 'must be an e-mail address')
  return result.address
}

/** Mail is never from another address than it says. */
function requireSender(address: string, sender: string | undefined): void {
  if (sender === undefined) return
  const isAllowed = sender.includes('@')
    ? address.toLowerCase() === sender.toLowerCase()
    : address.toLowerCase().endsWith(`@${sender.toLowerCase()}`)
  if (!isAllowed)
    throw errors.paramValueInvalid('from', `must be ${sender.includes('@') ? sender : `an address at ${sender}`}`)
}

function requireFewOnce(to: string | null, cc: readonly string[], bcc: readonly string[]): void {
  const copies = [...cc.map((address) => ['cc', address] as const), ...bcc.map((address) => ['bcc', address] as const)]
  if (copies.length + 1 > MOST_RECIPIENTS) throw errors.paramArrayTooLarge(copies.at(-1)![0], MOST_RECIPIENTS - 1)
  const seen = new Set(to === null ? [] : [to.toLowerCase()])
  for (const [param, address] of copies) {
    if (seen.has(address.toLowerCase())) throw errors.paramDuplicate(param)
    seen.add(address.toLowerCase())
  }
}

/** Those that neither say who sends nor how the mail is built: threading, unsubscribing, and an application's own. */
const HEADER = /^(in-reply-to|references|list-[a-z-]{1,60}|x-[a-z0-9-]{1,60})$/i

function parseHeaders(headers: Record<string, string>): Record<string, string> {
  const entries = Object.entries(headers)
  if (entries.length > MOST_HEADERS) throw errors.paramArrayTooLarge('headers', MOST_HEADERS)
  for (const [name, value] of entries) {
    if (!HEADER.test(name))
      throw errors.paramValueInvalid('headers', 'may name In-Reply-To, References, List-… and X-… only')
    if (!/^[\x20-\x7e]{1,998}$/.test(value))
      throw errors.paramValueInvalid('headers', 'must have values of 1 to 998 printable characters')
  }
  return headers
}

function parseAttachments(attachments: Letter['attachments']): Letter['attachments'] {
  let bytes = 0
  for (const { filename, content } of attachments) {
    if (!/^[^/\\\p{Cc}]+$/u.test(filename))
      throw errors.paramValueInvalid('attachments', 'must have file names without slashes and control characters')
    bytes += Buffer.byteLength(content, 'base64')
    if (bytes > MOST_ATTACHED) throw errors.paramTooLarge('attachments', MOST_ATTACHED)
    if (content.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(content))
      throw errors.paramFormatInvalid('attachments', 'must have contents in base64')
  }
  return attachments
}
