import { z } from 'zod'

const texts = z.record(z.string(), z.string())

/** A webhook endpoint. */
export const webhookEndpoint = z.strictObject({
  url: z.string(),
  /** Knows it again at the next start, if the URL changes. */
  uid: z.string().optional(),
  description: z.string().optional(),
  disabled: z.boolean().optional(),
  event_types: z.array(z.string()).optional(),
  throttle_rate: z.int().min(1).optional(),
  ordering: z.enum(['default', 'strict', 'none']).optional(),
  headers: texts.optional(),
  /** `whsec_…`. By default it gets a new one. */
  secret: z.string().optional(),
})
