import { endpointFactory } from '../../http/endpoint.js'
import { deleted } from '../../kernel/component.js'
import { keyedListQuery } from '../organization-permissions/organization-permissions.wire.js'
import type { OrganizationRoleService } from './organization-roles.service.js'
import { createRole, role, updateRole } from './organization-roles.wire.js'

const endpoint = endpointFactory<{ organizationRoles: OrganizationRoleService }>()
const access = 'secret_key'

export const organizationRoleEndpoints = [
  endpoint(
    'GET /organization_roles',
    { operationId: 'ListOrganizationRoles', access, query: keyedListQuery, answer: role, list: 'page' },
    ({ query, services }) => services.organizationRoles.list(query),
  ),

  endpoint(
    'POST /organization_roles',
    { operationId: 'CreateOrganizationRole', access, body: createRole, answer: role },
    ({ body, caller, services }) => services.organizationRoles.create(body, caller),
  ),

  endpoint(
    'GET /organization_roles/:organization_role_id',
    { operationId: 'GetOrganizationRole', access, answer: role },
    ({ params, services }) => services.organizationRoles.get(params.organizationRoleId),
  ),

  endpoint(
    'PATCH /organization_roles/:organization_role_id',
    { operationId: 'UpdateOrganizationRole', access, body: updateRole, answer: role },
    ({ params, body, caller, services }) => services.organizationRoles.update(params.organizationRoleId, body, caller),
  ),

  endpoint(
    'DELETE /organization_roles/:organization_role_id',
    { operationId: 'DeleteOrganizationRole', access, answer: deleted('role') },
    ({ params, caller, services }) => services.organizationRoles.delete(params.organizationRoleId, caller),
  ),

  endpoint(
    'POST /organization_roles/:organization_role_id/permissions/:permission_id',
    { operationId: 'AssignPermissionToOrganizationRole', access, answer: role },
    ({ params, caller, services }) =>
      services.organizationRoles.assignPermission(params.organizationRoleId, params.permissionId, caller),
  ),

  endpoint(
    'DELETE /organization_roles/:organization_role_id/permissions/:permission_id',
    { operationId: 'RemovePermissionFromOrganizationRole', access, answer: role },
    ({ params, caller, services }) =>
      services.organizationRoles.removePermission(params.organizationRoleId, params.permissionId, caller),
  ),
]
