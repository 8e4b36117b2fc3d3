import type { ClerkAPIErrorJSON, DeletedObjectJSON, ErrorResponseJSON, TotalCountJSON } from '@latchkey/types'
import { z } from 'zod'
import type { Shape } from './validation.js'

/** The shapes of answers that the OpenAPI description has by name. */
export const components = z.registry<{ id: string }>()

/**
 * Names the shape of an answer. Write `component('User', z.object({…} satisfies Shape<UserJSON>))`: wherever the schema
 * stands, the description refers to the name.
 */
export function component<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  components.add(schema, { id })
  return schema
}

/** Unix milliseconds. */
export const milliseconds = z.int().min(0)

/** Any JSON under any key. */
export const anyObject = z.record(z.string(), z.unknown())

export const deletedObject = component(
  'DeletedObject',
  z.object({
    object: z.string(),
    id: z.string(),
    slug: z.string().optional(),
    external_id: z.string().optional(),
    deleted: z.literal(true),
  } satisfies Shape<DeletedObjectJSON>),
)

export const totalCount = component(
  'TotalCount',
  z.object({ object: z.literal('total_count'), total_count: z.int().min(0) } satisfies Shape<TotalCountJSON>),
)

export const clerkError = component(
  'ClerkError',
  z.object({
    code: z.string(),
    message: z.string(),
    long_message: z.string(),
    meta: anyObject.optional(),
  } satisfies Shape<ClerkAPIErrorJSON>),
)

/** What every answer from 400 on looks like. */
export const clerkErrors = component(
  'ClerkErrors',
  z.object({
    errors: z.array(clerkError).min(1),
    meta: anyObject.optional(),
    clerk_trace_id: z.string(),
  } satisfies Shape<ErrorResponseJSON>),
)
