import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import { anyObject, deleted } from '../../kernel/component.js'
import { idOf, lifetime, parseId, revocation, tokenPage } from '../../kernel/token-service.js'
import type { APIKeyService } from './api-keys.service.js'
import { apiKey, apiKeySecret } from './api-keys.wire.js'

const endpoint = endpointFactory<{ apiKeys: APIKeyService }>()
const access = 'secret_key'
const faults = 'bad_request'

/** Users, organizations and machines; `scim_` is known and belongs to nobody here. */
const subject = idOf('user', 'org', 'mch', 'scim')

const changes = {
  description: z.string().max(255).nullish(),
  scopes: z.array(z.string().max(256)).max(500).optional(),
  claims: anyObject.nullish(),
  seconds_until_expiration: lifetime,
}

export const apiKeyEndpoints = [
  endpoint(
    'GET /api_keys',
    {
      operationId: 'getApiKeys',
      access,
      faults,
      query: z.object({
        ...tokenPage,
        subject,
        type: z.string().min(3).default('api_key'),
        include_invalid: z.enum(['true', 'false']).default('false'),
        query: z.string().optional(),
      }),
      answer: apiKey,
      list: 'page',
    },
    ({ query: { limit, offset, includeInvalid, ...filter }, services }) =>
      services.apiKeys.list({ ...filter, includeInvalid: includeInvalid === 'true' }, { limit, offset: offset ?? 0 }),
  ),

  endpoint(
    'POST /api_keys',
    {
      operationId: 'createApiKey',
      access,
      faults,
      body: z.object({
        ...changes,
        type: z.string().min(3).max(25).default('api_key'),
        name: z
          .string()
          .min(3)
          .max(255)
          .regex(/^\S(.*\S)?$/, 'must not begin or end with a space'),
        subject,
        created_by: idOf('user').nullish(),
      }),
      answer: apiKey,
    },
    ({ body, caller, services }) => services.apiKeys.create(body, caller),
  ),

  endpoint(
    'POST /api_keys/verify',
    { operationId: 'verifyApiKey', access, faults, body: z.object({ secret: z.string() }), answer: apiKey },
    ({ body, caller, services }) => services.apiKeys.verify(body.secret, caller),
  ),

  endpoint(
    'GET /api_keys/:apiKeyID',
    { operationId: 'getApiKey', access, faults, answer: apiKey },
    ({ params, services }) => services.apiKeys.get(keyId(params.apiKeyID)),
  ),

  endpoint(
    'PATCH /api_keys/:apiKeyID',
    {
      operationId: 'updateApiKey',
      access,
      faults,
      body: z.object({ ...changes, subject: subject.optional() }),
      answer: apiKey,
    },
    ({ params, body, caller, services }) => services.apiKeys.update(keyId(params.apiKeyID), body, caller),
  ),

  endpoint(
    'DELETE /api_keys/:apiKeyID',
    { operationId: 'deleteApiKey', access, faults, answer: deleted('api_key') },
    ({ params, caller, services }) => services.apiKeys.delete(keyId(params.apiKeyID), caller),
  ),

  endpoint(
    'GET /api_keys/:apiKeyID/secret',
    { operationId: 'getApiKeySecret', access, faults, answer: apiKeySecret },
    ({ params, services }) => services.apiKeys.getSecret(keyId(params.apiKeyID)),
  ),

  endpoint(
    'POST /api_keys/:apiKeyID/revoke',
    { operationId: 'revokeApiKey', access, faults, body: revocation, answer: apiKey },
    ({ params, body, caller, services }) =>
      services.apiKeys.revoke(keyId(params.apiKeyID), body.revocationReason ?? null, caller),
  ),
]

/** `api_key_…` is an older form of `ak_…`. @throws {ApiError} 400 `bad_request` for anything else */
function keyId(id: string): string {
  return parseId('apiKeyID', id, 'ak', 'api_key').replace(/^api_key_/, 'ak_')
}
