import {
  hasMinimumPermissions,
  MINIMUM_PERMISSIONS,
} from '../organization-role-records/organization-role-records.rules.js'
import { membershipErrors } from './organization-memberships.errors.js'

interface Role {
  permissions: readonly { key: string }[]
}

/**
 * An organization that somebody can manage stays so: its last member with the minimum permissions neither leaves nor
 * gets a role without them. What counts are the permissions of roles, not their keys.
 *
 * @param before the member's role
 * @param after the role to come; undefined for who leaves
 * @param others the roles of the other members
 * @throws {ApiError} 400 `organization_minimum_permissions_needed`
 */
export function requireKeeper({
  before,
  after,
  others,
}: {
  before: Role
  after: Role | undefined
  others: readonly Role[]
}): void {
  const keeps = (role: Role | undefined) => role !== undefined && hasMinimumPermissions(role.permissions)
  if (!keeps(before) || keeps(after) || others.some(keeps)) return
  throw membershipErrors.minimumPermissionsNeeded(MINIMUM_PERMISSIONS)
}
