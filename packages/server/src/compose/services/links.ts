import { EmailLinkOpenings } from '../../flows/email-links/email-link-openings.service.js'
import { RedirectService } from '../../flows/redirects/redirects.service.js'
import { TicketLinkService } from '../../flows/tickets/ticket-links.service.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import type { DomainServices } from './domains.js'
import type { EmailLinkServices } from './email-links.js'
import type { createFlowServices } from './flows.js'
import type { IdentityServices } from './identities.js'
import type { Installation } from './installation.js'
import type { InstanceServices } from './instance.js'
import type { createOrganizationServices } from './organizations.js'
import type { SessionServices } from './sessions.js'
import type { SignInServices } from './sign-in.js'
import type { SignUpServices } from './sign-ups.js'

/** What browsers open outside a page: links in mail, redirects. */
export function createLinkServices(
  context: InstanceContext,
  { tickets }: InstanceServices,
  { emailAddresses }: IdentityServices,
  { clientRecords, sessions }: SessionServices,
  { origins }: DomainServices,
  { organizationInvitations }: ReturnType<typeof createOrganizationServices>,
  { signInTickets, signInLinks }: SignInServices,
  { handshake }: ReturnType<typeof createFlowServices>,
  { signUpFlow }: SignUpServices,
  { emailLinks }: EmailLinkServices,
  { linkLanding }: Installation,
) {
  return {
    emailLinkOpenings: new EmailLinkOpenings({
      context,
      emailLinks,
      emailAddresses,
      signInLinks,
      signUpFlow,
      linkLanding,
    }),
    redirects: new RedirectService({ context, clientRecords, origins }),
    ticketLinks: new TicketLinkService({
      context,
      tickets,
      emailAddresses,
      organizationInvitations,
      sessions,
      origins,
      signInTickets,
      handshake,
    }),
  }
}
