import { z } from 'zod'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import { pageQuery } from '../../kernel/page.js'
import type { OrganizationMembershipRequestService } from './organization-membership-requests.service.js'
import { membershipRequest } from './organization-membership-requests.wire.js'

const status = z.enum(['pending', 'accepted', 'rejected'])
const listQuery = z.object({ ...pageQuery, status: z.array(status).max(100).optional() })

const endpoint = frontendEndpointFactory<{ organizationMembershipRequests: OrganizationMembershipRequestService }>()
const access = 'session'
const permission = ['org:sys_memberships:manage'] as const
const answer = membershipRequest

export const organizationMembershipRequestEndpoints = [
  endpoint(
    'GET /organizations/:organization_id/membership_requests',
    { operationId: 'listOrganizationMembershipRequests', access, permission, query: listQuery, answer, list: 'page' },
    ({ params, query, services }) => services.organizationMembershipRequests.list(params.organizationId, query),
  ),

  endpoint(
    'POST /organizations/:organization_id/membership_requests/:request_id/accept',
    { operationId: 'acceptOrganizationMembershipRequest', access, permission, answer },
    ({ params: { organizationId, requestId }, caller, services }) =>
      services.organizationMembershipRequests.accept(organizationId, requestId, caller),
  ),

  endpoint(
    'POST /organizations/:organization_id/membership_requests/:request_id/reject',
    { operationId: 'rejectOrganizationMembershipRequest', access, permission, answer },
    ({ params: { organizationId, requestId }, caller, services }) =>
      services.organizationMembershipRequests.reject(organizationId, requestId, caller),
  ),
]
