import { sql } from 'kysely'
import type { Dialect } from '../../storage/database.js'
import { rowsOfInstance, type Owner } from '../../storage/rows.js'
import { jsonArray, jsonRows, valuesOf } from '../../storage/whole-row.js'
import type { ActiveOrganization } from './organization-claims.rules.js'

/**
 * What session tokens say about an organization. That of a session is read with the session, by `activeOrganizationOf`, as
 * tokens are made every minute; here is any other.
 */
export class OrganizationClaimStore {
  constructor(private readonly owner: Owner) {}

  /** @returns undefined if the user is no longer a member */
  async activeOrganization(organizationId: string, userId: string): Promise<ActiveOrganization | undefined> {
    const row = await rowsOfInstance('organization_memberships', this.owner)
      .where('organization_memberships.organization_id', '=', organizationId)
      .where('organization_memberships.user_id', '=', userId)
      .select(sql.raw(membershipOf(this.owner.database.dialect)).as('organization'))
      .executeTakeFirst()
    return row && toActiveOrganization(valuesOf(row.organization))
  }
}

/** SQL of the organization that is active in a row of `sessions`, for `toActiveOrganization`. Null if the user is no member. */
export function activeOrganizationOf(dialect: Dialect): string {
  const membership = `(select ${membershipOf(dialect)} from organization_memberships
    where organization_memberships.organization_id = sessions.last_active_organization_id
    and organization_memberships.user_id = sessions.user_id)`
  return dialect === 'sqlite' ? `json(${membership})` : membership
}

/** @param values those of `membershipOf` */
export function toActiveOrganization(values: unknown): ActiveOrganization | undefined {
  if (values === null) return undefined
  const [id, slug, roleKey, permissionKeys] = values as [string, string | null, string, string[]]
  return { id, slug, roleKey, permissionKeys }
}

/** What is said of a row of `organization_memberships`, as a JSON array. */
function membershipOf(dialect: Dialect): string {
  const permissions = `from organization_role_permissions
    join organization_permissions on organization_permissions.id = organization_role_permissions.permission_id
    where organization_role_permissions.role_id = organization_memberships.role_id and organization_permissions.type = 'user'`
  return jsonArray(dialect, [
    'organization_memberships.organization_id',
    '(select slug from organizations where id = organization_memberships.organization_id)',
    '(select key from organization_roles where id = organization_memberships.role_id)',
    jsonRows(dialect, 'organization_permissions.key', permissions),
  ])
}
