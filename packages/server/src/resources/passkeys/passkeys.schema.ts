import type { PasskeyJSON } from '@latchkey/types'
import { z } from 'zod'
import { component, milliseconds } from '../../http/components.js'
import type { Shape } from '../../http/validation.js'
import { verification } from '../verifications/verification.schema.js'

export const passkey = component(
  'Passkey',
  z.object({
    object: z.literal('passkey'),
    id: z.string(),
    name: z.string(),
    last_used_at: milliseconds,
    verification: verification.nullable(),
  } satisfies Shape<PasskeyJSON>),
)
