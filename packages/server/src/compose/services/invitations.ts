import type { InstanceContext } from '../../instances/instance-context.js'
import { AllowlistIdentifierService } from '../../resources/allowlist-identifiers/allowlist-identifiers.service.js'
import { InvitationService } from '../../resources/invitations/invitations.service.js'
import { OrganizationEnrolmentService } from '../../resources/organization-domains/organization-enrolment.service.js'
import { SignUpService } from '../../resources/sign-ups/sign-ups.service.js'
import { WaitlistEntryService } from '../../resources/waitlist-entries/waitlist-entries.service.js'
import type { InstanceServices } from './instance.js'

/** Ways to become a user. Users themselves are built upon these: an address that comes to be somebody's ends a wait. */
export function createInvitationServices(context: InstanceContext, instance: InstanceServices) {
  const { outbox, tickets, organizationRecords, organizationInvitationRecords } = instance
  const { organizationRoleRecords, membershipRecords } = instance
  const invitations = new InvitationService({ context, tickets, messages: outbox })
  return {
    invitations,
    allowlistIdentifiers: new AllowlistIdentifierService({ context, invitations, messages: outbox }),
    waitlistEntries: new WaitlistEntryService({ context, invitations, messages: outbox }),
    organizationEnrolment: new OrganizationEnrolmentService({
      context,
      organizationRecords,
      organizationInvitationRecords,
      organizationRoleRecords,
      membershipRecords,
    }),
    signUps: new SignUpService(context),
  }
}

export type InvitationServices = ReturnType<typeof createInvitationServices>
