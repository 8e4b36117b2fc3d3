import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import { deleted } from '../../kernel/component.js'
import { paginatedQuery } from '../../kernel/page.js'
import type { AllowlistIdentifierService } from './allowlist-identifiers.service.js'
import { allowlistIdentifier } from './allowlist-identifiers.wire.js'

const endpoint = endpointFactory<{ allowlistIdentifiers: AllowlistIdentifierService }>()
const access = 'secret_key'

export const allowlistIdentifierEndpoints = [
  endpoint(
    'GET /allowlist_identifiers',
    {
      operationId: 'ListAllowlistIdentifiers',
      access,
      query: z.object(paginatedQuery),
      answer: allowlistIdentifier,
      list: 'paginated',
    },
    ({ query, services }) => services.allowlistIdentifiers.list(query),
  ),

  endpoint(
    'POST /allowlist_identifiers',
    {
      operationId: 'CreateAllowlistIdentifier',
      access,
      body: z.object({ identifier: z.string(), notify: z.boolean().default(false) }),
      answer: allowlistIdentifier,
    },
    ({ body, caller, services }) => services.allowlistIdentifiers.create(body, caller),
  ),

  endpoint(
    'DELETE /allowlist_identifiers/:identifier_id',
    { operationId: 'DeleteAllowlistIdentifier', access, answer: deleted('allowlist_identifier') },
    ({ params, caller, services }) => services.allowlistIdentifiers.delete(params.identifierId, caller),
  ),
]
