import type { CreateOrganizationDomainJSON, UpdateOrganizationDomainJSON } from '@latchkey/types'
import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import { deleted, type Shape } from '../../kernel/component.js'
import { pageQuery } from '../../kernel/page.js'
import { texts } from '../../kernel/schemas.js'
import type { OrganizationDomainService } from './organization-domains.service.js'
import { organizationDomain } from './organization-domains.wire.js'

const listQuery = {
  verified: z.boolean().optional(),
  enrollment_mode: texts.optional(),
  ...pageQuery,
}

const mode = z.enum(['manual_invitation', 'automatic_invitation', 'automatic_suggestion', 'enterprise_sso'])

const createDomain = z.object({
  name: z.string().max(1024),
  enrollment_mode: mode.optional(),
  verified: z.boolean().nullish(),
} satisfies Shape<CreateOrganizationDomainJSON>)

const updateDomain = z.object({
  enrollment_mode: mode.nullish(),
  verified: z.boolean().nullish(),
} satisfies Shape<UpdateOrganizationDomainJSON>)

const endpoint = endpointFactory<{ organizationDomains: OrganizationDomainService }>()
const access = 'secret_key'
const answer = organizationDomain

export const organizationDomainEndpoints = [
  endpoint(
    'GET /organization_domains',
    {
      operationId: 'ListAllOrganizationDomains',
      access,
      query: z.object({
        ...listQuery,
        organization_id: z.string().optional(),
        query: z.string().max(256).optional(),
        domains: texts.optional(),
        order_by: z.string().optional(),
      }),
      answer,
      list: 'page',
    },
    ({ query, services }) => services.organizationDomains.listAll(query),
  ),

  endpoint(
    'GET /organizations/:organization_id/domains',
    { operationId: 'ListOrganizationDomains', access, query: z.object(listQuery), answer, list: 'page' },
    ({ params, query, services }) => services.organizationDomains.list(params.organizationId, query),
  ),

  endpoint(
    'POST /organizations/:organization_id/domains',
    { operationId: 'CreateOrganizationDomain', access, body: createDomain, answer },
    ({ params, body, caller, services }) => services.organizationDomains.create(params.organizationId, body, caller),
  ),

  endpoint(
    'PATCH /organizations/:organization_id/domains/:domain_id',
    { operationId: 'UpdateOrganizationDomain', access, body: updateDomain, answer },
    ({ params: { organizationId, domainId }, body, caller, services }) =>
      services.organizationDomains.update(organizationId, domainId, body, caller),
  ),

  endpoint(
    'POST /organizations/:organization_id/domains/:domain_id/verify_ownership',
    { operationId: 'VerifyOrganizationDomainOwnership', access, answer },
    ({ params: { organizationId, domainId }, caller, services }) =>
      services.organizationDomains.verifyOwnership(organizationId, domainId, caller),
  ),

  endpoint(
    'DELETE /organizations/:organization_id/domains/:domain_id',
    { operationId: 'DeleteOrganizationDomain', access, answer: deleted('organization_domain') },
    ({ params: { organizationId, domainId }, caller, services }) =>
      services.organizationDomains.delete(organizationId, domainId, caller),
  ),
]
