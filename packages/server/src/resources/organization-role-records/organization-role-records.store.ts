import { Rows, rowsOfInstance, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { KeyedRows } from './keyed-rows.store.js'
import {
  organizationPermissions,
  organizationRolePermissions,
  organizationRoles,
  roleSetRoles,
  roleSets,
  type OrganizationPermissionRecord,
  type OrganizationRoleRecord,
  type RoleSetRecord,
} from './organization-role-records.table.js'

export class PermissionStore extends KeyedRows<typeof organizationPermissions> {
  constructor(owner: Owner) {
    super(organizationPermissions, owner)
  }

  /** The permissions of each role, by key. */
  async ofRoles(roleIds: readonly string[], tx?: Tx): Promise<Map<string, OrganizationPermissionRecord[]>> {
    if (roleIds.length === 0) return new Map()
    const rows = await this.select(tx)
      // A subquery, so that `instance_id` above stays the one of this table.
      .innerJoin(
        (eb) => eb.selectFrom('organization_role_permissions').select(['permission_id', 'role_id']).as('held'),
        (join) => join.onRef('held.permission_id', '=', 'organization_permissions.id'),
      )
      .selectAll('organization_permissions')
      .select('held.role_id')
      .where('held.role_id', 'in', roleIds)
      .orderBy('organization_permissions.key')
      .execute()
    return grouped(rows, (row) => [row.role_id, this.decode(row)])
  }
}

export class RoleStore extends KeyedRows<typeof organizationRoles> {
  constructor(owner: Owner) {
    super(organizationRoles, owner)
  }

  /** Those that have the permission, oldest first. */
  async withPermission(permissionId: string, tx: Tx): Promise<OrganizationRoleRecord[]> {
    const rows = await this.select(tx)
      .selectAll()
      .where('id', 'in', (eb) =>
        eb.selectFrom('organization_role_permissions').select('role_id').where('permission_id', '=', permissionId),
      )
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return this.decodeAll(rows)
  }

  /** Whether a member of an organization has it. */
  async isAssigned(id: string, tx: Tx): Promise<boolean> {
    const member = await rowsOfInstance('organization_memberships', this.owner, tx)
      .select('id')
      .where('role_id', '=', id)
      .limit(1)
      .executeTakeFirst()
    return member !== undefined
  }

  /** Whether a pending invitation to an organization promises it. */
  async isPromised(id: string, tx: Tx): Promise<boolean> {
    const invitation = await rowsOfInstance('organization_invitations', this.owner, tx)
      .select('id')
      .where('role_id', '=', id)
      .where('status', '=', 'pending')
      .where('expires_at', '>', this.owner.clock.now())
      .limit(1)
      .executeTakeFirst()
    return invitation !== undefined
  }

  /** The roles of each set, oldest first. */
  async ofSets(roleSetIds: readonly string[], tx?: Tx): Promise<Map<string, OrganizationRoleRecord[]>> {
    if (roleSetIds.length === 0) return new Map()
    const rows = await this.select(tx)
      .innerJoin(
        (eb) => eb.selectFrom('role_set_roles').select(['role_set_id', 'role_id']).as('item'),
        (join) => join.onRef('item.role_id', '=', 'organization_roles.id'),
      )
      .selectAll('organization_roles')
      .select('item.role_set_id')
      .where('item.role_set_id', 'in', roleSetIds)
      .orderBy('organization_roles.created_at')
      .orderBy('organization_roles.key')
      .execute()
    return grouped(rows, (row) => [row.role_set_id, this.decode(row)])
  }
}

/** Which permissions roles have. */
export class RolePermissionStore extends Rows<typeof organizationRolePermissions> {
  constructor(owner: Owner) {
    super(organizationRolePermissions, owner)
  }

  /** @returns false if the role does not have it */
  async removePair(roleId: string, permissionId: string, tx: Tx): Promise<boolean> {
    const rows = await this.remove(tx)
      .where('role_id', '=', roleId)
      .where('permission_id', '=', permissionId)
      .returning('id')
      .execute()
    return rows.length > 0
  }

  async removeAllOf(roleId: string, tx: Tx): Promise<void> {
    await this.remove(tx).where('role_id', '=', roleId).execute()
  }
}

export class RoleSetStore extends KeyedRows<typeof roleSets> {
  constructor(owner: Owner) {
    super(roleSets, owner)
  }

  /** The sets that have the role, oldest first. */
  async withRole(roleId: string, tx: Tx): Promise<RoleSetRecord[]> {
    const rows = await this.select(tx)
      .selectAll()
      .where('id', 'in', (eb) => eb.selectFrom('role_set_roles').select('role_set_id').where('role_id', '=', roleId))
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return this.decodeAll(rows)
  }

  /**
   * Keeps the set from changes until the transaction ends, while others may read it in the same way. SQLite has one
   * writer anyway.
   */
  async share(id: string, tx: Tx): Promise<void> {
    if (this.owner.database.dialect !== 'postgres') return
    await this.select(tx).select('id').where('id', '=', id).forShare().execute()
  }
}

/** Which roles sets have. */
export class RoleSetRoleStore extends Rows<typeof roleSetRoles> {
  constructor(owner: Owner) {
    super(roleSetRoles, owner)
  }

  async removePair(roleSetId: string, roleId: string, tx: Tx): Promise<void> {
    await this.remove(tx).where('role_set_id', '=', roleSetId).where('role_id', '=', roleId).execute()
  }
}

function grouped<Row, Item>(rows: readonly Row[], entry: (row: Row) => [string, Item]): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const row of rows) {
    const [key, item] = entry(row)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}
