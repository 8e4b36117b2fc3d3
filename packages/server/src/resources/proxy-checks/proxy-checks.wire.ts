import type { ProxyCheckJSON } from '@latchkey/types'
import { z } from 'zod'
import { component, milliseconds, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import type { ProxyCheckRecord } from './proxy-checks.table.js'

const schema = component(
  'ProxyCheck',
  z.object({
    object: z.literal('proxy_check'),
    id: z.string(),
    domain_id: z.string(),
    last_run_at: milliseconds.nullable(),
    proxy_url: z.string(),
    successful: z.boolean(),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<ProxyCheckJSON>),
)

export const proxyCheck = {
  schema,
  toJSON: (record: ProxyCheckRecord): ProxyCheckJSON => toWire(schema, record, { object: 'proxy_check' }),
}
