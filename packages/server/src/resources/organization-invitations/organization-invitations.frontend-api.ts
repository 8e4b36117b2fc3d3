import { z } from 'zod'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import { perCaller } from '../../kernel/limits.js'
import { pageQuery } from '../../kernel/page.js'
import { shortText, texts } from '../../kernel/schemas.js'
import { frontendInvitation } from './frontend-invitations.wire.js'
import type { OrganizationInvitationService } from './organization-invitations.service.js'

const status = z.enum(['pending', 'accepted', 'revoked', 'expired', 'invalid', 'completed'])
const listQuery = z.object({ ...pageQuery, status: z.array(status).max(100).optional() })
/** The list of before there were pages has no parameters: it is as long as a page can be. */
const all = { limit: 500, offset: 0 }

const invitation = { role: shortText, notify: z.boolean().nullish() }
const createInvitation = z.object({ ...invitation, email_address: z.string() })
const createInvitations = z.object({ ...invitation, email_address: texts })

const endpoint = frontendEndpointFactory<{ organizationInvitations: OrganizationInvitationService }>()
const access = 'session'
const permission = ['org:sys_memberships:manage'] as const
const answer = frontendInvitation
const HOUR = 60 * 60

export const organizationInvitationFrontendEndpoints = [
  endpoint(
    'GET /organizations/:organization_id/invitations',
    { operationId: 'getOrganizationInvitations', access, permission, query: listQuery, answer, list: 'page' },
    ({ params, query, services }) => services.organizationInvitations.list(params.organizationId, query),
  ),

  endpoint(
    'POST /organizations/:organization_id/invitations',
    {
      operationId: 'createOrganizationInvitations',
      access,
      permission,
      body: createInvitation,
      answer,
      limit: perCaller(250, HOUR),
    },
    ({ params, body, caller, services }) =>
      services.organizationInvitations.create(
        params.organizationId,
        { ...body, notify: body.notify ?? true, inviterUserId: caller.userId },
        caller,
      ),
  ),

  endpoint(
    'POST /organizations/:organization_id/invitations/bulk',
    {
      operationId: 'bulkCreateOrganizationInvitations',
      access,
      permission,
      body: createInvitations,
      answer,
      list: 'array',
      limit: perCaller(50, HOUR),
    },
    ({ params, body: { emailAddress: addresses, role, notify }, caller, services }) =>
      services.organizationInvitations.createAll(
        params.organizationId,
        addresses.map((emailAddress) => ({
          emailAddress,
          role,
          notify: notify ?? true,
          inviterUserId: caller.userId,
        })),
        caller,
      ),
  ),

  endpoint(
    'GET /organizations/:organization_id/invitations/pending',
    { operationId: 'getAllPendingOrganizationInvitations', access, permission, answer, list: 'array' },
    ({ params, services }) =>
      services.organizationInvitations.list(params.organizationId, { ...all, status: ['pending'] }),
  ),

  endpoint(
    'POST /organizations/:organization_id/invitations/:invitation_id/revoke',
    { operationId: 'revokePendingOrganizationInvitation', access, permission, answer },
    ({ params: { organizationId, invitationId }, caller, services }) =>
      services.organizationInvitations.revoke(organizationId, invitationId, caller.userId, caller),
  ),
]
