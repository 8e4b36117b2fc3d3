import type { InstanceContext } from '../../instances/instance-context.js'
import { AllowlistIdentifierService } from '../../resources/allowlist-identifiers/allowlist-identifiers.service.js'
import { InvitationService } from '../../resources/invitations/invitations.service.js'
import { SignUpService } from '../../resources/sign-ups/sign-ups.service.js'
import { TicketService } from '../../resources/tickets/tickets.service.js'
import { WaitlistEntryService } from '../../resources/waitlist-entries/waitlist-entries.service.js'
import type { InstanceServices } from './instance.js'

/** Ways to become a user. Users themselves are built upon these: an address that comes to be somebody's ends a wait. */
export function createInvitationServices(context: InstanceContext, { outbox }: InstanceServices) {
  const tickets = new TicketService(context)
  const invitations = new InvitationService({ context, tickets, messages: outbox })
  return {
    tickets,
    invitations,
    allowlistIdentifiers: new AllowlistIdentifierService({ context, invitations, messages: outbox }),
    waitlistEntries: new WaitlistEntryService({ context, invitations, messages: outbox }),
    signUps: new SignUpService(context),
  }
}

export type InvitationServices = ReturnType<typeof createInvitationServices>
