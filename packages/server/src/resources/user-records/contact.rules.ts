import type { Recipient } from '../../outbox/messages/message-outbox.js'
import type { User } from './user-records.rules.js'

/** Where the user is told of what happens to the account: at the primary address, else at the primary number. */
export function contactOf(user: User): Recipient | undefined {
  const { id: userId, emailAddresses, phoneNumbers, primaryEmailAddressId, primaryPhoneNumberId } = user
  const email = emailAddresses.find(({ id }) => id === primaryEmailAddressId)
  if (email) return { address: email.emailAddress, identificationId: email.id, userId }
  const phone = phoneNumbers.find(({ id }) => id === primaryPhoneNumberId)
  return phone && { address: phone.phoneNumber, identificationId: phone.id, userId }
}
