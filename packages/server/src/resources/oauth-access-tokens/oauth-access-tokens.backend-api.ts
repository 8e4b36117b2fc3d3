import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import type { OAuthAccessTokenService } from './oauth-access-tokens.service.js'
import { requestedToken } from './oauth-access-tokens.rules.js'
import { verifiedAccessToken } from './oauth-access-tokens.wire.js'

const endpoint = endpointFactory<{ oauthAccessTokens: OAuthAccessTokenService }>()
const access = 'secret_key'

export const oauthAccessTokenEndpoints = [
  endpoint(
    'POST /oauth_applications/access_tokens/verify',
    {
      operationId: 'verifyOAuthAccessToken',
      access,
      faults: 'bad_request',
      body: z.object({ access_token: z.string().optional(), secret: z.string().optional() }),
      answer: verifiedAccessToken,
    },
    ({ body, services }) => services.oauthAccessTokens.verify(requestedToken(body)),
  ),

  endpoint(
    'POST /oauth_applications/:oauth_application_id/revoke_token',
    {
      operationId: 'RevokeOAuthApplicationToken',
      access,
      body: z.object({ token: z.string().min(1) }),
      status: 204,
    },
    ({ params, body, caller, services }) =>
      services.oauthAccessTokens.revoke(params.oauthApplicationId, body.token, caller),
  ),
]
