import { sql, type RawBuilder, type SelectQueryBuilder } from 'kysely'
import type { Page, PageRequest } from '../../kernel/page.js'
import { orderBy, type Order } from '../../storage/lists.js'
import { Rows, rowsOfInstance, type Owner } from '../../storage/rows.js'
import type { Schema } from '../../storage/schema.js'
import type { Tx } from '../../storage/tx.js'
import { organizationMemberships, type MembershipRecord } from './organization-records.table.js'

/** Which memberships a list is about. Each field narrows it; an absent one does not. */
export interface MembershipFilter {
  organizationId?: string | undefined
  userId?: string | undefined
  roleIds?: readonly string[] | undefined
  /** Of users; a query of ids that `UserRecords.selection` makes. */
  users?: SelectQueryBuilder<Schema, 'users', { id: string }> | undefined
}

export interface MembershipPageRequest extends PageRequest {
  /** Default is `-created_at`. */
  orderBy?: string | undefined
}

const ofUser = (column: string) => `(select ${column} from users where users.id = organization_memberships.user_id)`

const order = orderBy(
  {
    created_at: 'created_at',
    phone_number: ofUser('primary_phone_number'),
    email_address: ofUser('primary_email_address'),
    first_name: ofUser('first_name'),
    last_name: ofUser('last_name'),
    username: ofUser('username_canonical'),
  },
  '-created_at',
)

export class MembershipStore extends Rows<typeof organizationMemberships> {
  constructor(owner: Owner) {
    super(organizationMemberships, owner)
  }

  /** @throws {ApiError} 422 `form_param_value_invalid` for an order that is not known */
  async search(
    filter: MembershipFilter,
    { limit, offset, orderBy: text }: MembershipPageRequest,
  ): Promise<Page<MembershipRecord>> {
    const ordered = order.parse(text)
    const by = ordered.column === 'created_at' ? ordered : orderedWithNullsLast(ordered)
    const matching = this.#matching(filter)
    const { organizationId, ...others } = filter
    const isFiltered = Object.values(others).some((value) => value !== undefined)
    if (organizationId === undefined || isFiltered)
      return this.readPage(matching, by, { limit, offset, parts: isFiltered ? undefined : [''] })
    const { data } = await this.readPage(matching, by, { limit, offset, parts: undefined, paginated: false })
    return { data, totalCount: await this.#membersCount(organizationId) }
  }

  /**
   * The next memberships in the order of their ids.
   *
   * @param after the id of the last one of those before
   */
  async batch(filter: MembershipFilter, { limit, after }: { limit: number; after?: string }, tx: Tx) {
    const rows = await this.#matching(filter, tx)
      .selectAll()
      .$if(after !== undefined, (query) => query.where('id', '>', after!))
      .orderBy('id')
      .limit(limit)
      .execute()
    return this.decodeAll(rows)
  }

  async removeAll(ids: readonly string[], tx: Tx): Promise<void> {
    if (ids.length > 0) await this.remove(tx).where('id', 'in', ids).execute()
  }

  /** Of the organizations that the user's next session may begin with, the one joined last. */
  async startingOrganization(userId: string, tx: Tx): Promise<string | undefined> {
    const row = await this.select(tx)
      .select('organization_id')
      .where('user_id', '=', userId)
      .where('starts_active', '=', 1)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row?.organization_id
  }

  /** The user's next session begins with this organization, or with none. */
  async startWith(organizationId: string | null, userId: string, tx: Tx): Promise<void> {
    const set = (starts: 0 | 1) =>
      this.change(tx)
        .set({ starts_active: starts })
        .where('user_id', '=', userId)
        .where('starts_active', '=', 1 - starts)
    if (organizationId === null) return void (await set(0).execute())
    await set(0).where('organization_id', '!=', organizationId).execute()
    await set(1).where('organization_id', '=', organizationId).execute()
  }

  /** The roles that members of the organization have. */
  async roleIdsOf(organizationId: string, tx: Tx, exceptUserId?: string): Promise<string[]> {
    const rows = await this.select(tx)
      .select('role_id')
      .distinct()
      .where('organization_id', '=', organizationId)
      .$if(exceptUserId !== undefined, (query) => query.where('user_id', '!=', exceptUserId!))
      .execute()
    return rows.map((row) => row.role_id)
  }

  /** Those of the organizations in which somebody has the permission. */
  async withPermission(organizationIds: readonly string[], permissionKey: string): Promise<Set<string>> {
    if (organizationIds.length === 0) return new Set()
    const permission = rowsOfInstance('organization_permissions', this.owner)
      .select('id')
      .where('key', '=', permissionKey)
    const roles = rowsOfInstance('organization_role_permissions', this.owner)
      .select('role_id')
      .where('permission_id', 'in', permission)
    const rows = await this.select()
      .select('organization_id')
      .distinct()
      .where('organization_id', 'in', organizationIds)
      .where('role_id', 'in', roles)
      .execute()
    return new Set(rows.map((row) => row.organization_id))
  }

  /** The organization keeps it. */
  async #membersCount(organizationId: string): Promise<number> {
    const row = await rowsOfInstance('organizations', this.owner)
      .select('members_count')
      .where('id', '=', organizationId)
      .executeTakeFirst()
    return row?.members_count ?? 0
  }

  #matching({ organizationId, userId, roleIds, users: selection }: MembershipFilter, tx?: Tx) {
    return (
      this.select(tx)
        .$if(organizationId !== undefined, (query) => query.where('organization_id', '=', organizationId!))
        .$if(userId !== undefined, (query) => query.where('user_id', '=', userId!))
        // `in ()` is not SQL: no role has an empty id.
        .$if(roleIds !== undefined, (query) => query.where('role_id', 'in', roleIds!.length > 0 ? roleIds! : ['']))
        .$if(selection !== undefined, (query) => query.where('user_id', 'in', selection!))
    )
  }
}

function orderedWithNullsLast({ column, direction }: Order): RawBuilder<unknown> {
  return sql.raw(`${column} ${direction} nulls last, id ${direction}`)
}
