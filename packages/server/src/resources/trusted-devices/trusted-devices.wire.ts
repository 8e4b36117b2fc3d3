import type { TrustedDeviceJSON } from '@latchkey/types'
import { z } from 'zod'
import { component, milliseconds, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import type { TrustedDeviceRecord } from './trusted-devices.table.js'

const schema = component(
  'TrustedDevice',
  z.object({
    object: z.literal('trusted_device'),
    id: z.string(),
    platform: z.enum(['ios', 'android']),
    app_identifier: z.string(),
    name: z.string().nullish(),
    algorithm: z.literal('ES256'),
    status: z.enum(['active', 'revoked']),
    created_at: milliseconds,
    updated_at: milliseconds,
    last_used_at: milliseconds.nullish(),
    revoked_at: milliseconds.nullish(),
  } satisfies Shape<TrustedDeviceJSON>),
)

export const trustedDevice = {
  schema,
  toJSON: (device: TrustedDeviceRecord): TrustedDeviceJSON => toWire(schema, device, { object: 'trusted_device' }),
}
