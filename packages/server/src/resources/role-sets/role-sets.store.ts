import { rowsOfInstance, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'

/** What hangs on a role set: organizations, and their members by role. */
export class RoleSetUseStore {
  constructor(private readonly owner: Owner) {}

  /** Ids of the organizations with this set, in their order. */
  async organizationsOf(roleSetId: string, tx: Tx): Promise<string[]> {
    const rows = await rowsOfInstance('organizations', this.owner, tx)
      .select('id')
      .where('role_set_id', '=', roleSetId)
      .orderBy('id')
      .execute()
    return rows.map(({ id }) => id)
  }

  /** How many members of these organizations have each role, by its id. */
  async membersCounts(roleSetId: string, tx?: Tx): Promise<Map<string, number>> {
    const rows = await rowsOfInstance('organization_memberships', this.owner, tx)
      .select((eb) => ['role_id', eb.fn.countAll<number>().as('count')])
      .where('organization_id', 'in', (eb) =>
        eb.selectFrom('organizations').select('organizations.id').where('organizations.role_set_id', '=', roleSetId),
      )
      .groupBy('role_id')
      .execute()
    return new Map(rows.map((row) => [row.role_id, Number(row.count)]))
  }

  /** Ids of the set's organizations that have members, but none with one of these roles. */
  async lacking(roleSetId: string, roleIds: readonly string[], tx: Tx): Promise<string[]> {
    const rows = await rowsOfInstance('organizations', this.owner, tx)
      .select('id')
      .where('role_set_id', '=', roleSetId)
      .where('members_count', '>', 0)
      .where('id', 'not in', (eb) =>
        eb
          .selectFrom('organization_memberships')
          .select('organization_memberships.organization_id')
          // `in ()` is not SQL: no role has an empty id.
          .where('organization_memberships.role_id', 'in', ['', ...roleIds]),
      )
      .orderBy('id')
      .execute()
    return rows.map(({ id }) => id)
  }
}
