import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import { deleted } from '../../kernel/component.js'
import { pageQuery } from '../../kernel/page.js'
import type { BlocklistIdentifierService } from './blocklist-identifiers.service.js'
import { blocklistIdentifier } from './blocklist-identifiers.wire.js'

const endpoint = endpointFactory<{ blocklistIdentifiers: BlocklistIdentifierService }>()
const access = 'secret_key'

export const blocklistIdentifierEndpoints = [
  endpoint(
    'GET /blocklist_identifiers',
    {
      operationId: 'ListBlocklistIdentifiers',
      access,
      // The API describes no paging; who asks for none gets the whole list.
      query: z.object({ ...pageQuery, limit: pageQuery.limit.unwrap().optional() }),
      answer: blocklistIdentifier,
      list: 'page',
    },
    ({ query, services }) => services.blocklistIdentifiers.list(query),
  ),

  endpoint(
    'POST /blocklist_identifiers',
    {
      operationId: 'CreateBlocklistIdentifier',
      access,
      body: z.object({ identifier: z.string() }),
      answer: blocklistIdentifier,
    },
    ({ body, caller, services }) => services.blocklistIdentifiers.create(body, caller),
  ),

  endpoint(
    'DELETE /blocklist_identifiers/:identifier_id',
    { operationId: 'DeleteBlocklistIdentifier', access, answer: deleted('blocklist_identifier') },
    ({ params, caller, services }) => services.blocklistIdentifiers.delete(params.identifierId, caller),
  ),
]
