import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import type { SignInTokenService } from './sign-in-tokens.service.js'
import { signInToken } from './sign-in-tokens.wire.js'

const endpoint = endpointFactory<{ signInTokens: SignInTokenService }>()
const access = 'secret_key'

export const signInTokenEndpoints = [
  endpoint(
    'POST /sign_in_tokens',
    {
      operationId: 'CreateSignInToken',
      access,
      body: z.object({
        user_id: z.string(),
        org_id: z.string().nullish(),
        expires_in_seconds: z.int().min(1).max(315_360_000).nullish(),
      }),
      answer: signInToken,
    },
    ({ body, caller, services }) => services.signInTokens.create(body, caller),
  ),

  endpoint(
    'POST /sign_in_tokens/:sign_in_token_id/revoke',
    { operationId: 'RevokeSignInToken', access, answer: signInToken },
    ({ params, caller, services }) => services.signInTokens.revoke(params.signInTokenId, caller),
  ),
]
