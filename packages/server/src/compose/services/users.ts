import type { InstanceContext } from '../../instances/instance-context.js'
import { UserCredentialService } from '../../resources/user-credentials/user-credentials.service.js'
import { UserFactorService } from '../../resources/user-factors/user-factors.service.js'
import { UserImageService } from '../../resources/user-images/user-images.service.js'
import { UserOrganizationService } from '../../resources/user-organizations/user-organizations.service.js'
import { UserRestrictionService } from '../../resources/user-restrictions/user-restrictions.service.js'
import { NewUserService } from '../../resources/users/new-users.service.js'
import { UserService } from '../../resources/users/users.service.js'
import type { IdentityServices } from './identities.js'
import type { InstanceServices } from './instance.js'
import type { SessionServices } from './sessions.js'

/** Users, and the actions on them. */
export function createUserServices(
  context: InstanceContext,
  { images, outbox, membershipRecords, organizationInvitationRecords }: InstanceServices,
  { userRecords, lockout, emailAddresses, phoneNumbers, web3Wallets }: IdentityServices,
  { sessions }: SessionServices,
) {
  const userCredentials = new UserCredentialService({ context, userRecords, sessions, lockout })
  const identifiers = { emailAddresses, phoneNumbers, web3Wallets }
  return {
    userCredentials,
    newUsers: new NewUserService({ context, userRecords, userCredentials, ...identifiers }),
    users: new UserService({
      context,
      userRecords,
      userCredentials,
      membershipRecords,
      sessions,
      images,
      messages: outbox,
    }),
    userRestrictions: new UserRestrictionService({ context, userRecords, sessions }),
    userFactors: new UserFactorService({ context, userRecords, phoneNumbers, lockout }),
    userImages: new UserImageService({ context, userRecords, images }),
    userOrganizations: new UserOrganizationService({
      context,
      userRecords,
      membershipRecords,
      organizationInvitationRecords,
    }),
  }
}

export type UserServices = ReturnType<typeof createUserServices>
