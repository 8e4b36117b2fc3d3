import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import { anyObject } from '../../kernel/component.js'
import { idOf, lifetime, parseId, revocation, tokenPage } from '../../kernel/token-service.js'
import type { M2MTokenService } from './m2m-tokens.service.js'
import { m2mToken, m2mTokenList } from './m2m-tokens.wire.js'

const endpoint = endpointFactory<{ m2mTokens: M2MTokenService }>()
// In this order: a key that cannot be a machine's costs no look-up.
const access = ['machine', 'secret_key'] as const
const faults = 'bad_request'

export const m2mTokenEndpoints = [
  endpoint(
    'GET /m2m_tokens',
    {
      operationId: 'getM2MTokens',
      access,
      faults,
      query: z.object({
        ...tokenPage,
        subject: idOf('mch'),
        revoked: z.boolean().nullish(),
        expired: z.boolean().nullish(),
      }),
      answer: m2mTokenList,
    },
    ({ query: { revoked, expired, ...query }, caller, services }) =>
      services.m2mTokens.list(
        { ...query, offset: query.offset ?? 0, revoked: revoked ?? false, expired: expired ?? false },
        caller,
      ),
  ),

  endpoint(
    'POST /m2m_tokens',
    {
      operationId: 'createM2MToken',
      access,
      faults,
      status: 201,
      body: z.object({
        token_format: z.enum(['opaque', 'jwt']).optional(),
        seconds_until_expiration: lifetime,
        claims: anyObject.nullish(),
        min_remaining_ttl_seconds: z.int().min(0).optional(),
      }),
      answer: m2mToken,
    },
    ({ body, caller, services }) => services.m2mTokens.create(body, caller),
  ),

  endpoint(
    'POST /m2m_tokens/verify',
    { operationId: 'verifyM2MToken', access, faults, body: z.object({ token: z.string() }), answer: m2mToken },
    ({ body, caller, services }) => services.m2mTokens.verify(body.token, caller),
  ),

  endpoint(
    'POST /m2m_tokens/:m2m_token_id/revoke',
    { operationId: 'revokeM2MToken', access, faults, body: revocation, answer: m2mToken },
    ({ params, body, caller, services }) =>
      services.m2mTokens.revoke(
        parseId('m2m_token_id', params.m2mTokenId, 'mt'),
        body.revocationReason ?? null,
        caller,
      ),
  ),
]
