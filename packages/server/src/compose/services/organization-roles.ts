import type { InstanceContext } from '../../instances/instance-context.js'
import { OrganizationPermissionService } from '../../resources/organization-permissions/organization-permissions.service.js'
import { OrganizationRoleService } from '../../resources/organization-roles/organization-roles.service.js'
import { RoleSetMoveService } from '../../resources/role-sets/role-set-moves.service.js'
import { RoleSetService } from '../../resources/role-sets/role-sets.service.js'
import type { InstanceServices } from './instance.js'

/** What members of organizations may do. */
export function createOrganizationRoleServices(
  context: InstanceContext,
  { organizationRoleRecords, organizationRecords, organizationInvitationRecords, membershipRecords }: InstanceServices,
) {
  const options = { context, organizationRoleRecords }
  return {
    organizationPermissions: new OrganizationPermissionService(options),
    organizationRoles: new OrganizationRoleService({ ...options, organizationRecords }),
    roleSets: new RoleSetService(options),
    roleSetMoves: new RoleSetMoveService({
      ...options,
      organizationRecords,
      organizationInvitationRecords,
      membershipRecords,
    }),
  }
}
