import type { Recipient } from '../../outbox/messages/message-outbox.js'
import type { EmailAddressRecord } from './email-addresses.table.js'

export function recipientOf({ id, emailAddress, userId }: EmailAddressRecord): Recipient {
  return { address: emailAddress, identificationId: id, userId }
}
