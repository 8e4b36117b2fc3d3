import { z } from 'zod'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import { pageQuery } from '../../kernel/page.js'
import { frontendRole } from './frontend-roles.wire.js'
import type { OrganizationRoleService } from './organization-roles.service.js'

const endpoint = frontendEndpointFactory<{ organizationRoles: OrganizationRoleService }>()

export const organizationRoleFrontendEndpoints = [
  endpoint(
    'GET /organizations/:organization_id/roles',
    {
      operationId: 'ListOrganizationRoles',
      access: 'session',
      permission: 'member',
      query: z.object(pageQuery),
      answer: frontendRole,
      list: 'page',
    },
    ({ params, query, services }) => services.organizationRoles.listOf(params.organizationId, query),
  ),
]
