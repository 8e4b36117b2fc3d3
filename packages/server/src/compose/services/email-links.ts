import type { InstanceContext } from '../../instances/instance-context.js'
import { EmailLinkService } from '../../resources/email-links/email-links.service.js'
import { SessionLinkService } from '../../resources/session-links/session-links.service.js'
import type { DomainServices } from './domains.js'
import type { IdentityServices } from './identities.js'
import type { Installation } from './installation.js'
import type { InstanceServices } from './instance.js'
import type { SessionServices } from './sessions.js'

/** Links in mail: those that are sent instead of codes, and those that end a session. */
export function createEmailLinkServices(
  context: InstanceContext,
  { outbox: messages }: InstanceServices,
  { verifications }: IdentityServices,
  { sessions }: SessionServices,
  { origins }: DomainServices,
  { sessionLanding }: Installation,
) {
  return {
    emailLinks: new EmailLinkService({ context, verifications, messages, origins }),
    sessionLinks: new SessionLinkService({ context, sessions, messages, sessionLanding }),
  }
}

export type EmailLinkServices = ReturnType<typeof createEmailLinkServices>
