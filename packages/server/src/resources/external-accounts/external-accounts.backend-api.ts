import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import { deleted } from '../../kernel/component.js'
import { paginatedQuery } from '../../kernel/page.js'
import type { ExternalAccountService } from './external-accounts.service.js'
import { oauthAccessToken } from './external-accounts.wire.js'
import type { ProviderTokenService } from './provider-tokens.service.js'

const endpoint = endpointFactory<{ externalAccounts: ExternalAccountService; providerTokens: ProviderTokenService }>()
const access = 'secret_key'

export const externalAccountEndpoints = [
  endpoint(
    'DELETE /users/:user_id/external_accounts/:external_account_id',
    { operationId: 'DeleteExternalAccount', access, answer: deleted('external_account') },
    ({ params, caller, services }) => services.externalAccounts.delete(params.userId, params.externalAccountId, caller),
  ),

  endpoint(
    'GET /users/:user_id/oauth_access_tokens/:provider',
    {
      operationId: 'GetOAuthAccessToken',
      access,
      query: z.object(paginatedQuery),
      answer: oauthAccessToken,
      list: 'paginated',
    },
    ({ params, query, services }) => services.providerTokens.list(params.userId, params.provider, query),
  ),
]
