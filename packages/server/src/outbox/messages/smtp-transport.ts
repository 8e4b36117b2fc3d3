import { createPrivateKey } from 'node:crypto'
import type { SMTPTransportOptions } from 'nodemailer'
import { isHtml } from '../../lib/templates/index.js'
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
  /** The address that mail servers return undeliverable mail to. Default is the sender. */
  bounces?: string
  /** Signs mail, for those whose mail server does not. */
  dkim?: DkimOptions
}

/** RFC 6376. The public key stands in DNS at `<selector>._domainkey.<domain of senders>`. */
export interface DkimOptions {
  selector: string
  /** PEM. */
  privateKey: string
}

/** Milliseconds until a silent server counts as down. */
const CONNECTION_TIMEOUT = 10_000
const SOCKET_TIMEOUT = 30_000

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/
const ADDRESS = /^[\w.!#$%&'*+/=?^`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)*$/i
const SENDER = /^(?:[\w.!#$%&'*+/=?^`{|}~-]+@)?[a-z0-9-]+(\.[a-z0-9-]+)*$/i
/** The server requires TLS or other credentials: the message is not at fault. */
const NOT_LET_IN = new Set([530, 534, 535, 538])

/** @throws {DeliverySettingError} */
export function createSmtpTransport({ smtpUrl, from, bounces, dkim }: MailOptions): MessageTransport {
  const connection = readSmtpUrl(smtpUrl)
  if (!SENDER.test(from))
    throw new DeliverySettingError(
      'mail.from',
      'a domain such as example.com, or an address such as no-reply@example.com',
    )
  if (bounces !== undefined && !ADDRESS.test(bounces))
    throw new DeliverySettingError('mail.bounces', 'an address such as bounces@example.com')
  const signing = dkim && toSigning(dkim, domainOf(from))
  // Loaded for the first mail: a server that sends no mail starts sooner and takes less memory.
  let loading: ReturnType<typeof connect> | undefined
  return {
    channel: 'email',
    secrets: secretsOf(connection),
    async send(message, signal) {
      const mailer = await (loading ??= connect({ ...connection, ...signing }))
      try {
        await mailer.sendMail({ ...toMail(message, from, bounces), signal })
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

function toMail(message: MessageRecord, from: string, bounces: string | undefined) {
  const domain = domainOf(from)
  const sender = from.includes('@') ? from : `${message.fromName}@${domain}`
  const { body, bodyPlain } = message
  return {
    // As objects, so that the text of an address is never read as a list of addresses.
    from: { name: message.senderName ?? '', address: sender },
    to: { name: message.letter?.toName ?? '', address: message.toAddress },
    envelope: { from: bounces ?? message.letter?.from.address ?? sender, to: recipientsOf(message) },
    ...(message.replyToName ? { replyTo: { name: '', address: `${message.replyToName}@${domain}` } } : {}),
    subject: message.subject ?? '',
    ...(isHtml(body) ? { text: bodyPlain ?? '', html: body } : { text: body }),
    ...(message.letter ? partsOf(message.letter) : {}),
    // The same at every attempt, so that a mail that arrives twice is recognized as one.
    messageId: `<${message.id}@${domain}>`,
    date: new Date(message.createdAt),
    headers: headersOf(message),
  }
}

/** Takes the place of what other mail has. */
function partsOf({ from, replyTo, text, cc, bcc, attachments }: Letter) {
  return {
    from,
    ...(replyTo ? { replyTo } : {}),
    ...(text === undefined ? {} : { text }),
    cc: cc.map((address) => ({ name: '', address })),
    bcc: bcc.map((address) => ({ name: '', address })),
    attachments: attachments.map(({ filename, content }) => ({ filename, content, encoding: 'base64' })),
  }
}

function recipientsOf({ toAddress, letter }: MessageRecord): string[] {
  return [toAddress, ...(letter?.cc ?? []), ...(letter?.bcc ?? [])]
}

function headersOf({ id, slug, language, letter }: MessageRecord): Record<string, string> {
  return {
    // Otherwise Gmail folds codes that are asked for one after the other into one conversation.
    'X-Entity-Ref-ID': id,
    ...(language === null ? {} : { 'Content-Language': language }),
    // Mail that the server itself writes asks for no automatic replies: RFC 3834, and Exchange's own way.
    ...(slug === null ? {} : { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' }),
    ...letter?.headers,
  }
}

function domainOf(from: string): string {
  return from.slice(from.indexOf('@') + 1)
}

function toSigning({ selector, privateKey }: DkimOptions, domainName: string): Pick<SMTPTransportOptions, 'dkim'> {
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(selector))
    throw new DeliverySettingError('mail.dkim.selector', 'a name such as mail')
  if (!isPrivateKey(privateKey))
    throw new DeliverySettingError('mail.dkim.privateKey', 'a private RSA key in PEM form, without a password')
  return { dkim: { domainName, keySelector: selector, privateKey } }
}

/** Seen now: a key that signs nothing would let every mail fail later. */
function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa'
  } catch {
    return false
  }
}

/** Enhanced status codes of a recipient that does not exist: RFC 3463, section 3.2, and RFC 7505. */
const NO_SUCH_RECIPIENT = /\b5\.1\.(?:1|10)\b/

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
    isRecipientGone: final && NO_SUCH_RECIPIENT.test(message),
  })
}
