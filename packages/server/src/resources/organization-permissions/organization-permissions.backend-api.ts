import { endpointFactory } from '../../http/endpoint.js'
import { deleted } from '../../kernel/component.js'
import type { OrganizationPermissionService } from './organization-permissions.service.js'
import { createPermission, keyedListQuery, permission, updatePermission } from './organization-permissions.wire.js'

const endpoint = endpointFactory<{ organizationPermissions: OrganizationPermissionService }>()
const access = 'secret_key'

export const organizationPermissionEndpoints = [
  endpoint(
    'GET /organization_permissions',
    { operationId: 'ListOrganizationPermissions', access, query: keyedListQuery, answer: permission, list: 'page' },
    ({ query, services }) => services.organizationPermissions.list(query),
  ),

  endpoint(
    'POST /organization_permissions',
    { operationId: 'CreateOrganizationPermission', access, body: createPermission, answer: permission },
    ({ body, caller, services }) => services.organizationPermissions.create(body, caller),
  ),

  endpoint(
    'GET /organization_permissions/:permission_id',
    { operationId: 'GetOrganizationPermission', access, answer: permission },
    ({ params, services }) => services.organizationPermissions.get(params.permissionId),
  ),

  endpoint(
    'PATCH /organization_permissions/:permission_id',
    { operationId: 'UpdateOrganizationPermission', access, body: updatePermission, answer: permission },
    ({ params, body, caller, services }) => services.organizationPermissions.update(params.permissionId, body, caller),
  ),

  endpoint(
    'DELETE /organization_permissions/:permission_id',
    { operationId: 'DeleteOrganizationPermission', access, answer: deleted('permission') },
    ({ params, caller, services }) => services.organizationPermissions.delete(params.permissionId, caller),
  ),
]
