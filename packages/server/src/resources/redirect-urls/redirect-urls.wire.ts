import type { RedirectUrlJSON } from '@latchkey/types'
import { z } from 'zod'
import { component, milliseconds, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import type { RedirectUrlRecord } from './redirect-urls.table.js'

const schema = component(
  'RedirectURL',
  z.object({
    object: z.literal('redirect_url'),
    id: z.string(),
    url: z.string(),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<RedirectUrlJSON>),
)

export const redirectUrl = {
  schema,
  toJSON: (record: RedirectUrlRecord): RedirectUrlJSON => toWire(schema, record, { object: 'redirect_url' }),
}
