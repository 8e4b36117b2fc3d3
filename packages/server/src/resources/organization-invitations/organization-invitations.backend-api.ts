import type { CreateOrganizationInvitationJSON, RevokeOrganizationInvitationJSON } from '@latchkey/types'
import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import type { Shape } from '../../kernel/component.js'
import { perCaller } from '../../kernel/limits.js'
import { pageQuery } from '../../kernel/page.js'
import { metadata } from '../../kernel/schemas.js'
import type { OrganizationInvitationService } from './organization-invitations.service.js'
import { organizationInvitation, organizationInvitationWithOrganization } from './organization-invitations.wire.js'

const listQuery = {
  status: z.array(z.enum(['pending', 'accepted', 'revoked', 'expired'])).optional(),
  order_by: z.string().optional(),
  ...pageQuery,
}

const createInvitation = z.object({
  email_address: z.string(),
  role: z.string(),
  inviter_user_id: z.string().nullish(),
  public_metadata: metadata.nullish(),
  private_metadata: metadata.nullish(),
  redirect_url: z.string().max(2048).nullish(),
  expires_in_days: z.int().min(1).max(365).nullish(),
  notify: z.boolean().nullish(),
} satisfies Shape<CreateOrganizationInvitationJSON>)

const revokeInvitation = z.object({
  requesting_user_id: z.string().nullish(),
} satisfies Shape<RevokeOrganizationInvitationJSON>)

const endpoint = endpointFactory<{ organizationInvitations: OrganizationInvitationService }>()
const access = 'secret_key'
const answer = organizationInvitation

/** Seconds. */
const HOUR = 3600

export const organizationInvitationEndpoints = [
  endpoint(
    'GET /organization_invitations',
    {
      operationId: 'ListInstanceOrganizationInvitations',
      access,
      query: z.object({ ...listQuery, query: z.string().max(256).optional() }),
      answer: organizationInvitationWithOrganization,
      list: 'page',
    },
    ({ query, services }) => services.organizationInvitations.listAll(query),
  ),

  endpoint(
    'GET /organizations/:organization_id/invitations',
    {
      operationId: 'ListOrganizationInvitations',
      access,
      query: z.object({ ...listQuery, email_address: z.string().max(256).optional() }),
      answer,
      list: 'page',
    },
    ({ params, query, services }) => services.organizationInvitations.list(params.organizationId, query),
  ),

  endpoint(
    'POST /organizations/:organization_id/invitations',
    {
      operationId: 'CreateOrganizationInvitation',
      access,
      body: createInvitation,
      answer,
      limit: perCaller(250, HOUR),
    },
    ({ params, body, caller, services }) =>
      services.organizationInvitations.create(params.organizationId, body, caller),
  ),

  endpoint(
    'POST /organizations/:organization_id/invitations/bulk',
    {
      operationId: 'CreateOrganizationInvitationBulk',
      access,
      body: z.array(createInvitation),
      answer,
      list: 'page',
      limit: perCaller(50, HOUR),
    },
    ({ params, body, caller, services }) =>
      services.organizationInvitations.createAll(params.organizationId, body, caller),
  ),

  endpoint(
    'GET /organizations/:organization_id/invitations/pending',
    {
      operationId: 'ListPendingOrganizationInvitations',
      access,
      query: z.object(pageQuery),
      answer,
      list: 'page',
    },
    ({ params, query, services }) =>
      services.organizationInvitations.list(params.organizationId, { ...query, status: ['pending'] }),
  ),

  endpoint(
    'GET /organizations/:organization_id/invitations/:invitation_id',
    { operationId: 'GetOrganizationInvitation', access, answer },
    ({ params, services }) => services.organizationInvitations.get(params.organizationId, params.invitationId),
  ),

  endpoint(
    'POST /organizations/:organization_id/invitations/:invitation_id/revoke',
    { operationId: 'RevokeOrganizationInvitation', access, body: revokeInvitation, answer },
    ({ params: { organizationId, invitationId }, body, caller, services }) =>
      services.organizationInvitations.revoke(organizationId, invitationId, body.requestingUserId, caller),
  ),
]
