import { inBrowser } from '../../kernel/caller.js'
import type { Metadata } from '../../kernel/metadata.js'
import { htmlToText, isHtml } from '../../lib/templates/index.js'
import { insertUnlessTaken } from '../../storage/compiled.js'
import { Rows, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { eraseEventsOf } from '../events.js'
import { acceptedLanguages, chooseLanguage, type Language } from './languages/index.js'
import { collapseKey } from './collapse.js'
import type { MessageLimits } from './message-limits.js'
import { forgetSpent } from './spent-codes.js'
import { messages, type MessageRecord } from './messages.table.js'
import { email, toSMSEventJSON } from './messages.wire.js'
import type { Content, EmailContent, Notice, Recipient, RecipientUser } from './message-content.js'
import { safeNames } from './safe-names.js'
import { findDescription } from './descriptions.js'
import { endSuppression } from './suppressed-recipients.js'
import { commonData, word, type Application, type Override } from './wording.js'

export interface MessageWriterOptions extends Owner {
  /** The sender's name in mail that has no other. */
  fromName(): string
  /** Looks for queued messages. Absent if this server sends no messages. */
  wake: (() => void) | undefined
  application(): Application
  /** BCP 47; null for none. */
  defaultLanguage(): string | null
  findUser(id: string, tx: Tx): Promise<RecipientUser | undefined>
  /** What the instance changed of a message, if anything. */
  findOverride(channel: MessageRecord['channel'], slug: string, tx: Tx): Promise<Override | undefined>
  /** Throws if no text message may go to the number. */
  checkNumber(number: string): void
  /** Nothing is sent to such an address or number. */
  isTest(address: string): boolean
  limits: MessageLimits
}

/**
 * Writes mail and text messages, and the events about them, into the transaction of the change that causes them. They
 * are sent afterwards.
 */
export class MessageWriter {
  constructor(protected readonly options: MessageWriterOptions) {}

  /** A mail that an application wrote. */
  async queueEmail(recipient: Recipient, content: EmailContent, tx: Tx): Promise<MessageRecord> {
    return (await this.queueEmailOnce(recipient, content, tx))!
  }

  /** @returns undefined if the instance has a message with the key already */
  async queueEmailOnce(recipient: Recipient, content: EmailContent, tx: Tx): Promise<MessageRecord | undefined> {
    const bodyPlain = isHtml(content.body) ? htmlToText(content.body) : content.body
    return this.#queueEmail(recipient, { channel: 'email', ...content, bodyPlain }, tx)
  }

  /** A text message that an application wrote. */
  async queueSms(recipient: Recipient, content: Pick<EmailContent, 'slug' | 'body'>, tx: Tx): Promise<MessageRecord> {
    this.options.checkNumber(recipient.address)
    return (await this.#queueSms(recipient, { channel: 'sms', ...content, fromName: null, subject: null }, tx))!
  }

  /**
   * Writes a message that the server words, unless the instance does.
   *
   * @returns undefined if the instance has switched it off, or it has just been sent with the same content
   * @throws {ApiError} 429 `too_many_requests` for codes and links, 403 `unsupported_country_code`
   */
  async send(recipient: Recipient, notice: Notice, tx: Tx): Promise<MessageRecord | undefined> {
    const { channel } = notice
    const override = await this.options.findOverride(channel, notice.slug, tx)
    if (override && override.disabledAt !== null) return undefined
    await this.#admit(channel, recipient.address, notice.isLimited ? tx : undefined)
    const content = await this.#word(recipient, notice, override, tx)
    return channel === 'email' ? this.#queueEmail(recipient, content, tx) : this.#queueSms(recipient, content, tx)
  }

  /**
   * Counts and refuses a code or a link as `send` does, and sends nothing: for somebody who must not notice, so that no
   * answer tells which addresses and numbers have an account.
   *
   * @param address a number in E.164 form, or whatever was typed in place of an address
   * @throws {ApiError} 429 `too_many_requests`, 403 `unsupported_country_code`, where `send` throws them
   */
  async pretend(channel: MessageRecord['channel'], address: string, tx: Tx): Promise<void> {
    await this.#admit(channel, address, tx)
  }

  /** Deletes a message and the event that told of it: for somebody who asks that nothing is kept of them. */
  async erase(id: string, tx: Tx): Promise<void> {
    await new Rows(messages, this.options).remove(tx).where('id', '=', id).execute()
    await eraseEventsOf(id, this.options, tx)
  }

  /** Somebody has proved that an address or a number is theirs: what was refused there before is sent again. */
  async reaches(channel: MessageRecord['channel'], address: string, tx: Tx): Promise<void> {
    await endSuppression({ channel, toAddress: address }, this.options, tx)
  }

  /**
   * Codes or links were used or replaced: they leave the messages, events and attempts that have them.
   *
   * @param codeFor as in `Notice.codeFor`
   */
  async spent(codeFor: readonly string[], tx: Tx): Promise<void> {
    await forgetSpent(codeFor, this.options, tx)
  }

  /** @param counted in which a code or a link was asked for; absent for other messages, which have no limits */
  async #admit(channel: MessageRecord['channel'], address: string, counted: Tx | undefined): Promise<void> {
    const { isTest, checkNumber, limits } = this.options
    // Nothing is sent there.
    if (isTest(address)) return
    if (channel === 'sms') checkNumber(address)
    if (counted) await counted.once(`${channel} ${address}`, () => limits.spend(channel, address, counted.caller))
  }

  async #queueEmail(recipient: Recipient, content: Content, tx: Tx): Promise<MessageRecord | undefined> {
    const message = await this.#queue(recipient, content, tx)
    if (message) await tx.emit('email.created', message.id, email.toJSON(message), [], message.expiresAt)
    return message
  }

  async #queueSms(recipient: Recipient, content: Content, tx: Tx): Promise<MessageRecord | undefined> {
    const message = await this.#queue(recipient, content, tx)
    if (message) await tx.emit('sms.created', message.id, toSMSEventJSON(message), [], message.expiresAt)
    return message
  }

  async #word(recipient: Recipient, notice: Notice, override: Override | undefined, tx: Tx): Promise<Content> {
    const { clock, findUser, application, instanceId } = this.options
    const { channel, slug, lifetime, codeFor } = notice
    const { userId, address } = recipient
    const user = userId === null ? undefined : await findUser(userId, tx)
    const language = this.#languageFor(recipient, user, tx)
    const app = application()
    const now = clock.now()
    const { current_year, ...common } = commonData(app, now)
    const values = notice.values(language)
    const names = { ...notice.names, ...greetingOf(user) }
    const data = { ...common, ...ofUser(user), ...values, ...names }
    const filled = { ...data, ...safeNames(names), current_year }
    const host = channel === 'sms' ? new URL(app.url).hostname : undefined
    const { isOwn, subject, ...worded } = word({ channel, slug, data: filled, language, override, host })
    const key = findDescription(channel, slug)?.isNotice ? collapseKey({ channel, slug, address, data, now }) : null
    return {
      channel,
      slug,
      ...worded,
      subject,
      // What an instance wrote itself is in whatever language it is.
      language: isOwn ? null : language.tag,
      data,
      collapseKey: key && `${instanceId} ${key}`,
      handedOver: override?.deliveredByClerk === false,
      fromName: override?.fromEmailName ?? null,
      replyToName: override?.replyToEmailName ?? null,
      ...(lifetime === undefined ? {} : { lifetime, codeFor: codeFor ?? null }),
    }
  }

  #languageFor({ locale }: Recipient, user: RecipientUser | undefined, { caller }: Tx): Language {
    const asked = inBrowser(caller) ? acceptedLanguages(caller.acceptLanguage) : []
    return chooseLanguage([locale, user?.locale, ...asked, this.options.defaultLanguage()])
  }

  async #queue(
    { address, identificationId, userId, phoneChannel }: Recipient,
    { lifetime, handedOver = false, fromName, letter, once, ...content }: Content,
    tx: Tx,
  ): Promise<MessageRecord | undefined> {
    const { instanceId, clock, ids, database, wake, isTest, application } = this.options
    const now = clock.now()
    const isMail = content.channel === 'email'
    // What an application writes itself, it may send to a number that no code is sent to.
    const isSent = !handedOver && !(content.slug !== null && isTest(address))
    const record: MessageRecord = {
      bodyPlain: null,
      language: null,
      collapseKey: null,
      codeFor: null,
      data: null,
      replyToName: null,
      ...content,
      identificationId,
      userId,
      fromName: isMail ? (fromName ?? this.options.fromName()) : null,
      senderName: isMail ? application().name : null,
      toAddress: address,
      phoneChannel: phoneChannel === 'whatsapp' ? phoneChannel : null,
      id: ids.next(isMail ? 'ema' : 'sms'),
      instanceId,
      status: handedOver ? 'handed_over' : 'queued',
      attempts: 0,
      nextAttemptAt: isSent ? now : null,
      leasedUntil: null,
      lastError: isSent || handedOver ? null : 'Nothing is sent to test addresses and test numbers',
      deliveredAt: null,
      expiresAt: lifetime === undefined ? null : now + lifetime,
      createdAt: now,
      updatedAt: now,
      letter: letter ?? null,
      idempotencyKey: once?.key ?? null,
      requestDigest: once?.digest ?? null,
    }
    // Somebody may do the same many times: the same notice again says nothing new.
    const isNew = await insertUnlessTaken({ table: messages, record, database, queries: tx.queries })
    if (!isNew) return undefined
    if (wake && isSent) tx.afterCommit(wake)
    return record
  }
}

/** What a message calls its reader. */
function greetingOf(user: RecipientUser | undefined): Metadata {
  return user?.firstName ? { greeting_name: user.firstName } : {}
}

function ofUser(user: RecipientUser | undefined): Metadata {
  return user ? { user: { public_metadata: user.publicMetadata, public_metadata_fallback: '' } } : {}
}
