import type { JwksJSON, JwksKeyJSON } from '@latchkey/types'
import { z } from 'zod'
import { component, type Shape } from '../../kernel/component.js'

const jwksKey = component(
  'JWKSKey',
  z.object({
    use: z.string(),
    kty: z.literal('RSA'),
    kid: z.string(),
    alg: z.string(),
    n: z.string(),
    e: z.string(),
    x5c: z.array(z.string()).optional(),
    x5t: z.string().optional(),
    'x5t#S256': z.string().optional(),
    x5u: z.string().optional(),
  } satisfies Shape<JwksKeyJSON>),
)

export const jwks = {
  schema: component('JWKS', z.object({ keys: z.array(jwksKey) } satisfies Shape<JwksJSON>)),
  toJSON: (keys: Record<string, string>[]) => ({ keys }),
}
