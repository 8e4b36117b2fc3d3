import type { JwtTemplateJSON } from '@latchkey/types'
import { z } from 'zod'
import { anyObject, component, milliseconds } from '../../http/components.js'
import type { Shape } from '../../http/validation.js'

export const jwtTemplate = component(
  'JWTTemplate',
  z.object({
    object: z.literal('jwt_template'),
    id: z.string(),
    name: z.string(),
    claims: anyObject,
    lifetime: z.int().min(30),
    allowed_clock_skew: z.int().min(0),
    custom_signing_key: z.boolean(),
    signing_algorithm: z.string(),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<JwtTemplateJSON>),
)
