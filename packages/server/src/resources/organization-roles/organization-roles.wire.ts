import type { RoleJSON } from '@latchkey/types'
import { z } from 'zod'
import { component, milliseconds, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import { permission } from '../organization-permissions/organization-permissions.wire.js'
import {
  hasMinimumPermissions,
  type OrganizationRole,
} from '../organization-role-records/organization-role-records.rules.js'

const schema = component(
  'Role',
  z.object({
    object: z.literal('role'),
    id: z.string(),
    key: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    is_creator_eligible: z.boolean(),
    permissions: z.array(permission.schema),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<RoleJSON>),
)

export const role = {
  schema,
  toJSON: (record: OrganizationRole): RoleJSON =>
    toWire(schema, record, {
      object: 'role',
      is_creator_eligible: hasMinimumPermissions(record.permissions),
      permissions: record.permissions.map(permission.toJSON),
    }),
}

const fields = {
  name: z.string().min(1).max(256),
  key: z
    .string()
    .max(256)
    .regex(/^org:[a-z0-9_]+$/, 'must be org: and lower-case letters, digits and underscores'),
  description: z.string().max(1024).nullish(),
  /** Ids. */
  permissions: z.array(z.string()).max(1000).nullish(),
}

export const createRole = z.object({ ...fields, include_in_initial_role_set: z.boolean().nullish() })

export const updateRole = z.object({ ...fields, name: fields.name.nullish(), key: fields.key.nullish() })
