import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import { deleted } from '../../kernel/component.js'
import { perCaller } from '../../kernel/limits.js'
import { paginatedQuery } from '../../kernel/page.js'
import { arrayOf } from '../../kernel/wire.js'
import type { InvitationService } from './invitations.service.js'
import { bulkInvitationInput, invitation, invitationInput } from './invitations.wire.js'

const endpoint = endpointFactory<{ invitations: InvitationService }>()
const access = 'secret_key'

/** Seconds. */
const HOUR = 3600

export const invitationEndpoints = [
  endpoint(
    'GET /invitations',
    {
      operationId: 'ListInvitations',
      access,
      query: z.object({
        status: z.enum(['pending', 'accepted', 'revoked', 'expired']).optional(),
        query: z.string().max(256).optional(),
        order_by: z.string().optional(),
        ...paginatedQuery,
      }),
      answer: invitation,
      list: 'paginated',
    },
    ({ query: { status, query, ...page }, services }) => services.invitations.list({ status, query }, page),
  ),

  endpoint(
    'POST /invitations',
    {
      operationId: 'CreateInvitation',
      access,
      body: invitationInput,
      answer: invitation,
      limit: perCaller(100, HOUR),
    },
    ({ body, caller, services }) => services.invitations.create(body, caller),
  ),

  endpoint(
    'POST /invitations/bulk',
    {
      operationId: 'CreateBulkInvitations',
      access,
      body: z.array(bulkInvitationInput).min(1).max(10),
      answer: arrayOf(invitation),
      limit: perCaller(25, HOUR),
    },
    ({ body, caller, services }) => services.invitations.createAll(body, caller),
  ),

  endpoint(
    'POST /invitations/:invitation_id/revoke',
    { operationId: 'RevokeInvitation', access, answer: invitation },
    ({ params, caller, services }) => services.invitations.revoke(params.invitationId, caller),
  ),

  endpoint(
    'DELETE /invitations/:invitation_id',
    { operationId: 'DeleteInvitation', access, answer: deleted('invitation') },
    ({ params, caller, services }) => services.invitations.delete(params.invitationId, caller),
  ),
]
