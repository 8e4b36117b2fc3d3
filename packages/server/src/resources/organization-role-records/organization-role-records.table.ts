import { nullable, reference, table, text, word } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

const lists = (name: string) =>
  ({
    [`${name}_key`]: { on: ['instanceId', 'key'], unique: true },
    [`${name}_by_created_at`]: { on: ['instanceId', 'createdAt', 'id'] },
    [`${name}_by_name`]: { on: ['instanceId', 'name', 'id'] },
  }) as const

export const organizationPermissions = table(
  'organization_permissions',
  { noun: 'organization permission', prefix: 'perm' },
  {
    /** Such as `org:invoices:create`. */
    key: text,
    name: text,
    description: text,
    /** `system` permissions come with the instance and never change; `user` ones are made by it. */
    type: word<'system' | 'user'>(),
    /** Name and key, folded: what a list's `query` searches. */
    search: text,
  },
  lists('organization_permissions'),
)

export const organizationRoles = table(
  'organization_roles',
  { noun: 'organization role', prefix: 'role' },
  {
    /** Such as `org:admin`. */
    key: text,
    name: text,
    description: nullable(text),
    search: text,
  },
  lists('organization_roles'),
)

/** Which permissions a role has. */
export const organizationRolePermissions = table(
  'organization_role_permissions',
  { noun: 'permission of a role', prefix: 'rolp', immutable: true },
  { roleId: reference('organization_roles'), permissionId: reference('organization_permissions') },
  {
    organization_role_permissions_pair: { on: ['roleId', 'permissionId'], unique: true },
    organization_role_permissions_permission: { on: ['permissionId'] },
  },
)

export const roleSets = table(
  'role_sets',
  { noun: 'role set', prefix: 'rset' },
  {
    /** Such as `role_set:default`. */
    key: text,
    name: text,
    description: nullable(text),
    /** One set of an instance is `initial`: new organizations get it. */
    type: word<'initial' | 'custom'>(),
    /** New members get it. Always a role of the set: a role that a set names here cannot be deleted. */
    defaultRoleId: text,
    /** Who creates an organization gets it. */
    creatorRoleId: text,
    search: text,
  },
  { ...lists('role_sets'), role_sets_initial: { on: ['instanceId'], unique: true, where: "type = 'initial'" } },
)

/** Which roles are in a set. */
export const roleSetRoles = table(
  'role_set_roles',
  { noun: 'role of a role set', prefix: 'rsm', immutable: true },
  { roleSetId: reference('role_sets'), roleId: reference('organization_roles') },
  {
    role_set_roles_pair: { on: ['roleSetId', 'roleId'], unique: true },
    role_set_roles_role: { on: ['roleId'] },
  },
)

declare module '../../storage/schema.js' {
  interface Schema {
    organization_permissions: RowOf<typeof organizationPermissions>
    organization_roles: RowOf<typeof organizationRoles>
    organization_role_permissions: RowOf<typeof organizationRolePermissions>
    role_sets: RowOf<typeof roleSets>
    role_set_roles: RowOf<typeof roleSetRoles>
  }
}

export type OrganizationPermissionRecord = RecordOf<typeof organizationPermissions>
export type OrganizationRoleRecord = RecordOf<typeof organizationRoles>
export type RoleSetRecord = RecordOf<typeof roleSets>
