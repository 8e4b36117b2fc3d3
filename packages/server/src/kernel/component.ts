import type { ClerkAPIErrorJSON, DeletedObjectJSON, ErrorResponseJSON, TotalCountJSON } from '@latchkey/types'
import { z } from 'zod'
import type { Answer, Deleted } from './wire.js'

/**
 * Ties a schema to its wire type: every field must be there and no other. Write
 * `z.object({…} satisfies Shape<CreateUserJSON>)`; a schema that forgets a field does not compile.
 */
export type Shape<T> = { [K in keyof Required<T>]: z.ZodType<T[K]> }

/** The shapes of answers that the OpenAPI description lists by name. */
export const components = z.registry<{ id: string }>()

const names = new Set<string>()

/**
 * Names the shape of an answer. Write `component('User', z.object({…} satisfies Shape<UserJSON>))`: wherever the schema
 * stands, the description refers to the name.
 *
 * @throws {Error} if another has the name
 */
export function component<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  if (names.has(id))
    throw new Error(`Two answers are named ${id}: the description would show one in place of the other`)
  names.add(id)
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

/** The answer of a deletion. */
export function deleted(object: string): Answer<Deleted> {
  return {
    schema: deletedObject,
    toJSON: (record) => toDeletedJSON(object, record),
  }
}

/** Also the `data` of the event that reports the deletion. */
export function toDeletedJSON(object: string, { id, slug, externalId }: Deleted): DeletedObjectJSON {
  return {
    object,
    id,
    deleted: true,
    ...(slug == null ? {} : { slug }),
    ...(externalId == null ? {} : { external_id: externalId }),
  }
}

export const totalCount = {
  schema: component(
    'TotalCount',
    z.object({ object: z.literal('total_count'), total_count: z.int().min(0) } satisfies Shape<TotalCountJSON>),
  ),
  toJSON: (count: number): TotalCountJSON => ({ object: 'total_count', total_count: count }),
}

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
