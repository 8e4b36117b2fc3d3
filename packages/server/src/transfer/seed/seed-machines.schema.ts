import { z } from 'zod'

const id = z.string().min(1).max(256)

/** Known again by its id or its name. */
export const machine = z.strictObject({
  id: id.optional(),
  name: z.string().min(1).max(255),
  default_token_ttl: z.int().min(1).max(315_360_000).optional(),
  /** Default is a new one. */
  secret_key: z.string().optional(),
  /** Ids or names of the machines it may call, in any order. */
  scoped_machines: z.array(z.string()).max(150).optional(),
})

/** Known again by its id, or its name and subject. */
export const apiKey = z.strictObject({
  id: z
    .string()
    .regex(/^ak_\w+$/, 'must begin with ak_')
    .optional(),
  type: z.string().min(3).max(25).default('api_key'),
  name: z
    .string()
    .min(3)
    .max(255)
    .regex(/^\S(.*\S)?$/, 'must not begin or end with a space'),
  description: z.string().max(255).optional(),
  /** Id of a user, an organization or a machine. */
  subject: id,
  created_by: id.optional(),
  scopes: z.array(z.string()).optional(),
  claims: z.record(z.string(), z.unknown()).optional(),
  /** From the start at which the key is made. */
  seconds_until_expiration: z.number().positive().max(315_360_000).optional(),
  /** Default is a new one. */
  secret: z.string().optional(),
  status: z.enum(['valid', 'revoked']).default('valid'),
})
