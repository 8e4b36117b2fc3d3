import { z } from 'zod'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import { deleted } from '../../kernel/component.js'
import { pageQuery, paginatedQuery } from '../../kernel/page.js'
import { organizationSuggestion } from '../organization-domains/organization-suggestions.wire.js'
import { frontendInvitation } from '../organization-invitations/frontend-invitations.wire.js'
import { frontendMembership } from '../organization-memberships/frontend-memberships.wire.js'
import { organizationCreationDefaults } from './creation-defaults.wire.js'
import type { MyOrganizationService } from './my-organizations.service.js'

const listOf = <const Words extends readonly string[]>(words: Words) =>
  z.object({ ...pageQuery, status: z.array(z.enum(words)).max(100).optional() })

const invitationsQuery = listOf(['pending', 'accepted', 'revoked', 'expired', 'invalid', 'completed'])
const suggestionsQuery = listOf(['pending', 'accepted'])

const endpoint = frontendEndpointFactory<{ myOrganizations: MyOrganizationService }>()
const access = 'session'

export const myOrganizationEndpoints = [
  endpoint(
    'GET /me/organization_creation_defaults',
    { operationId: 'getOrganizationCreationDefaults', access, answer: organizationCreationDefaults },
    ({ caller, services }) => services.myOrganizations.creationDefaults(caller.userId),
  ),

  endpoint(
    'GET /me/organization_memberships',
    {
      operationId: 'getOrganizationMemberships',
      access,
      query: z.object(paginatedQuery),
      answer: frontendMembership,
      list: 'paginated',
    },
    ({ query, caller, services }) => services.myOrganizations.listMemberships(caller.userId, query),
  ),

  endpoint(
    'DELETE /me/organization_memberships/:organization_id',
    {
      operationId: 'deleteOrganizationMemberships',
      access,
      permission: 'member',
      answer: deleted('organization_membership'),
    },
    ({ params, caller, services }) => services.myOrganizations.leave(params.organizationId, caller),
  ),

  endpoint(
    'GET /me/organization_invitations',
    {
      operationId: 'getUsersOrganizationInvitations',
      access,
      query: invitationsQuery,
      answer: frontendInvitation,
      list: 'page',
    },
    ({ query, caller, services }) => services.myOrganizations.listInvitations(caller.userId, query),
  ),

  endpoint(
    'POST /me/organization_invitations/:invitation_id/accept',
    { operationId: 'acceptOrganizationInvitation', access, answer: frontendInvitation },
    ({ params, caller, services }) => services.myOrganizations.acceptInvitation(params.invitationId, caller),
  ),

  endpoint(
    'GET /me/organization_suggestions',
    {
      operationId: 'getOrganizationSuggestions',
      access,
      query: suggestionsQuery,
      answer: organizationSuggestion,
      list: 'page',
    },
    ({ query, caller, services }) => services.myOrganizations.listSuggestions(caller.userId, query),
  ),

  endpoint(
    'POST /me/organization_suggestions/:suggestion_id/accept',
    { operationId: 'acceptOrganizationSuggestion', access, answer: organizationSuggestion },
    ({ params, caller, services }) => services.myOrganizations.acceptSuggestion(params.suggestionId, caller),
  ),
]
