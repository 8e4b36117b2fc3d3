import type { CreateJWTTemplateJSON, JwtTemplateJSON, UpdateJWTTemplateJSON } from '@latchkey/types'
import { z } from 'zod'
import { anyObject, component, milliseconds, type Shape } from '../../kernel/component.js'
import { metadata } from '../../kernel/schemas.js'
import { toWire } from '../../kernel/wire.js'
import type { JwtTemplateRecord } from './jwt-templates.table.js'

const schema = component(
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

export const jwtTemplate = {
  schema,
  toJSON: (template: JwtTemplateRecord): JwtTemplateJSON => toWire(schema, template, { object: 'jwt_template' }),
}

/** What creating and updating take. */
export const jwtTemplateInput = z.object({
  name: z.string().min(1).max(256),
  claims: metadata,
  lifetime: z.int().min(30).max(315_360_000).nullish(),
  allowed_clock_skew: z.int().min(0).max(300).nullish(),
  custom_signing_key: z.boolean().optional(),
  signing_algorithm: z.string().nullish(),
  signing_key: z.string().max(16_384).nullish(),
} satisfies Shape<CreateJWTTemplateJSON> & Shape<UpdateJWTTemplateJSON>)
