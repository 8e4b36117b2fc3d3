import type { IdentificationLinkJSON, VerificationJSON } from '@latchkey/types'
import { z } from 'zod'
import { clerkError, component, milliseconds } from '../../http/components.js'
import type { Shape } from '../../http/validation.js'

export const verification = component(
  'Verification',
  z.object({
    object: z.string().optional(),
    id: z.string().optional(),
    status: z.enum(['unverified', 'verified', 'transferable', 'failed', 'expired']),
    strategy: z.string(),
    attempts: z.int().min(0).nullable(),
    expire_at: milliseconds.nullable(),
    channel: z.string().nullish(),
    verified_at_client: z.string().nullish(),
    external_verification_redirect_url: z.string().nullish(),
    error: clerkError.nullish(),
    nonce: z.string().nullish(),
    message: z.string().nullish(),
  } satisfies Shape<VerificationJSON>),
)

export const identificationLink = component(
  'IdentificationLink',
  z.object({ type: z.string(), id: z.string() } satisfies Shape<IdentificationLinkJSON>),
)
