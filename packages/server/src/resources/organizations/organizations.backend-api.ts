import type { CreateOrganizationJSON, OrganizationMetadataJSON, UpdateOrganizationJSON } from '@latchkey/types'
import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import { deleted, type Shape } from '../../kernel/component.js'
import { perParam } from '../../kernel/limits.js'
import { pageQuery } from '../../kernel/page.js'
import { metadata, shortText, texts } from '../../kernel/schemas.js'
import type { OrganizationService } from './organizations.service.js'
import { organization, organizationWithLogo } from './organizations.wire.js'

const extrasQuery = {
  include_members_count: z.boolean().optional(),
  include_missing_member_with_elevated_permissions: z.boolean().optional(),
}

const listQuery = z.object({
  ...extrasQuery,
  query: z.string().max(256).optional(),
  user_id: texts.optional(),
  organization_id: texts.optional(),
  order_by: z.string().optional(),
  ...pageQuery,
})

const writable = {
  slug: shortText.nullish(),
  max_allowed_memberships: z.int().min(0).max(2_147_483_647).nullish(),
  role_set_key: shortText.nullish(),
  public_metadata: metadata.nullish(),
  private_metadata: metadata.nullish(),
  created_at: z.string().nullish(),
}

const createOrganization = z.object({
  name: shortText,
  created_by: z.string().nullish(),
  ...writable,
} satisfies Shape<CreateOrganizationJSON>)

const updateOrganization = z.object({
  name: shortText.nullish(),
  admin_delete_enabled: z.boolean().nullish(),
  ...writable,
} satisfies Shape<UpdateOrganizationJSON>)

const organizationMetadata = z.object({
  public_metadata: metadata.optional(),
  private_metadata: metadata.optional(),
} satisfies Shape<OrganizationMetadataJSON>)

const endpoint = endpointFactory<{ organizations: OrganizationService }>()
const access = 'secret_key'
/** Changes of one organization's data and metadata, by any of the three ways. */
const limit = perParam('organization_id', 'organization changes', 10, 10)

export const organizationEndpoints = [
  endpoint(
    'GET /organizations',
    { operationId: 'ListOrganizations', access, query: listQuery, answer: organization, list: 'page' },
    ({ query, services }) => services.organizations.list(query),
  ),

  endpoint(
    'POST /organizations',
    { operationId: 'CreateOrganization', access, body: createOrganization, answer: organization },
    ({ body, caller, services }) => services.organizations.create(body, caller),
  ),

  endpoint(
    'GET /organizations/:organization_id',
    { operationId: 'GetOrganization', access, query: z.object(extrasQuery), answer: organization },
    ({ params, query, services }) => services.organizations.get(params.organizationId, query),
  ),

  endpoint(
    'PATCH /organizations/:organization_id',
    {
      operationId: 'UpdateOrganization',
      access,
      body: updateOrganization,
      answer: organization,
      limit,
      removed: { since: '2026-05-12', params: ['public_metadata', 'private_metadata'] },
    },
    ({ params, body, caller, services }) => services.organizations.update(params.organizationId, body, caller),
  ),

  endpoint(
    'DELETE /organizations/:organization_id',
    { operationId: 'DeleteOrganization', access, answer: deleted('organization') },
    ({ params, caller, services }) => services.organizations.delete(params.organizationId, caller),
  ),

  endpoint(
    'PATCH /organizations/:organization_id/metadata',
    { operationId: 'MergeOrganizationMetadata', access, body: organizationMetadata, answer: organization, limit },
    ({ params, body, caller, services }) => services.organizations.mergeMetadata(params.organizationId, body, caller),
  ),

  endpoint(
    'PUT /organizations/:organization_id/metadata',
    { operationId: 'ReplaceOrganizationMetadata', access, body: organizationMetadata, answer: organization, limit },
    ({ params, body, caller, services }) => services.organizations.replaceMetadata(params.organizationId, body, caller),
  ),

  endpoint(
    'PUT /organizations/:organization_id/logo',
    { operationId: 'UploadOrganizationLogo', access, file: true, answer: organizationWithLogo },
    ({ params, file, caller, services }) => services.organizations.setLogo(params.organizationId, file, caller),
  ),

  endpoint(
    'DELETE /organizations/:organization_id/logo',
    { operationId: 'DeleteOrganizationLogo', access, answer: organization },
    ({ params, caller, services }) => services.organizations.deleteLogo(params.organizationId, caller),
  ),
]
