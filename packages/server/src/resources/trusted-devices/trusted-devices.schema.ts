import type { TrustedDeviceJSON } from '@latchkey/types'
import { z } from 'zod'
import { component, milliseconds } from '../../http/components.js'
import type { Shape } from '../../http/validation.js'

export const trustedDevice = component(
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
