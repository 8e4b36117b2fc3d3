import type {
  CreateOrganizationMembershipJSON,
  OrganizationMetadataJSON,
  UpdateOrganizationMembershipJSON,
} from '@latchkey/types'
import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import type { Shape } from '../../kernel/component.js'
import { pageQuery } from '../../kernel/page.js'
import { metadata, texts, time } from '../../kernel/schemas.js'
import type { OrganizationMembershipService } from './organization-memberships.service.js'
import { organizationMembership } from './organization-memberships.wire.js'

const filterQuery = {
  user_id: texts.optional(),
  email_address: texts.optional(),
  phone_number: texts.optional(),
  username: texts.optional(),
  web3_wallet: texts.optional(),
  query: z.string().max(256).optional(),
  email_address_query: z.string().max(256).optional(),
  phone_number_query: z.string().max(256).optional(),
  username_query: z.string().max(256).optional(),
  name_query: z.string().max(256).optional(),
  last_active_at_before: time.optional(),
  last_active_at_after: time.optional(),
  created_at_before: time.optional(),
  created_at_after: time.optional(),
}

const instanceListQuery = z.object({ order_by: z.string().optional(), ...pageQuery })

const listQuery = instanceListQuery.extend({ ...filterQuery, role: texts.optional() })

const createMembership = z.object({
  user_id: z.string(),
  role: z.string(),
  public_metadata: metadata.nullish(),
  private_metadata: metadata.nullish(),
} satisfies Shape<CreateOrganizationMembershipJSON>)

const updateMembership = z.object({ role: z.string() } satisfies Shape<UpdateOrganizationMembershipJSON>)

const membershipMetadata = z.object({
  public_metadata: metadata.optional(),
  private_metadata: metadata.optional(),
} satisfies Shape<OrganizationMetadataJSON>)

const endpoint = endpointFactory<{ organizationMemberships: OrganizationMembershipService }>()
const access = 'secret_key'
const answer = organizationMembership

export const organizationMembershipEndpoints = [
  endpoint(
    'GET /organization_memberships',
    { operationId: 'InstanceGetOrganizationMemberships', access, query: instanceListQuery, answer, list: 'page' },
    ({ query, services }) => services.organizationMemberships.listAll(query),
  ),

  endpoint(
    'GET /organizations/:organization_id/memberships',
    { operationId: 'ListOrganizationMemberships', access, query: listQuery, answer, list: 'page' },
    ({ params, query: { limit, offset, orderBy, role, ...filter }, services }) =>
      services.organizationMemberships.list(params.organizationId, { limit, offset, orderBy, role, filter }),
  ),

  endpoint(
    'POST /organizations/:organization_id/memberships',
    { operationId: 'CreateOrganizationMembership', access, body: createMembership, answer },
    ({ params, body, caller, services }) =>
      services.organizationMemberships.create(params.organizationId, body, caller),
  ),

  endpoint(
    'PATCH /organizations/:organization_id/memberships/:user_id',
    { operationId: 'UpdateOrganizationMembership', access, body: updateMembership, answer },
    ({ params: { organizationId, userId }, body, caller, services }) =>
      services.organizationMemberships.updateRole(organizationId, userId, body.role, caller),
  ),

  endpoint(
    'PATCH /organizations/:organization_id/memberships/:user_id/metadata',
    { operationId: 'UpdateOrganizationMembershipMetadata', access, body: membershipMetadata, answer },
    ({ params: { organizationId, userId }, body, caller, services }) =>
      services.organizationMemberships.mergeMetadata(organizationId, userId, body, caller),
  ),

  endpoint(
    'DELETE /organizations/:organization_id/memberships/:user_id',
    { operationId: 'DeleteOrganizationMembership', access, answer },
    ({ params: { organizationId, userId }, caller, services }) =>
      services.organizationMemberships.delete(organizationId, userId, caller),
  ),
]
