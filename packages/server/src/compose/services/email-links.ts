import type { InstanceContext } from '../../instances/instance-context.js'
import { EmailLinkService } from '../../resources/email-links/email-links.service.js'
import type { DomainServices } from './domains.js'
import type { IdentityServices } from './identities.js'
import type { InstanceServices } from './instance.js'

/** Links that are sent instead of codes. */
export function createEmailLinkServices(
  context: InstanceContext,
  { outbox: messages }: InstanceServices,
  { verifications }: IdentityServices,
  { origins }: DomainServices,
) {
  return { emailLinks: new EmailLinkService({ context, verifications, messages, origins }) }
}

export type EmailLinkServices = ReturnType<typeof createEmailLinkServices>
