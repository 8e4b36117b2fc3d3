import type { RoleSetItemJSON, RoleSetJSON, RoleSetMigrationJSON } from '@latchkey/types'
import { z } from 'zod'
import { anyObject, component, milliseconds, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import { MAX_ROLES_OF_SET } from '../organization-role-records/organization-role-records.rules.js'
import type { OrganizationRoleRecord } from '../organization-role-records/organization-role-records.table.js'
import type { ShownRoleSet } from './role-sets.rules.js'

const item = component(
  'RoleSetItem',
  z.object({
    object: z.literal('role_set_item'),
    id: z.string(),
    key: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    members_count: z.int().min(0).nullish(),
    has_members: z.boolean().nullish(),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<RoleSetItemJSON>),
)

const migration = component(
  'RoleSetMigration',
  z.object({
    object: z.literal('role_set_migration'),
    id: z.string(),
    organization_id: z.string().nullish(),
    instance_id: z.string(),
    source_role_set_id: z.string(),
    dest_role_set_id: z.string().nullish(),
    trigger_type: z.string(),
    status: z.string(),
    migrated_members: z.int(),
    mappings: anyObject.nullish(),
    started_at: milliseconds.nullish(),
    completed_at: milliseconds.nullish(),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<RoleSetMigrationJSON>),
)

const schema = component(
  'RoleSet',
  z.object({
    object: z.literal('role_set'),
    id: z.string(),
    key: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    roles: z.array(item),
    default_role: item.nullish(),
    creator_role: item.nullish(),
    type: z.enum(['initial', 'custom']),
    // Never sent: members move within the request that asks for it.
    role_set_migration: migration.nullish(),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<RoleSetJSON>),
)

export const roleSet = {
  schema,
  toJSON: (record: ShownRoleSet): RoleSetJSON => {
    const items = new Map(record.roles.map((role) => [role.id, toItemJSON(role, record.membersCounts)]))
    return toWire(schema, record, {
      object: 'role_set',
      roles: [...items.values()],
      default_role: items.get(record.defaultRoleId) ?? null,
      creator_role: items.get(record.creatorRoleId) ?? null,
      role_set_migration: undefined,
    })
  },
}

function toItemJSON(role: OrganizationRoleRecord, counts: ShownRoleSet['membersCounts']): RoleSetItemJSON {
  const count = counts && (counts.get(role.id) ?? 0)
  return toWire(item, role, {
    object: 'role_set_item',
    ...(count === undefined ? {} : { members_count: count, has_members: count > 0 }),
  })
}

const fields = {
  name: z.string().min(1).max(256),
  key: z
    .string()
    .max(256)
    .regex(/^role_set:[a-z0-9_]+$/, 'must be role_set: and lower-case letters, digits and underscores'),
  description: z.string().max(1024).nullish(),
}
const roleKeys = z.array(z.string()).min(1).max(MAX_ROLES_OF_SET)

export const createRoleSet = z.object({
  ...fields,
  key: fields.key.optional(),
  default_role_key: z.string(),
  creator_role_key: z.string(),
  type: z.enum(['initial', 'custom']).optional(),
  roles: roleKeys,
})

export const updateRoleSet = z.object({
  ...fields,
  name: fields.name.nullish(),
  key: fields.key.nullish(),
  type: z.literal('initial').nullish(),
  default_role_key: z.string().nullish(),
  creator_role_key: z.string().nullish(),
})

export const addRoles = z.object({
  role_keys: roleKeys,
  default_role_key: z.string().optional(),
  creator_role_key: z.string().optional(),
})

export const replaceRole = z.object({ role_key: z.string(), to_role_key: z.string() })

export const replaceRoleSet = z.object({
  dest_role_set_key: z.string(),
  reassignment_mappings: z.record(z.string(), z.string()).optional(),
})
