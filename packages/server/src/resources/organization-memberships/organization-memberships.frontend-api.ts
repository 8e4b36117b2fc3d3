import { z } from 'zod'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import { paginatedQuery } from '../../kernel/page.js'
import { texts } from '../../kernel/schemas.js'
import { frontendMembership } from './frontend-memberships.wire.js'
import type { MemberService } from './members.service.js'

const listQuery = z.object({ ...paginatedQuery, query: z.string().max(256).optional(), role: texts.optional() })
const createMembership = z.object({ user_id: z.string(), role: z.string() })
const updateMembership = z.object({ role: z.string() })

const endpoint = frontendEndpointFactory<{ members: MemberService }>()
const access = 'session'
const permission = ['org:sys_memberships:manage'] as const
const answer = frontendMembership

export const organizationMembershipFrontendEndpoints = [
  endpoint(
    'GET /organizations/:organization_id/memberships',
    {
      operationId: 'ListOrganizationMemberships',
      access,
      permission: ['org:sys_memberships:read', 'org:sys_memberships:manage'],
      query: listQuery,
      answer,
      list: 'paginated',
    },
    ({ params, query, services }) => services.members.list(params.organizationId, query),
  ),

  endpoint(
    'POST /organizations/:organization_id/memberships',
    { operationId: 'CreateOrganizationMembership', access, permission, body: createMembership, answer },
    ({ params, body, caller, services }) => services.members.create(params.organizationId, body, caller),
  ),

  endpoint(
    'PATCH /organizations/:organization_id/memberships/:user_id',
    { operationId: 'UpdateOrganizationMembership', access, permission, body: updateMembership, answer },
    ({ params: { organizationId, userId }, body, caller, services }) =>
      services.members.updateRole(organizationId, userId, body.role, caller),
  ),

  endpoint(
    'DELETE /organizations/:organization_id/memberships/:user_id',
    { operationId: 'removeOrganizationMember', access, permission, answer },
    ({ params: { organizationId, userId }, caller, services }) =>
      services.members.remove(organizationId, userId, caller),
  ),
]
