import { z } from 'zod'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import { deleted } from '../../kernel/component.js'
import { perCaller } from '../../kernel/limits.js'
import { pageQuery } from '../../kernel/page.js'
import { texts } from '../../kernel/schemas.js'
import type { OrganizationDomainAffiliationService } from './organization-domain-affiliation.service.js'
import type { OrganizationDomainService } from './organization-domains.service.js'
import { organizationDomain } from './organization-domains.wire.js'

const DAY = 24 * 60 * 60

const listQuery = z.object({ ...pageQuery, verified: z.boolean().nullish(), enrollment_mode: texts.optional() })
const createDomain = z.object({ name: z.string().max(1024), enrollment_mode: z.string().nullish() })
const updateMode = z.object({ enrollment_mode: z.string(), delete_pending: z.boolean().nullish() })
const prepareAffiliation = z.object({ affiliation_email_address: z.string() })
const attemptAffiliation = z.object({ code: z.string() })

interface Needs {
  organizationDomains: OrganizationDomainService
  organizationDomainAffiliation: OrganizationDomainAffiliationService
}

const endpoint = frontendEndpointFactory<Needs>()
const access = 'session'
const answer = organizationDomain
const read = ['org:sys_domains:read', 'org:sys_domains:manage'] as const
const permission = ['org:sys_domains:manage'] as const

export const organizationDomainFrontendEndpoints = [
  endpoint(
    'GET /organizations/:organization_id/domains',
    { operationId: 'ListOrganizationDomains', access, permission: read, query: listQuery, answer, list: 'page' },
    ({ params, query: { verified, enrollmentMode, ...page }, services }) =>
      services.organizationDomains.list(params.organizationId, {
        ...page,
        verified: verified ?? undefined,
        enrollmentMode: enrollmentMode?.filter((mode) => mode !== ''),
      }),
  ),

  endpoint(
    'POST /organizations/:organization_id/domains',
    { operationId: 'CreateOrganizationDomain', access, permission, body: createDomain, answer },
    ({ params, body, caller, services }) =>
      services.organizationDomainAffiliation.create(params.organizationId, body, caller),
  ),

  endpoint(
    'GET /organizations/:organization_id/domains/:domain_id',
    { operationId: 'GetOrganizationDomain', access, permission: read, answer },
    ({ params, services }) => services.organizationDomains.get(params.organizationId, params.domainId),
  ),

  endpoint(
    'DELETE /organizations/:organization_id/domains/:domain_id',
    { operationId: 'deleteOrganizationDomain', access, permission, answer: deleted('organization_domain') },
    ({ params: { organizationId, domainId }, caller, services }) =>
      services.organizationDomains.delete(organizationId, domainId, caller),
  ),

  endpoint(
    'POST /organizations/:organization_id/domains/:domain_id/update_enrollment_mode',
    { operationId: 'UpdateOrganizationDomainEnrollmentMode', access, permission, body: updateMode, answer },
    ({ params: { organizationId, domainId }, body, caller, services }) =>
      services.organizationDomainAffiliation.changeMode(organizationId, domainId, body, caller),
  ),

  endpoint(
    'POST /organizations/:organization_id/domains/:domain_id/prepare_affiliation_verification',
    {
      operationId: 'prepareOrganizationDomainVerification',
      access,
      permission,
      body: prepareAffiliation,
      answer,
      // Each code can be guessed at five times, and the person chooses where it is sent.
      limit: perCaller(20, DAY),
    },
    ({ params: { organizationId, domainId }, body, caller, services }) =>
      services.organizationDomainAffiliation.prepare(organizationId, domainId, body.affiliationEmailAddress, caller),
  ),

  endpoint(
    'POST /organizations/:organization_id/domains/:domain_id/attempt_affiliation_verification',
    { operationId: 'attemptOrganizationDomainVerification', access, permission, body: attemptAffiliation, answer },
    ({ params: { organizationId, domainId }, body, caller, services }) =>
      services.organizationDomainAffiliation.attempt(organizationId, domainId, body.code, caller),
  ),
]
