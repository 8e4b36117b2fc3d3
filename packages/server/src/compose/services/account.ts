import { AccountService } from '../../flows/account/account.service.js'
import { OwnIdentifierService } from '../../flows/account/own-identifiers.service.js'
import { OwnPhoneNumberService } from '../../flows/account/own-phone-numbers.service.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import type { EmailLinkServices } from './email-links.js'
import type { IdentityServices } from './identities.js'
import type { createOrganizationServices } from './organizations.js'
import type { SessionServices } from './sessions.js'
import type { UserServices } from './users.js'

/** What people change of their own account. */
export function createAccountServices(
  context: InstanceContext,
  { userRecords, identifications, verifications, lockout, access, emailAddresses, phoneNumbers }: IdentityServices,
  { me, browserSessions, stepUp }: SessionServices,
  { organizationMemberships }: ReturnType<typeof createOrganizationServices>,
  { users, userImages }: UserServices,
  { emailLinks }: EmailLinkServices,
) {
  const shared = { context, identifications, userRecords, verifications, lockout, access, stepUp }
  const ownNumbers = new OwnIdentifierService({
    ...shared,
    kind: phoneNumbers.kind,
    parse: (text) => phoneNumbers.parse(text),
  })
  return {
    account: new AccountService({
      context,
      me,
      users,
      userRecords,
      userImages,
      organizationMemberships,
      browserSessions,
      stepUp,
    }),
    ownEmailAddresses: new OwnIdentifierService({
      ...shared,
      kind: emailAddresses.kind,
      parse: (text) => emailAddresses.parse(text),
      links: {
        target: (redirectUrl) => emailLinks.target(redirectUrl),
        send: (row, link, pretend, tx) => emailLinks.sendToOwner(row, link, tx, { pretend }),
      },
    }),
    ownPhoneNumbers: new OwnPhoneNumberService({ context, own: ownNumbers, phoneNumbers, identifications, stepUp }),
  }
}
