import type { InstanceContext } from '../../instances/instance-context.js'
import { AccessService } from '../../resources/access/access.service.js'
import { EmailAddressService } from '../../resources/email-addresses/email-addresses.service.js'
import { ExternalAccountService } from '../../resources/external-accounts/external-accounts.service.js'
import { ProviderTokenService } from '../../resources/external-accounts/provider-tokens.service.js'
import { IdentificationService } from '../../resources/identifications/identifications.service.js'
import { LockoutService } from '../../resources/lockout/lockout.service.js'
import { MessageService } from '../../resources/messages/messages.service.js'
import { PasskeyService } from '../../resources/passkeys/passkeys.service.js'
import { PhoneNumberService } from '../../resources/phone-numbers/phone-numbers.service.js'
import { TrustedDeviceService } from '../../resources/trusted-devices/trusted-devices.service.js'
import { SessionTasks } from '../../resources/sessions/session-tasks.service.js'
import { UserRecords } from '../../resources/user-records/user-records.service.js'
import { VerificationService } from '../../resources/verifications/verifications.service.js'
import { Web3WalletService } from '../../resources/web3-wallets/web3-wallets.service.js'
import type { InstanceServices } from './instance.js'
import type { InvitationServices } from './invitations.js'

/** The rows of users, and everything that users are identified by, reached by or sign in with. */
export function createIdentityServices(
  context: InstanceContext,
  { outbox, blocklistIdentifiers }: InstanceServices,
  { allowlistIdentifiers, waitlistEntries, organizationEnrolment }: InvitationServices,
  sender: string | undefined,
) {
  const sessionTasks = new SessionTasks(context)
  const userRecords = new UserRecords(context, sessionTasks)
  const lockout = new LockoutService({ context, userRecords, messages: outbox })
  const verifications = new VerificationService(context, outbox)
  const identifications = new IdentificationService({
    context,
    messages: outbox,
    verifications,
    userRecords,
    lockout,
  })
  const emailAddresses = new EmailAddressService({
    context,
    identifications,
    messages: outbox,
    waitlistEntries,
    organizationEnrolment,
  })
  const phoneNumbers = new PhoneNumberService({ context, identifications, userRecords, messages: outbox })
  const externalAccounts = new ExternalAccountService({ context, userRecords, emailAddresses })
  return {
    sessionTasks,
    userRecords,
    lockout,
    verifications,
    identifications,
    emailAddresses,
    access: new AccessService({ context, allowlistIdentifiers, blocklistIdentifiers, emailAddresses }),
    phoneNumbers,
    externalAccounts,
    providerTokens: new ProviderTokenService({ context, userRecords, externalAccounts }),
    web3Wallets: new Web3WalletService({ context, userRecords }),
    passkeys: new PasskeyService({ context, userRecords, messages: outbox }),
    trustedDevices: new TrustedDeviceService({ context, userRecords }),
    messages: new MessageService({ context, outbox, emailAddresses, phoneNumbers, userRecords, sender }),
  }
}

export type IdentityServices = ReturnType<typeof createIdentityServices>
