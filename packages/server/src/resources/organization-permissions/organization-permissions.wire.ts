import type { PermissionJSON } from '@latchkey/types'
import { z } from 'zod'
import { component, milliseconds, type Shape } from '../../kernel/component.js'
import { pageQuery } from '../../kernel/page.js'
import { toWire } from '../../kernel/wire.js'
import type { OrganizationPermissionRecord } from '../organization-role-records/organization-role-records.table.js'

const schema = component(
  'Permission',
  z.object({
    object: z.literal('permission'),
    id: z.string(),
    key: z.string(),
    name: z.string(),
    description: z.string(),
    type: z.string(),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<PermissionJSON>),
)

export const permission = {
  schema,
  toJSON: (record: OrganizationPermissionRecord): PermissionJSON => toWire(schema, record, { object: 'permission' }),
}

/** What the lists of permissions, roles and role sets take. */
export const keyedListQuery = z.object({
  ...pageQuery,
  query: z.string().max(256).optional(),
  order_by: z.string().optional(),
})

const fields = {
  name: z.string().min(1).max(256),
  key: z
    .string()
    .max(256)
    .regex(
      /^org:(?!sys_)[a-z0-9_]+:[a-z0-9_]+$/,
      'must be org:feature:action, of lower-case letters, digits and underscores, and not begin with org:sys_',
    ),
  description: z.string().max(1024),
}

export const createPermission = z.object({ ...fields, description: fields.description.nullish() })

export const updatePermission = z.object({
  name: fields.name.nullish(),
  key: fields.key.nullish(),
  description: fields.description.nullish(),
})
