import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import { pageQuery } from '../../kernel/page.js'
import { organizationInvitationWithOrganization } from '../organization-invitations/organization-invitations.wire.js'
import { organizationMembership } from '../organization-memberships/organization-memberships.wire.js'
import type { UserOrganizationService } from './user-organizations.service.js'

const membershipsQuery = z.object(pageQuery)

const invitationsQuery = z.object({
  ...pageQuery,
  status: z.enum(['pending', 'accepted', 'revoked', 'expired']).optional(),
})

const endpoint = endpointFactory<{ userOrganizations: UserOrganizationService }>()
const access = 'secret_key'

export const userOrganizationEndpoints = [
  endpoint(
    'GET /users/:user_id/organization_memberships',
    {
      operationId: 'UsersGetOrganizationMemberships',
      access,
      query: membershipsQuery,
      answer: organizationMembership,
      list: 'page',
    },
    ({ params, query, services }) => services.userOrganizations.listMemberships(params.userId, query),
  ),

  endpoint(
    'GET /users/:user_id/organization_invitations',
    {
      operationId: 'UsersGetOrganizationInvitations',
      access,
      query: invitationsQuery,
      answer: organizationInvitationWithOrganization,
      list: 'page',
    },
    ({ params, query, services }) => services.userOrganizations.listInvitations(params.userId, query),
  ),
]
