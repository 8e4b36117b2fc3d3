import { searchText } from '../../lib/identifiers/text.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import { organizationRoleRecordErrors } from './organization-role-records.errors.js'
import type {
  OrganizationPermissionRecord,
  OrganizationRoleRecord,
  RoleSetRecord,
} from './organization-role-records.table.js'

/** A role with the permissions it has, oldest first. */
export interface OrganizationRole extends OrganizationRoleRecord {
  permissions: OrganizationPermissionRecord[]
}

/** A role set with its roles, in the order in which they joined. */
export interface RoleSet extends RoleSetRecord {
  roles: OrganizationRoleRecord[]
}

/** What every instance has. @see https://clerk.com/docs/guides/organizations/control-access/roles-and-permissions */
export const SYSTEM_PERMISSIONS = [
  { key: 'org:sys_profile:manage', name: 'Manage organization', description: 'Change the name and logo' },
  { key: 'org:sys_profile:delete', name: 'Delete organization', description: 'Delete the organization' },
  { key: 'org:sys_memberships:read', name: 'Read members', description: 'See members and invitations' },
  { key: 'org:sys_memberships:manage', name: 'Manage members', description: 'Invite, change and remove members' },
  { key: 'org:sys_domains:read', name: 'Read domains', description: 'See the domains of the organization' },
  { key: 'org:sys_domains:manage', name: 'Manage domains', description: 'Add, verify and remove domains' },
  { key: 'org:sys_billing:read', name: 'Read billing', description: 'See plan, statements and payments' },
  { key: 'org:sys_billing:manage', name: 'Manage billing', description: 'Change plan and payment methods' },
  {
    key: 'org:sys_entconns:manage',
    name: 'Manage enterprise connections',
    description: 'Set up single sign-on for the organization',
  },
] as const

/** The roles of a new instance, with their permissions. */
export const DEFAULT_ROLES = [
  {
    key: 'org:admin',
    name: 'Admin',
    description: 'Manages the organization and its members',
    permissions: SYSTEM_PERMISSIONS.map(({ key }) => key),
  },
  {
    key: 'org:member',
    name: 'Member',
    description: 'Uses the organization',
    permissions: ['org:sys_memberships:read', 'org:sys_billing:read'],
  },
] as const

export const DEFAULT_ROLE_SET = { key: 'role_set:default', name: 'Primary' } as const

/** @see https://clerk.com/docs/guides/organizations/control-access/role-sets */
export const MAX_ROLES_OF_SET = 10

/** At least one member of an organization must have all of these, and so must the role of its creator. */
export const MINIMUM_PERMISSIONS: readonly string[] = [
  'org:sys_memberships:read',
  'org:sys_memberships:manage',
  'org:sys_profile:delete',
]

/** Whether these permissions suffice to keep an organization manageable. */
export function hasMinimumPermissions(permissions: readonly { key: string }[]): boolean {
  return MINIMUM_PERMISSIONS.every((key) => permissions.some((permission) => permission.key === key))
}

/** What lists of permissions, roles and role sets search. */
export function searchOf({ name, key }: { name: string; key: string }): string {
  return searchText(name, key)
}

/** Older SDKs and pages call the role of members `org:basic_member`. */
export function currentRoleKey(key: string): string {
  return key === 'org:basic_member' ? 'org:member' : key
}

/** @throws {ApiError} 403 `organization_not_enabled_in_instance` */
export function requireOrganizations({ instance }: Pick<InstanceContext, 'instance'>): void {
  if (!instance.settings.organizations.enabled) throw organizationRoleRecordErrors.organizationsNotEnabled()
}

/** @throws {ApiError} 422 `organization_missing_creator_role_permissions` */
export function requireCreatorPermissions(roleKey: string, permissions: readonly { key: string }[]): void {
  const missing = MINIMUM_PERMISSIONS.filter((key) => !permissions.some((permission) => permission.key === key))
  if (missing.length > 0) throw organizationRoleRecordErrors.missingCreatorPermissions(roleKey, missing)
}
