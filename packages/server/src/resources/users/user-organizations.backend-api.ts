import { z } from 'zod'
import { endpoint, type Endpoint } from '../../endpoint.js'
import { pageQuery } from '../../http/pagination.js'

const membershipsQuery = z.object(pageQuery)

const invitationsQuery = z.object({
  ...pageQuery,
  status: z.enum(['pending', 'accepted', 'revoked', 'expired']).optional(),
})

/** As long as there are no organizations, no user is a member of one or invited to one. */
const none = { data: [], totalCount: 0 }
const nothing = z.never()

export const userOrganizationEndpoints: Endpoint[] = [
  endpoint(
    'GET /users/:user_id/organization_memberships',
    {
      operationId: 'UsersGetOrganizationMemberships',
      access: 'secret_key',
      response: nothing,
      query: membershipsQuery,
      list: 'page',
    },
    async ({ params, services: { users } }) => {
      await users.get(params.user_id)
      return none
    },
  ),

  endpoint(
    'GET /users/:user_id/organization_invitations',
    {
      operationId: 'UsersGetOrganizationInvitations',
      access: 'secret_key',
      response: nothing,
      query: invitationsQuery,
      list: 'page',
    },
    async ({ params, services: { users } }) => {
      await users.get(params.user_id)
      return none
    },
  ),
]
