import { AttemptService } from '../../factors/attempts.service.js'
import { createFactors } from '../../factors/index.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import type { EmailLinkServices } from './email-links.js'
import type { IdentityServices } from './identities.js'
import type { createUserServices } from './users.js'

/** The ways in which users prove who they are. */
export function createFactorServices(
  context: InstanceContext,
  { userRecords, lockout, verifications, emailAddresses, phoneNumbers }: IdentityServices,
  { userCredentials, userFactors }: ReturnType<typeof createUserServices>,
  { emailLinks }: EmailLinkServices,
) {
  const attempts = new AttemptService({ context, userRecords, lockout, verifications })
  const services = {
    context,
    userRecords,
    emailAddresses,
    phoneNumbers,
    userCredentials,
    userFactors,
    emailLinks,
    attempts,
  }
  return { factors: createFactors(services) }
}
