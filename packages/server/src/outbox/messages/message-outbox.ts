import type { Caller } from '../../kernel/caller.js'
import type { Metadata } from '../../kernel/metadata.js'
import { safeName } from '../../lib/templates/index.js'
import { insertRow, insertUnlessTaken } from '../../storage/compiled.js'
import { Rows, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { eraseEventsOf } from '../events.js'
import { CODE_LIFETIME } from './code-lifetime.js'
import { messages, type Letter, type MessageRecord } from './messages.table.js'
import { email, toSMSEventJSON } from './messages.wire.js'
import { commonData, toTimeText, word, type Override } from './wording.js'

interface MessageOutboxOptions extends Owner {
  /** The sender's name in mail that has no other. */
  fromName(): string
  /** Looks for queued messages. Absent if this server sends no messages. */
  wake: (() => void) | undefined
  /** What messages call the application. */
  app(): { name: string; domainName: string }
  /** What the instance changed of a message, if anything. */
  findOverride(channel: MessageRecord['channel'], slug: string, tx: Tx): Promise<Override | undefined>
  /** Throws if no text message may go to the number. */
  checkNumber(number: string): void
}

/** The recipient of a message. */
export interface Recipient {
  /** An e-mail address or a phone number in E.164 form. */
  address: string
  /** The id of the identification with the address. Null if no user has the address yet. */
  identificationId: string | null
  userId: string | null
}

/** The content of a message, without its recipient. */
export interface EmailContent {
  slug: string | null
  /** The part of the sender's address before the `@`. Null for the instance's own. */
  fromName: string | null
  subject: string
  /** HTML. */
  body: string
  data?: Record<string, unknown>
  /** Milliseconds until its code expires. Absent for a message without one. */
  lifetime?: number
  /** The part before the `@` of an address for replies. */
  replyToName?: string | null
  /** The event alone tells of the message: the application delivers it. */
  handedOver?: boolean
  letter?: Letter
  /** The same key is sent once. */
  once?: { key: string; digest: string }
}

/** What a one-time code is asked for. */
export type CodePurpose = 'verification' | 'reset_password'

/** What a link is asked for. */
export type LinkPurpose = 'sign_in' | 'sign_up' | 'user_profile'

export interface InvitationContent {
  slug: 'invitation' | 'waitlist_invitation'
  applicationName: string
  /** Where it is accepted. */
  url: string
  expiresInDays: number
  publicMetadata: Record<string, unknown>
}

export interface OrganizationInvitationContent extends Omit<InvitationContent, 'slug'> {
  organizationName: string
  /** Null if the application invites. */
  inviterName: string | null
}

type Content = Omit<EmailContent, 'subject'> & Pick<MessageRecord, 'channel' | 'subject'>

/** A message that the server words, unless the instance does. */
interface Notice {
  slug: string
  /** The values it is filled with, by the names that templates know. */
  values: Metadata
  /** Of these, those with texts that a stranger chose: they are made safe where they are shown. */
  names?: Metadata
  lifetime?: number
}

/**
 * Writes mail and text messages, and the events about them, into the transaction of the change that causes them. They
 * are sent afterwards.
 */
export class MessageOutbox {
  constructor(private readonly options: MessageOutboxOptions) {}

  async queueEmail(recipient: Recipient, content: EmailContent, tx: Tx): Promise<MessageRecord> {
    const message = await this.#queue(recipient, { channel: 'email', ...content }, tx)
    await tx.emit('email.created', message.id, email.toJSON(message), [], message.expiresAt)
    return message
  }

  /** @returns undefined if the instance has a message with the key already */
  async queueEmailOnce(recipient: Recipient, content: EmailContent, tx: Tx): Promise<MessageRecord | undefined> {
    const { database, wake } = this.options
    const record = this.#record(recipient, { channel: 'email', ...content })
    if (!(await insertUnlessTaken({ table: messages, record, database, queries: tx.queries }))) return undefined
    if (wake) tx.afterCommit(wake)
    await tx.emit('email.created', record.id, email.toJSON(record), [], record.expiresAt)
    return record
  }

  async queueSms(
    recipient: Recipient,
    content: Omit<EmailContent, 'fromName' | 'subject'>,
    tx: Tx,
  ): Promise<MessageRecord> {
    this.options.checkNumber(recipient.address)
    const message = await this.#queue(recipient, { channel: 'sms', ...content, fromName: null, subject: null }, tx)
    await tx.emit('sms.created', message.id, toSMSEventJSON(message), [], message.expiresAt)
    return message
  }

  /** @param code digits, valid for {@link CODE_LIFETIME} */
  async emailCode(recipient: Recipient, code: string, tx: Tx, purpose: CodePurpose = 'verification'): Promise<void> {
    await this.#email(recipient, this.#code(code, purpose, tx), tx)
  }

  /** @param code digits, valid for {@link CODE_LIFETIME} */
  async smsCode(recipient: Recipient, code: string, tx: Tx, purpose: CodePurpose = 'verification'): Promise<void> {
    await this.#sms(recipient, this.#code(code, purpose, tx), tx)
  }

  /** @param url good once, for {@link CODE_LIFETIME} */
  async emailLink(
    recipient: Recipient,
    { purpose, url }: { purpose: LinkPurpose; url: string },
    tx: Tx,
  ): Promise<void> {
    const values = { magic_link: url, ttl_minutes: CODE_LIFETIME / 60_000, ...this.#request(tx) }
    await this.#email(recipient, { slug: `magic_link_${purpose}`, values, lifetime: CODE_LIFETIME }, tx)
  }

  async primaryEmailAddressChanged(previous: Recipient, tx: Tx): Promise<void> {
    await this.#email(previous, { slug: 'primary_email_address_changed', values: addressOf(previous) }, tx)
  }

  async passwordChanged(recipient: Recipient, tx: Tx): Promise<void> {
    await this.#email(recipient, { slug: 'password_changed', values: addressOf(recipient) }, tx)
  }

  async passwordRemoved(recipient: Recipient, tx: Tx): Promise<void> {
    await this.#email(recipient, { slug: 'password_removed', values: addressOf(recipient) }, tx)
  }

  /** For the owner of an address with which somebody tries to sign up once more. */
  async signUpAttempted(owner: Recipient, applicationName: string, tx: Tx): Promise<void> {
    const values = { ...this.#appNamed(applicationName), ...addressOf(owner) }
    await this.#email(owner, { slug: 'sign_up_attempted', values }, tx)
  }

  /** @param name of the passkey, as its user's browser is called */
  async passkeyAdded(recipient: Recipient, name: string, tx: Tx): Promise<void> {
    const values = { passkey_name: name, ...addressOf(recipient) }
    await this.#email(recipient, { slug: 'passkey_added', values, names: { passkey_name: name } }, tx)
  }

  /** @param name of the passkey, as its user chose it */
  async passkeyRemoved(recipient: Recipient, name: string, tx: Tx): Promise<void> {
    const values = { passkey_name: name, ...addressOf(recipient) }
    await this.#email(recipient, { slug: 'passkey_removed', values, names: { passkey_name: name } }, tx)
  }

  /** A link in it is as good as a code, and goes from the database like one. */
  async invitation(
    recipient: Recipient,
    { slug, applicationName, url, expiresInDays, publicMetadata }: InvitationContent,
    tx: Tx,
  ): Promise<MessageRecord> {
    const values = {
      ...this.#appNamed(applicationName),
      action_url: url,
      expires_in: expiresInDays === 1 ? 'one day' : `${expiresInDays} days`,
      invitation: { expires_in_days: expiresInDays, public_metadata: publicMetadata },
    }
    return this.#email(recipient, { slug, values, lifetime: expiresInDays * 24 * 60 * 60 * 1000 }, tx)
  }

  /** To a phone number that was put on the allow-list. */
  async smsInvitation(recipient: Recipient, tx: Tx): Promise<void> {
    await this.#sms(recipient, { slug: 'invitation', values: {} }, tx)
  }

  /** A link in it is as good as a code, and goes from the database like one. */
  async organizationInvitation(
    recipient: Recipient,
    {
      applicationName,
      organizationName,
      inviterName,
      url,
      expiresInDays,
      publicMetadata,
    }: OrganizationInvitationContent,
    tx: Tx,
  ): Promise<void> {
    const names = { org: { name: organizationName }, inviter_name: inviterName }
    const values = {
      ...this.#appNamed(applicationName),
      action_url: url,
      expires_in: expiresInDays === 1 ? 'one day' : `${expiresInDays} days`,
      ...names,
      invitation: { expires_in_days: expiresInDays, public_metadata: publicMetadata },
    }
    const lifetime = expiresInDays * 24 * 60 * 60 * 1000
    await this.#email(recipient, { slug: 'organization_invitation', values, names, lifetime }, tx)
  }

  async waitlistConfirmation(recipient: Recipient, applicationName: string, tx: Tx): Promise<void> {
    await this.#email(recipient, { slug: 'waitlist_confirmation', values: this.#appNamed(applicationName) }, tx)
  }

  /** Deletes a message and the event that told of it: for somebody who asks that nothing is kept of them. */
  async erase(id: string, tx: Tx): Promise<void> {
    await new Rows(messages, this.options).remove(tx).where('id', '=', id).execute()
    await eraseEventsOf(id, this.options, tx)
  }

  #code(code: string, purpose: CodePurpose, tx: Tx): Notice {
    const values = { otp_code: code, ...this.#request(tx) }
    return { slug: `${purpose}_code`, values, lifetime: CODE_LIFETIME }
  }

  #request({ caller }: Tx): Metadata {
    const address = inBrowser(caller) ? caller.ipAddress : null
    return {
      requested_at: toTimeText(this.options.clock.now()),
      ...(address === null ? {} : { requested_from: address }),
    }
  }

  #appNamed(name: string): Metadata {
    return { app: { name, domain_name: this.options.app().domainName } }
  }

  async #email(recipient: Recipient, notice: Notice, tx: Tx): Promise<MessageRecord> {
    const { override, subject, ...content } = await this.#word('email', notice, tx)
    const senders = { fromName: override?.fromEmailName ?? null, replyToName: override?.replyToEmailName ?? null }
    return this.queueEmail(recipient, { ...content, ...senders, subject: subject! }, tx)
  }

  async #sms(recipient: Recipient, notice: Notice, tx: Tx): Promise<void> {
    const { override: _, subject: __, ...content } = await this.#word('sms', notice, tx)
    await this.queueSms(recipient, content, tx)
  }

  async #word(channel: MessageRecord['channel'], { slug, values, names = {}, lifetime }: Notice, tx: Tx) {
    const { app, clock, findOverride } = this.options
    const override = await findOverride(channel, slug, tx)
    const { app: named, ...common } = commonData(app(), clock.now())
    const data = { app: named, ...values }
    const safe = withSafeNames(names) as Metadata
    return {
      slug,
      ...word(channel, slug, { ...common, ...data, ...safe }, override),
      data,
      ...(lifetime === undefined ? {} : { lifetime }),
      handedOver: override?.deliveredByClerk === false,
      override,
    }
  }

  async #queue(recipient: Recipient, content: Content, tx: Tx): Promise<MessageRecord> {
    const { database, wake } = this.options
    const record = this.#record(recipient, content)
    await insertRow({ table: messages, record, database, queries: tx.queries })
    if (wake && !content.handedOver) tx.afterCommit(wake)
    return record
  }

  #record(
    { address, ...recipient }: Recipient,
    { data, lifetime, handedOver = false, replyToName = null, fromName, letter, once, ...content }: Content,
  ): MessageRecord {
    const { instanceId, clock, ids } = this.options
    const now = clock.now()
    return {
      ...content,
      ...recipient,
      fromName: content.channel === 'email' ? (fromName ?? this.options.fromName()) : null,
      replyToName,
      toAddress: address,
      id: ids.next(content.channel === 'email' ? 'ema' : 'sms'),
      instanceId,
      status: handedOver ? 'handed_over' : 'queued',
      data: data ?? null,
      attempts: 0,
      nextAttemptAt: handedOver ? null : now,
      lastError: null,
      deliveredAt: null,
      expiresAt: lifetime === undefined ? null : now + lifetime,
      createdAt: now,
      updatedAt: now,
      letter: letter ?? null,
      idempotencyKey: once?.key ?? null,
      requestDigest: once?.digest ?? null,
    }
  }
}

/** Where the address of the request is that of the person, not that of the application's server. */
function inBrowser({ kind }: Caller): boolean {
  return kind === 'client' || kind === 'session' || kind === 'public'
}

function addressOf({ address }: Recipient): Metadata {
  return { primary_email_address: address }
}

/** The same value with every text in it made safe. */
function withSafeNames(value: unknown): unknown {
  if (typeof value === 'string') return safeName(value)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withSafeNames(inner)]))
}
