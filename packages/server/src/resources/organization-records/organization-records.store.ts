import {
  expressionBuilder,
  sql,
  type Expression,
  type ExpressionBuilder,
  type SelectQueryBuilder,
  type SqlBool,
} from 'kysely'
import type { Page, PageRequest } from '../../kernel/page.js'
import { searchText } from '../../lib/identifiers/text.js'
import { orderBy, orderedBy, splitSigns } from '../../storage/lists.js'
import { Rows, type Changes, type Owner } from '../../storage/rows.js'
import type { Schema } from '../../storage/schema.js'
import type { Tx } from '../../storage/tx.js'
import type { Organization } from './organization-records.rules.js'
import { organizationMemberships, organizations } from './organization-records.table.js'

/** Which organizations a list is about. Each field narrows it; an absent one does not. */
export interface OrganizationFilter {
  /** Exact on the id, partial and case-insensitive on name and slug. */
  query?: string | undefined
  /** Members. Each may begin with `+` (included, also without a sign) or `-` (left out). */
  userId?: string[] | undefined
  organizationId?: string[] | undefined
}

export interface OrganizationPageRequest extends PageRequest {
  /** Default is `-created_at`. */
  orderBy?: string | undefined
}

type OrganizationExpressions = ExpressionBuilder<Schema, 'organizations'>

const order = orderBy({ created_at: 'created_at', name: 'name', members_count: 'members_count' }, '-created_at')

export class OrganizationStore extends Rows<typeof organizations> {
  readonly #memberships: Rows<typeof organizationMemberships>

  constructor(owner: Owner) {
    super(organizations, owner)
    this.#memberships = new Rows(organizationMemberships, owner)
  }

  async findOrganization(by: { id: string } | { slug: string }, tx?: Tx): Promise<Organization | undefined> {
    const [name, value] = Object.entries(by)[0] as ['id' | 'slug', string]
    const row = await this.#shown(this.select(tx)).where(name, '=', value).executeTakeFirst()
    return row && this.#toOrganization(row)
  }

  async listOrganizations(ids: readonly string[], tx?: Tx): Promise<Organization[]> {
    if (ids.length === 0) return []
    const rows = await this.#shown(this.select(tx)).where('id', 'in', ids).execute()
    return rows.map((row) => this.#toOrganization(row))
  }

  /** @throws {ApiError} 422 `form_param_value_invalid` for an order that is not known */
  async search(
    filter: OrganizationFilter,
    { limit, offset, orderBy: text }: OrganizationPageRequest,
  ): Promise<Page<Organization>> {
    const by = orderedBy(order.parse(text), organizations)
    const conditions = this.#conditions(expressionBuilder(), filter)
    const matching = this.select().where((eb) => eb.and(conditions))
    const rows = await this.#shown(matching).orderBy(by).limit(limit).offset(offset).execute()
    const totalCount = await this.total(matching, conditions.length > 0 ? undefined : [''])
    return { data: rows.map((row) => this.#toOrganization(row)), totalCount }
  }

  /** How many organizations the user has created and nobody has deleted. */
  async countCreatedBy(userId: string, tx: Tx): Promise<number> {
    const { count } = await this.select(tx)
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('created_by', '=', userId)
      .executeTakeFirstOrThrow()
    return Number(count)
  }

  /** Leaves `updated_at` alone. */
  async changeQuietly(id: string, changes: Changes<typeof organizations>, tx: Tx): Promise<void> {
    await this.change(tx).set(organizations.encode(changes)).where('id', '=', id).execute()
  }

  async changeMembersCount(id: string, change: number, tx: Tx): Promise<void> {
    await this.change(tx)
      .set({ members_count: sql`members_count + ${change}` })
      .where('id', '=', id)
      .execute()
  }

  #shown(matching: SelectQueryBuilder<Schema, 'organizations', object>) {
    return matching
      .selectAll('organizations')
      .select((eb) =>
        eb
          .selectFrom('role_sets')
          .select('role_sets.key')
          .whereRef('role_sets.id', '=', 'organizations.role_set_id')
          .as('role_set_key'),
      )
  }

  #toOrganization(row: Record<string, unknown> & { role_set_key: string | null }): Organization {
    return { ...this.decode(row), roleSetKey: row.role_set_key }
  }

  #conditions(eb: OrganizationExpressions, filter: OrganizationFilter): Expression<SqlBool>[] {
    const conditions: Expression<SqlBool>[] = []
    const term = filter.query === undefined ? '' : searchText(filter.query)
    if (term !== '') {
      // Other than `like`, these know no wildcards.
      const position =
        this.owner.database.dialect === 'postgres' ? sql`strpos(search, ${term})` : sql`instr(search, ${term})`
      conditions.push(eb.or([eb('id', '=', filter.query!), sql<SqlBool>`${position} > 0`]))
    }
    if (filter.organizationId) {
      const { included, excluded } = splitSigns(filter.organizationId)
      if (included.length > 0) conditions.push(eb('id', 'in', included))
      if (excluded.length > 0) conditions.push(eb('id', 'not in', excluded))
    }
    if (filter.userId) {
      const { included, excluded } = splitSigns(filter.userId)
      if (included.length > 0) conditions.push(eb('id', 'in', this.#joinedBy(included)))
      if (excluded.length > 0) conditions.push(eb('id', 'not in', this.#joinedBy(excluded)))
    }
    return conditions
  }

  #joinedBy(userIds: string[]) {
    return this.#memberships.select().select('organization_id').where('user_id', 'in', userIds)
  }
}
