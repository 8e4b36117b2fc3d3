import { rowsOfInstance, type Owner } from '../../storage/rows.js'
import type { ActiveOrganization } from './organization-claims.rules.js'

/** What session tokens say about organizations. One query, as tokens are made every minute. */
export class OrganizationClaimStore {
  constructor(private readonly owner: Owner) {}

  /** @returns undefined if the user is no longer a member */
  async activeOrganization(organizationId: string, userId: string): Promise<ActiveOrganization | undefined> {
    const rows = await rowsOfInstance('organization_memberships', this.owner)
      .innerJoin(
        (eb) => eb.selectFrom('organizations').select(['id', 'slug']).as('organization'),
        (join) => join.onRef('organization.id', '=', 'organization_memberships.organization_id'),
      )
      .innerJoin(
        (eb) => eb.selectFrom('organization_roles').select(['id', 'key']).as('role'),
        (join) => join.onRef('role.id', '=', 'organization_memberships.role_id'),
      )
      .leftJoin(
        (eb) =>
          eb
            .selectFrom('organization_role_permissions')
            .innerJoin(
              'organization_permissions',
              'organization_permissions.id',
              'organization_role_permissions.permission_id',
            )
            .select(['organization_role_permissions.role_id', 'organization_permissions.key'])
            .where('organization_permissions.type', '=', 'user')
            .as('permission'),
        (join) => join.onRef('permission.role_id', '=', 'role.id'),
      )
      .select(['organization.slug', 'role.key as role_key', 'permission.key as permission_key'])
      .where('organization_memberships.organization_id', '=', organizationId)
      .where('organization_memberships.user_id', '=', userId)
      .execute()
    const [first] = rows
    if (!first) return undefined
    return {
      id: organizationId,
      slug: first.slug,
      roleKey: first.role_key,
      permissionKeys: rows.flatMap(({ permission_key: key }) => (key === null ? [] : [key])),
    }
  }
}
