import { AttemptService } from '../../factors/attempts.service.js'
import { createFactors } from '../../factors/index.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import { PasskeyCeremonies } from '../../resources/passkeys/passkey-ceremonies.service.js'
import type { DomainServices } from './domains.js'
import type { EmailLinkServices } from './email-links.js'
import type { IdentityServices } from './identities.js'
import type { createUserServices } from './users.js'

/** The ways in which users prove who they are. */
export function createFactorServices(
  context: InstanceContext,
  { userRecords, lockout, verifications, emailAddresses, phoneNumbers, passkeys }: IdentityServices,
  { userCredentials, userFactors }: ReturnType<typeof createUserServices>,
  { emailLinks }: EmailLinkServices,
  { origins, domains }: DomainServices,
) {
  const attempts = new AttemptService({ context, userRecords, lockout, verifications })
  const passkeyCeremonies = new PasskeyCeremonies({ context, origins, domains })
  const services = {
    context,
    userRecords,
    emailAddresses,
    phoneNumbers,
    passkeys,
    passkeyCeremonies,
    verifications,
    userCredentials,
    userFactors,
    emailLinks,
    attempts,
  }
  return { factors: createFactors(services), passkeyCeremonies }
}
