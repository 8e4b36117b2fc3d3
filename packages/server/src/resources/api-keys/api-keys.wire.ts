import type { APIKeyJSON, APIKeySecretJSON } from '@latchkey/types'
import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { anyObject, component, milliseconds, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import type { APIKey } from './api-keys.rules.js'

const schema = component(
  'APIKey',
  z.object({
    object: z.literal('api_key'),
    id: z.string(),
    type: z.string(),
    subject: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    claims: anyObject.nullable(),
    scopes: z.array(z.string()),
    secret: z.string().optional(),
    revoked: z.boolean(),
    revocation_reason: z.string().nullable(),
    expired: z.boolean(),
    expiration: milliseconds.nullable(),
    created_by: z.string().nullable(),
    last_used_at: milliseconds.nullable(),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<APIKeyJSON>),
)

export const apiKey = {
  schema,
  toJSON: (key: APIKey, { clock }: Pick<WireContext, 'clock'>): APIKeyJSON =>
    toWire(schema, key, {
      object: 'api_key',
      secret: key.secret,
      revoked: key.revokedAt !== null,
      expired: key.expiresAt !== null && key.expiresAt <= clock.now(),
      expiration: key.expiresAt,
    }),
}

export const apiKeySecret = {
  schema: component('APIKeySecret', z.object({ secret: z.string() } satisfies Shape<APIKeySecretJSON>)),
  toJSON: (secret: string): APIKeySecretJSON => ({ secret }),
}
