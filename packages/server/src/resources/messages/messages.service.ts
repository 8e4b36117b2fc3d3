import { errors } from '../../http/errors.js'
import type { MessageRecord } from '../../storage/tables.js'
import type { EmailAddressService } from '../email-addresses/email-addresses.service.js'
import { parseLocalPart } from '../instance/instance.service.js'
import type { InstanceContext } from '../instances/instance-context.js'
import type { PhoneNumberService } from '../phone-numbers/phone-numbers.service.js'

interface MessageServiceOptions {
  context: InstanceContext
  emailAddresses: EmailAddressService
  phoneNumbers: PhoneNumberService
}

/** Mail and text messages that an application writes to its users. */
export class MessageService {
  constructor(private readonly options: MessageServiceOptions) {}

  /** @throws {ApiError} 422 `form_param_format_invalid`, `form_resource_not_found` */
  async createEmail(
    emailAddressId: string,
    { fromName, subject, body }: { fromName: string; subject: string; body: string },
  ): Promise<MessageRecord> {
    const { context, emailAddresses } = this.options
    const content = {
      slug: null,
      fromName: parseLocalPart(fromName, 'from_email_name'),
      subject: parseSubject(subject),
      body,
    }
    return context.database.transaction(async (tx) => {
      const emailAddress = await emailAddresses.store.find(emailAddressId, tx)
      if (!emailAddress) throw errors.formResourceNotFound('email_address_id', emailAddressId)
      return context.messages.queueEmail(emailAddress, content, tx)
    })
  }

  /** @throws {ApiError} 422 `form_resource_not_found` */
  async createSms(phoneNumberId: string, body: string): Promise<MessageRecord> {
    const { context, phoneNumbers } = this.options
    return context.database.transaction(async (tx) => {
      const phoneNumber = await phoneNumbers.store.find(phoneNumberId, tx)
      if (!phoneNumber) throw errors.formResourceNotFound('phone_number_id', phoneNumberId)
      return context.messages.queueSms(phoneNumber, { slug: null, body }, tx)
    })
  }
}

/** A line break in a subject would begin another header. */
function parseSubject(subject: string): string {
  if (/[\r\n]/.test(subject)) throw errors.paramFormatInvalid('subject', 'must be one line')
  return subject
}
