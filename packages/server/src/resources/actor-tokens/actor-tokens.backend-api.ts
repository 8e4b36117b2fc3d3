import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import { anyObject } from '../../kernel/component.js'
import type { ActorTokenService } from './actor-tokens.service.js'
import { actorToken } from './actor-tokens.wire.js'

const endpoint = endpointFactory<{ actorTokens: ActorTokenService }>()
const access = 'secret_key'

export const actorTokenEndpoints = [
  endpoint(
    'POST /actor_tokens',
    {
      operationId: 'CreateActorToken',
      access,
      body: z.object({
        user_id: z.string(),
        actor: anyObject,
        expires_in_seconds: z.int().min(1).max(315_360_000).optional(),
        session_max_duration_in_seconds: z.int().min(1).max(315_360_000).optional(),
      }),
      answer: actorToken,
    },
    ({ body, caller, services }) => services.actorTokens.create(body, caller),
  ),

  endpoint(
    'POST /actor_tokens/:actor_token_id/revoke',
    { operationId: 'RevokeActorToken', access, answer: actorToken },
    ({ params, caller, services }) => services.actorTokens.revoke(params.actorTokenId, caller),
  ),
]
