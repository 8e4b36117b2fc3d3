import { z } from 'zod'
import { endpoint, type Endpoint } from '../../endpoint.js'
import { deletedObject } from '../../http/components.js'
import { paginatedQuery } from '../../http/pagination.js'
import { oauthAccessToken } from './external-accounts.schema.js'
import { toOauthAccessTokenJSON } from './external-accounts.serializer.js'

const listQuery = z.object(paginatedQuery)

export const externalAccountEndpoints: Endpoint[] = [
  endpoint(
    'DELETE /users/:user_id/external_accounts/:external_account_id',
    { operationId: 'DeleteExternalAccount', access: 'secret_key', response: deletedObject },
    async ({ params, services: { externalAccounts } }) => {
      await externalAccounts.delete(params.user_id, params.external_account_id)
      return { object: 'external_account', id: params.external_account_id, deleted: true }
    },
  ),

  endpoint(
    'GET /users/:user_id/oauth_access_tokens/:provider',
    {
      operationId: 'GetOAuthAccessToken',
      access: 'secret_key',
      response: oauthAccessToken,
      query: listQuery,
      list: 'paginated',
    },
    async ({ params, query, services: { providerTokens } }) => {
      const { data, totalCount } = await providerTokens.list(params.user_id, params.provider, query)
      return { data: data.map(toOauthAccessTokenJSON), totalCount }
    },
  ),
]
