import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import type { MessageOutbox, Recipient } from '../../outbox/messages/message-outbox.js'
import type { MessageRecord } from '../../outbox/messages/messages.table.js'
import type { Tx } from '../../storage/tx.js'
import { recipientOf } from '../email-addresses/email-addresses.rules.js'
import type { EmailAddressService } from '../email-addresses/email-addresses.service.js'
import { parseLocalPart } from '../instance-settings/instance-settings.rules.js'
import type { PhoneNumberService } from '../phone-numbers/phone-numbers.service.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import { digestOf, oneLine, parseEmail, type SendEmailInput } from './letters.rules.js'
import { MessageRows } from './messages.store.js'

interface MessageServiceOptions {
  context: InstanceContext
  outbox: MessageOutbox
  emailAddresses: EmailAddressService
  phoneNumbers: PhoneNumberService
  userRecords: UserRecords
  /** What mail is from: a domain, or the only address. Undefined if this server sends no mail. */
  sender: string | undefined
}

export interface EmailInput {
  emailAddressId: string
  /** The part of the sender's address before the `@`. */
  fromEmailName: string
  subject: string
  body: string
}

/** Letters, digits, `_` and `-`: as the official SDK demands it. */
const KEY = /^[a-zA-Z0-9_-]{1,255}$/

/** Mail and text messages that an application writes to its users. */
export class MessageService {
  readonly #rows: MessageRows

  constructor(private readonly options: MessageServiceOptions) {
    this.#rows = new MessageRows(options.context)
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  async getEmail(id: string): Promise<MessageRecord> {
    const found = await this.#rows.findMessage(id)
    if (found?.channel !== 'email') throw errors.resourceNotFound('email', id)
    return found
  }

  /**
   * Sends mail to any address, or to a user.
   *
   * @param key the same key with the same request answers with the mail that is there
   * @throws {ApiError} 422 naming the parameter, 409 `conflict` for a key that stands for another request
   */
  async sendEmail(input: SendEmailInput, key: string | undefined, caller: Caller): Promise<MessageRecord> {
    const { context, outbox, sender } = this.options
    if (key !== undefined && !KEY.test(key))
      throw errors.paramFormatInvalid('idempotency_key', 'must be 1 to 255 letters, digits, underscores and hyphens')
    const { to, ...content } = parseEmail(input, sender)
    const digest = digestOf(input)
    return context.transaction(caller, async (tx) => {
      const recipient =
        to === null
          ? await this.#primaryOf(input.to.userId!, tx)
          : { address: to, identificationId: null, userId: null }
      if (content.letter.cc.includes(recipient.address)) throw errors.paramDuplicate('cc')
      const once = key === undefined ? {} : { once: { key, digest } }
      const queued = await outbox.queueEmailOnce(recipient, { slug: null, ...content, ...once }, tx)
      if (queued) return queued
      const earlier = await this.#rows.ofKey(key!, tx)
      if (earlier?.requestDigest === digest) return earlier
      throw errors.conflict('The idempotency key was used for another e-mail')
    })
  }

  async #primaryOf(userId: string, tx: Tx): Promise<Recipient> {
    const user = await this.options.userRecords.find(userId, tx)
    if (!user) throw errors.formResourceNotFound('to', userId)
    const primary = user.emailAddresses.find(({ id }) => id === user.primaryEmailAddressId)
    if (!primary) throw errors.paramValueInvalid('to', 'names a user without an e-mail address')
    return recipientOf(primary)
  }

  /** @throws {ApiError} 422 `form_param_format_invalid`, `form_resource_not_found` */
  async createEmail({ emailAddressId, ...input }: EmailInput, caller: Caller): Promise<MessageRecord> {
    const { context, outbox, emailAddresses } = this.options
    const content = {
      slug: null,
      fromName: parseLocalPart(input.fromEmailName, 'from_email_name'),
      subject: oneLine('subject', input.subject),
      body: input.body,
    }
    return context.transaction(caller, async (tx) => {
      const emailAddress = await emailAddresses.find(emailAddressId, tx)
      if (!emailAddress) throw errors.formResourceNotFound('email_address_id', emailAddressId)
      return outbox.queueEmail(recipientOf(emailAddress), content, tx)
    })
  }

  /** @throws {ApiError} 422 `form_resource_not_found` */
  async createSms(
    { phoneNumberId, message }: { phoneNumberId: string; message: string },
    caller: Caller,
  ): Promise<MessageRecord> {
    const { context, outbox, phoneNumbers } = this.options
    return context.transaction(caller, async (tx) => {
      const phone = await phoneNumbers.find(phoneNumberId, tx)
      if (!phone) throw errors.formResourceNotFound('phone_number_id', phoneNumberId)
      const recipient = { address: phone.phoneNumber, identificationId: phone.id, userId: phone.userId }
      return outbox.queueSms(recipient, { slug: null, body: message }, tx)
    })
  }
}
