import type { InstanceContext } from '../../instances/instance-context.js'
import { OrganizationMembershipService } from '../../resources/organization-memberships/organization-memberships.service.js'
import { OrganizationService } from '../../resources/organizations/organizations.service.js'
import type { IdentityServices } from './identities.js'
import type { InstanceServices } from './instance.js'
import type { SessionServices } from './sessions.js'

/** Organizations and their members. */
export function createOrganizationServices(
  context: InstanceContext,
  { images, organizationRoleRecords, organizationRecords, membershipRecords }: InstanceServices,
  { userRecords }: IdentityServices,
  { sessions }: SessionServices,
) {
  const records = { context, organizationRoleRecords, organizationRecords, membershipRecords, userRecords, sessions }
  return {
    organizations: new OrganizationService({ ...records, images }),
    organizationMemberships: new OrganizationMembershipService(records),
  }
}
