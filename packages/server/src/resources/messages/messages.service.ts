import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import type { MessageOutbox } from '../../outbox/messages/message-outbox.js'
import type { MessageRecord } from '../../outbox/messages/messages.table.js'
import { recipientOf } from '../email-addresses/email-addresses.rules.js'
import type { EmailAddressService } from '../email-addresses/email-addresses.service.js'
import { parseLocalPart } from '../instance-settings/instance-settings.rules.js'
import type { PhoneNumberService } from '../phone-numbers/phone-numbers.service.js'

interface MessageServiceOptions {
  context: InstanceContext
  outbox: MessageOutbox
  emailAddresses: EmailAddressService
  phoneNumbers: PhoneNumberService
}

export interface EmailInput {
  emailAddressId: string
  /** The part of the sender's address before the `@`. */
  fromEmailName: string
  subject: string
  body: string
}

/** Mail and text messages that an application writes to its users. */
export class MessageService {
  constructor(private readonly options: MessageServiceOptions) {}

  /** @throws {ApiError} 422 `form_param_format_invalid`, `form_resource_not_found` */
  async createEmail({ emailAddressId, ...input }: EmailInput, caller: Caller): Promise<MessageRecord> {
    const { context, outbox, emailAddresses } = this.options
    const content = {
      slug: null,
      fromName: parseLocalPart(input.fromEmailName, 'from_email_name'),
      subject: parseSubject(input.subject),
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

/** A line break in a subject would begin another header. */
function parseSubject(subject: string): string {
  if (/[\r\n]/.test(subject)) throw errors.paramFormatInvalid('subject', 'must be one line')
  return subject
}
