import { sql } from 'kysely'
import type { Dialect } from '../../storage/database.js'
import { rowsOfInstance, type Owner } from '../../storage/rows.js'
import { valuesOf } from '../../storage/whole-row.js'
import type { ActiveOrganization } from './organization-claims.rules.js'

/** What session tokens say about organizations. One query, as tokens are made every minute. */
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

/** @param values those that `activeOrganizationOf` selects */
export function toActiveOrganization(values: unknown): ActiveOrganization | undefined {
  if (values === null) return undefined
  const [id, slug, roleKey, permissionKeys] = values as [string, string | null, string, string[]]
  return { id, slug, roleKey, permissionKeys }
}

/** What is said of a row of `organization_memberships`, as a JSON array. */
function membershipOf(dialect: Dialect): string {
  const keys = `from organization_role_permissions
    join organization_permissions on organization_permissions.id = organization_role_permissions.permission_id
    where organization_role_permissions.role_id = organization_memberships.role_id and organization_permissions.type = 'user'`
  const permissions =
    dialect === 'sqlite'
      ? `json((select json_group_array(organization_permissions.key) ${keys}))`
      : `(select coalesce(json_agg(organization_permissions.key), '[]') ${keys})`
  return `${dialect === 'sqlite' ? 'json_array' : 'json_build_array'}(
    organization_memberships.organization_id,
    (select slug from organizations where id = organization_memberships.organization_id),
    (select key from organization_roles where id = organization_memberships.role_id),
    ${permissions})`
}
