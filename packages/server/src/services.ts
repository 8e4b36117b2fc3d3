import { EventOutbox } from './events/outbox.js'
import { MessageOutbox } from './messages/message-outbox.js'
import { EmailAddressService } from './resources/email-addresses/email-addresses.service.js'
import type { InstanceContext } from './resources/instances/instance-context.js'
import { PhoneNumberService } from './resources/phone-numbers/phone-numbers.service.js'
import { SessionService } from './resources/sessions/sessions.service.js'
import { SigningKeys } from './resources/signing-keys/signing-keys.js'
import { UserCredentialService } from './resources/users/user-credentials.service.js'
import { UserFactorService } from './resources/users/user-factors.service.js'
import { UserLockout } from './resources/users/user-lockout.js'
import { UserRestrictionService } from './resources/users/user-restrictions.service.js'
import { UserService } from './resources/users/users.service.js'
import { Web3WalletService } from './resources/web3-wallets/web3-wallets.service.js'

/** What can be done in one instance. */
export interface Services {
  context: InstanceContext
  signingKeys: SigningKeys
  users: UserService
  userRestrictions: UserRestrictionService
  lockout: UserLockout
  emailAddresses: EmailAddressService
  phoneNumbers: PhoneNumberService
  sessions: SessionService
  userCredentials: UserCredentialService
  userFactors: UserFactorService
}

/** The only place where the services of an instance are put together. */
export function createServices(shared: Omit<InstanceContext, 'events' | 'messages'>): Services {
  const { instanceId, clock, ids } = shared
  // The context goes on reading `instance` from `shared`, whose owner keeps it fresh.
  const context: InstanceContext = Object.create(shared, {
    events: { value: new EventOutbox({ instanceId, clock, ids }) },
    messages: { value: new MessageOutbox({ instanceId, clock, ids }) },
  })
  const emailAddresses = new EmailAddressService(context)
  const phoneNumbers = new PhoneNumberService(context)
  const web3Wallets = new Web3WalletService(context)
  const sessions = new SessionService(context)
  const users = new UserService({ context, emailAddresses, phoneNumbers, web3Wallets, sessions })
  const lockout = new UserLockout({ context, users })
  return {
    context,
    signingKeys: new SigningKeys(context),
    users,
    userRestrictions: new UserRestrictionService({ context, users, sessions }),
    lockout,
    emailAddresses,
    phoneNumbers,
    sessions,
    userCredentials: new UserCredentialService({ context, users, sessions, lockout }),
    userFactors: new UserFactorService({ context, users, phoneNumbers, lockout }),
  }
}
