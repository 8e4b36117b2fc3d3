import type { InstanceContext } from '../../instances/instance-context.js'
import { MyOrganizationService } from '../../resources/my-organizations/my-organizations.service.js'
import { OrganizationAccessService } from '../../resources/organization-access/organization-access.service.js'
import { OrganizationDomainAffiliationService } from '../../resources/organization-domains/organization-domain-affiliation.service.js'
import { OrganizationSuggestionService } from '../../resources/organization-domains/organization-suggestions.service.js'
import { OrganizationMembershipRequestService } from '../../resources/organization-membership-requests/organization-membership-requests.service.js'
import { MemberService } from '../../resources/organization-memberships/members.service.js'
import { MembershipRequestRecords } from '../../resources/organization-records/membership-requests.service.js'
import { MemberOrganizationService } from '../../resources/organizations/member-organizations.service.js'
import type { IdentityServices } from './identities.js'
import type { InstanceServices } from './instance.js'
import type { OrganizationServices } from './organizations.js'
import type { SessionServices } from './sessions.js'

/** Organizations as people use them in a browser. */
export function createMemberOrganizationServices(
  context: InstanceContext,
  { outbox, organizationRoleRecords, organizationRecords, ...instance }: InstanceServices,
  { userRecords, verifications }: IdentityServices,
  { browserSessions }: SessionServices,
  { organizations, organizationMemberships, organizationInvitations, organizationDomains }: OrganizationServices,
) {
  const { membershipRecords, organizationInvitationRecords } = instance
  const membershipRequestRecords = new MembershipRequestRecords(context)
  const records = { context, organizationRecords, membershipRecords, membershipRequestRecords, userRecords }
  const organizationSuggestions = new OrganizationSuggestionService(records)
  return {
    organizationAccess: new OrganizationAccessService(records),
    memberOrganizations: new MemberOrganizationService({ ...records, organizations, browserSessions }),
    members: new MemberService({ organizationMemberships }),
    organizationMembershipRequests: new OrganizationMembershipRequestService({
      ...records,
      organizationRoleRecords,
      organizationMemberships,
    }),
    organizationDomainAffiliation: new OrganizationDomainAffiliationService({
      context,
      organizationDomains,
      userRecords,
      verifications,
      messages: outbox,
    }),
    myOrganizations: new MyOrganizationService({
      ...records,
      organizationInvitationRecords,
      organizationMemberships,
      organizationInvitations,
      organizationDomains,
      organizationSuggestions,
      browserSessions,
    }),
  }
}
