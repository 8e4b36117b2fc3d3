import { z } from 'zod'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import { deleted } from '../../kernel/component.js'
import { perParam } from '../../kernel/limits.js'
import { shortText } from '../../kernel/schemas.js'
import { frontendOrganization } from './frontend-organizations.wire.js'
import type { MemberOrganizationService } from './member-organizations.service.js'

const createOrganization = z.object({ name: shortText, slug: shortText.nullish() })
const updateOrganization = z.object({ name: shortText.nullish(), slug: shortText.nullish() })

const endpoint = frontendEndpointFactory<{ memberOrganizations: MemberOrganizationService }>()
const access = 'session'
const answer = frontendOrganization
const limit = perParam('organization_id', 'organization changes', 10, 10)

export const organizationFrontendEndpoints = [
  endpoint(
    'POST /organizations',
    { operationId: 'createOrganization', access, body: createOrganization, answer },
    ({ body, caller, services }) => services.memberOrganizations.create(body, caller),
  ),

  endpoint(
    'GET /organizations/:organization_id',
    { operationId: 'getOrganization', access, permission: 'member', answer },
    ({ params, services }) => services.memberOrganizations.get(params.organizationId),
  ),

  endpoint(
    'PATCH /organizations/:organization_id',
    {
      operationId: 'updateOrganization',
      access,
      permission: ['org:sys_profile:manage'],
      body: updateOrganization,
      answer,
      limit,
    },
    ({ params, body, caller, services }) => services.memberOrganizations.update(params.organizationId, body, caller),
  ),

  endpoint(
    'DELETE /organizations/:organization_id',
    {
      operationId: 'deleteOrganization',
      access,
      permission: ['org:sys_profile:delete'],
      answer: deleted('organization'),
    },
    ({ params, caller, services }) => services.memberOrganizations.delete(params.organizationId, caller),
  ),

  endpoint(
    'PUT /organizations/:organization_id/logo',
    { operationId: 'updateOrganizationLogo', access, permission: ['org:sys_profile:manage'], file: true, answer },
    ({ params, file, caller, services }) => services.memberOrganizations.setLogo(params.organizationId, file, caller),
  ),

  // Clients read an organization here, as after PUT; the contract has the answer of a deletion.
  endpoint(
    'DELETE /organizations/:organization_id/logo',
    { operationId: 'deleteOrganizationLogo', access, permission: ['org:sys_profile:manage'], answer },
    ({ params, caller, services }) => services.memberOrganizations.deleteLogo(params.organizationId, caller),
  ),
]
