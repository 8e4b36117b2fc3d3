import type { SMTPTransportOptions } from 'nodemailer'
import type { Letter, MessageRecord } from './messages.table.js'
import { DeliveryError, DeliverySettingError, type MessageTransport } from './message-transport.js'
import { parseServerUrl } from './parse-url.js'

export interface MailOptions {
  /**
   * `smtp://user:password@host:587` or `smtps://…:465`. With `smtp:` TLS is started if the server offers it, and a
   * password is sent to another machine only over TLS with a valid certificate.
   */
  smtpUrl: string
  /** The domain of senders, `example.com`: mail from `sales` is then from `sales@example.com`. Or one address that all mail is from. */
  from: string
}

/** Milliseconds until a silent server counts as down. */
const CONNECTION_TIMEOUT = 10_000
const SOCKET_TIMEOUT = 30_000

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/
const SENDER = /^(?:[\w.!#$%&'*+/=?^`{|}~-]+@)?[a-z0-9-]+(\.[a-z0-9-]+)*$/i
/** A closing tag, or a tag of an element that needs no closing one. */
const HTML = /<\/[a-z][a-z0-9]*\s*>|<(?:br|hr|img|p|!doctype)\b[^>]*>/i
/** The server requires TLS or other credentials: the message is not at fault. */
const NOT_LET_IN = new Set([530, 534, 535, 538])

/** @throws {DeliverySettingError} */
export function createSmtpTransport({ smtpUrl, from }: MailOptions): MessageTransport {
  const connection = readSmtpUrl(smtpUrl)
  if (!SENDER.test(from))
    throw new DeliverySettingError(
      'mail.from',
      'a domain such as example.com, or an address such as no-reply@example.com',
    )
  // Loaded for the first mail: a server that sends no mail starts sooner and takes less memory.
  let loading: ReturnType<typeof connect> | undefined
  return {
    channel: 'email',
    secrets: secretsOf(connection),
    async send(message, signal) {
      const mailer = await (loading ??= connect(connection))
      try {
        await mailer.sendMail({ ...toMail(message, from), signal })
      } catch (error) {
        throw toDeliveryError(error)
      }
    },
  }
}

async function connect(options: SMTPTransportOptions) {
  const { createTransport } = await import('nodemailer')
  return createTransport(options)
}

function readSmtpUrl(value: string): SMTPTransportOptions & { auth?: { user: string; pass: string } } {
  const parsed = parseServerUrl(value, ['smtp:', 'smtps:'])
  if (!parsed || parsed.url.pathname.length > 1) {
    throw new DeliverySettingError('mail.smtpUrl', 'smtp://user:password@host:port or smtps://user:password@host:port')
  }
  const { url, user, password } = parsed
  const secure = url.protocol === 'smtps:'
  const requireTLS = !secure && password !== '' && !LOOPBACK.test(url.hostname)
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    ...(url.port ? { port: Number(url.port) } : {}),
    secure,
    requireTLS,
    // Where a connection without TLS is acceptable, so is a certificate that cannot be verified.
    tls: { rejectUnauthorized: secure || requireTLS },
    ...(user || password ? { auth: { user, pass: password } } : {}),
    connectionTimeout: CONNECTION_TIMEOUT,
    greetingTimeout: CONNECTION_TIMEOUT,
    socketTimeout: SOCKET_TIMEOUT,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/** The password in the forms in which it goes over the wire. */
function secretsOf({ auth }: { auth?: { user: string; pass: string } }): string[] {
  if (!auth) return []
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  return [auth.pass, base64(auth.pass), base64(`\0${auth.user}\0${auth.pass}`)]
}

function toMail(message: MessageRecord, from: string) {
  const domain = from.slice(from.indexOf('@') + 1)
  return {
    // As objects, so that the text of an address is never read as a list of addresses.
    from: { name: '', address: from.includes('@') ? from : `${message.fromName}@${domain}` },
    to: { name: message.letter?.toName ?? '', address: message.toAddress },
    ...(message.replyToName ? { replyTo: { name: '', address: `${message.replyToName}@${domain}` } } : {}),
    subject: message.subject ?? '',
    [HTML.test(message.body) ? 'html' : 'text']: message.body,
    ...(message.letter ? partsOf(message.letter) : {}),
    // The same at every attempt, so that a mail that arrives twice is recognized as one.
    messageId: `<${message.id}@${domain}>`,
    date: new Date(message.createdAt),
    // Mail that the server itself writes asks for no automatic replies; see RFC 3834.
    ...(message.slug === null ? {} : { headers: { 'Auto-Submitted': 'auto-generated' } }),
  }
}

/** Takes the place of what other mail has. */
function partsOf({ from, replyTo, text, cc, bcc, headers, attachments }: Letter) {
  return {
    from,
    ...(replyTo ? { replyTo } : {}),
    ...(text === undefined ? {} : { text }),
    cc: cc.map((address) => ({ name: '', address })),
    bcc: bcc.map((address) => ({ name: '', address })),
    headers,
    attachments: attachments.map(({ filename, content }) => ({ filename, content, encoding: 'base64' })),
  }
}

function toDeliveryError(error: unknown): DeliveryError {
  const { code, responseCode = 0, message } = error as { code?: string; responseCode?: number; message: string }
  if (code === 'EAUTH' || NOT_LET_IN.has(responseCode)) {
    return new DeliveryError(
      `The SMTP server refuses the user name or the password of the SMTP URL: ${message}`,
      'unavailable',
      { cause: error },
    )
  }
  const aboutMessage = code === 'EENVELOPE' || code === 'EMESSAGE'
  if (!aboutMessage || responseCode === 421)
    return new DeliveryError(`The SMTP server accepts no mail: ${message}`, 'unavailable', { cause: error })
  // Without a code the mail was not even offered: its address is invalid.
  const final = responseCode === 0 || responseCode >= 500
  return new DeliveryError(`The SMTP server refuses the mail: ${message}`, final ? 'refused' : 'deferred', {
    cause: error,
  })
}
