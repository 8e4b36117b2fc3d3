import type { TestingTokenJSON } from '@latchkey/types'
import { z } from 'zod'
import { component, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'

const schema = component(
  'TestingToken',
  z.object({
    object: z.literal('testing_token'),
    token: z.string(),
    // Seconds, unlike every other time of the Backend API.
    expires_at: z.int(),
  } satisfies Shape<TestingTokenJSON>),
)

export const testingToken = {
  schema,
  toJSON: (token: { token: string; expiresAt: number }) => toWire(schema, token, { object: 'testing_token' }),
}
