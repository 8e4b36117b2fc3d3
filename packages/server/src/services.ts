import { EventOutbox } from './events/outbox.js'
import { MessageOutbox } from './messages/message-outbox.js'
import { ClientService } from './resources/clients/clients.service.js'
import { EmailAddressService } from './resources/email-addresses/email-addresses.service.js'
import { ExternalAccountService } from './resources/external-accounts/external-accounts.service.js'
import { ProviderTokenService } from './resources/external-accounts/provider-tokens.service.js'
import { ImageService } from './resources/images/images.service.js'
import { InstanceService } from './resources/instance/instance.service.js'
import type { InstanceContext } from './resources/instances/instance-context.js'
import { PasskeyService } from './resources/passkeys/passkeys.service.js'
import { JwtTemplateService } from './resources/jwt-templates/jwt-templates.service.js'
import { MessageService } from './resources/messages/messages.service.js'
import { PhoneNumberService } from './resources/phone-numbers/phone-numbers.service.js'
import { SessionRefresh } from './resources/sessions/session-refresh.js'
import { SessionTokenService } from './resources/sessions/session-tokens.service.js'
import { SessionService } from './resources/sessions/sessions.service.js'
import { TokenVerificationService } from './resources/sessions/token-verification.service.js'
import { SigningKeys } from './resources/signing-keys/signing-keys.js'
import { TrustedDeviceService } from './resources/trusted-devices/trusted-devices.service.js'
import { UserCredentialService } from './resources/users/user-credentials.service.js'
import { UserFactorService } from './resources/users/user-factors.service.js'
import { UserImageService } from './resources/users/user-images.service.js'
import { UserLockout } from './resources/users/user-lockout.js'
import { UserRestrictionService } from './resources/users/user-restrictions.service.js'
import { UserService } from './resources/users/users.service.js'
import { VerificationService } from './resources/verifications/verifications.service.js'
import { Web3WalletService } from './resources/web3-wallets/web3-wallets.service.js'

/** What can be done in one instance. */
export interface Services {
  context: InstanceContext
  instance: InstanceService
  signingKeys: SigningKeys
  users: UserService
  userRestrictions: UserRestrictionService
  lockout: UserLockout
  emailAddresses: EmailAddressService
  phoneNumbers: PhoneNumberService
  messages: MessageService
  clients: ClientService
  sessions: SessionService
  sessionTokens: SessionTokenService
  sessionRefresh: SessionRefresh
  tokenVerification: TokenVerificationService
  jwtTemplates: JwtTemplateService
  userCredentials: UserCredentialService
  userFactors: UserFactorService
  passkeys: PasskeyService
  trustedDevices: TrustedDeviceService
  externalAccounts: ExternalAccountService
  providerTokens: ProviderTokenService
  web3Wallets: Web3WalletService
  images: ImageService
  userImages: UserImageService
}

/** The only place where the services of an instance are put together. */
export function createServices(shared: Omit<InstanceContext, 'events' | 'messages'>): Services {
  const { instanceId, clock, ids } = shared
  const events = new EventOutbox({ instanceId, clock, ids })
  // The context goes on reading `instance` from `shared`, whose owner keeps it fresh.
  const context: InstanceContext = Object.create(shared, {
    events: { value: events },
    messages: {
      value: new MessageOutbox({
        instanceId,
        clock,
        ids,
        events,
        fromName: () => shared.instance.settings.fromEmailName,
        queued: shared.messageQueued,
      }),
    },
  })
  const identifications = {
    context,
    verifications: new VerificationService(context),
    ofUsers: () => ({ users, lockout }),
  }
  const emailAddresses = new EmailAddressService(identifications)
  const phoneNumbers = new PhoneNumberService(identifications)
  const web3Wallets = new Web3WalletService({ context, users: () => users })
  const clients = new ClientService(context)
  const sessions: SessionService = new SessionService({ context, clients, users: () => users })
  const images = new ImageService(context)
  const users = new UserService({ context, emailAddresses, phoneNumbers, web3Wallets, sessions, images })
  const signingKeys = new SigningKeys(context)
  const jwtTemplates = new JwtTemplateService({ context, signingKeys })
  const externalAccounts = new ExternalAccountService({ context, users })
  const lockout = new UserLockout({ context, users })
  return {
    context,
    instance: new InstanceService(context),
    signingKeys,
    users,
    userRestrictions: new UserRestrictionService({ context, users, sessions }),
    lockout,
    emailAddresses,
    phoneNumbers,
    messages: new MessageService({ context, emailAddresses, phoneNumbers }),
    clients,
    sessions,
    sessionTokens: new SessionTokenService({ context, sessions, users, jwtTemplates, signingKeys }),
    sessionRefresh: new SessionRefresh({ context, sessions, signingKeys }),
    tokenVerification: new TokenVerificationService({ context, sessions, clients, signingKeys }),
    jwtTemplates,
    userCredentials: new UserCredentialService({ context, users, sessions, lockout }),
    userFactors: new UserFactorService({ context, users, lockout }),
    passkeys: new PasskeyService({ context, users }),
    trustedDevices: new TrustedDeviceService({ context, users }),
    externalAccounts,
    providerTokens: new ProviderTokenService({ context, users, store: externalAccounts.store }),
    web3Wallets,
    images,
    userImages: new UserImageService({ context, users, images }),
  }
}
