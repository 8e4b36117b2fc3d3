import type { M2MTokenJSON, M2MTokenListJSON } from '@latchkey/types'
import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { anyObject, component, milliseconds, type Shape } from '../../kernel/component.js'
import type { Page } from '../../kernel/page.js'
import { toWire } from '../../kernel/wire.js'
import type { M2MToken } from './m2m-tokens.rules.js'

const schema = component(
  'M2MToken',
  z.object({
    object: z.literal('machine_to_machine_token'),
    id: z.string(),
    subject: z.string(),
    claims: anyObject.nullable(),
    scopes: z.array(z.string()),
    token: z.string().optional(),
    revoked: z.boolean(),
    revocation_reason: z.string().nullable(),
    expired: z.boolean(),
    expiration: milliseconds.nullable(),
    last_used_at: milliseconds.nullable(),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<M2MTokenJSON>),
)

export const m2mToken = {
  schema,
  toJSON: (token: M2MToken, { clock }: Pick<WireContext, 'clock'>): M2MTokenJSON =>
    toWire(schema, token, {
      object: 'machine_to_machine_token',
      subject: token.machineId,
      token: token.token,
      revoked: token.revokedAt !== null,
      expired: token.expiresAt <= clock.now(),
      expiration: token.expiresAt,
    }),
}

const listSchema = component(
  'M2MTokenList',
  z.object({ m2m_tokens: z.array(schema), total_count: z.int().min(0) } satisfies Shape<M2MTokenListJSON>),
)

export const m2mTokenList = {
  schema: listSchema,
  toJSON: ({ data, totalCount }: Page<M2MToken>, context: Pick<WireContext, 'clock'>): M2MTokenListJSON => ({
    m2m_tokens: data.map((token) => m2mToken.toJSON(token, context)),
    total_count: totalCount,
  }),
}
