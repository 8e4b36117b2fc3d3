import type { InstanceContext } from '../../instances/instance-context.js'
import { OrganizationDomainOwnershipService } from '../../resources/organization-domains/organization-domain-ownership.service.js'
import { OrganizationDomainService } from '../../resources/organization-domains/organization-domains.service.js'
import { OrganizationInvitationService } from '../../resources/organization-invitations/organization-invitations.service.js'
import { OrganizationMembershipService } from '../../resources/organization-memberships/organization-memberships.service.js'
import { OrganizationService } from '../../resources/organizations/organizations.service.js'
import type { IdentityServices } from './identities.js'
import type { InstanceServices } from './instance.js'
import type { InvitationServices } from './invitations.js'
import type { SessionServices } from './sessions.js'

/** Organizations, their members, and who is asked to become one. */
export function createOrganizationServices(
  context: InstanceContext,
  {
    images,
    tickets,
    organizationRoleRecords,
    organizationRecords,
    organizationInvitationRecords,
    membershipRecords,
  }: InstanceServices,
  { organizationEnrolment }: InvitationServices,
  { userRecords, emailAddresses }: IdentityServices,
  { sessions }: SessionServices,
) {
  const records = {
    context,
    organizationRoleRecords,
    organizationRecords,
    organizationInvitationRecords,
    membershipRecords,
    userRecords,
  }
  const organizationMemberships = new OrganizationMembershipService({ ...records, sessions })
  const organizationDomains = new OrganizationDomainService({
    context,
    organizationRecords,
    organizationInvitationRecords,
    organizationEnrolment,
  })
  return {
    organizations: new OrganizationService({ ...records, sessions, images }),
    organizationMemberships,
    organizationDomains,
    organizationDomainOwnership: new OrganizationDomainOwnershipService({ context, organizationDomains }),
    organizationInvitations: new OrganizationInvitationService({
      ...records,
      organizationMemberships,
      emailAddresses,
      tickets,
    }),
  }
}

export type OrganizationServices = ReturnType<typeof createOrganizationServices>
