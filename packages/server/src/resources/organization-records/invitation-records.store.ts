import { sql, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely'
import type { Page, PageRequest } from '../../kernel/page.js'
import { orderBy } from '../../storage/lists.js'
import { Rows, rowsOfInstance, type Owner, type Parts } from '../../storage/rows.js'
import type { Schema } from '../../storage/schema.js'
import type { Tx } from '../../storage/tx.js'
import type { InvitationStatusFilter } from './organization-records.rules.js'
import { organizationInvitations, type OrganizationInvitationRecord } from './organization-records.table.js'

/** Which invitations a list is about. Each field narrows it; an absent one does not. */
export interface InvitationFilter {
  organizationId?: string | undefined
  /** Those to the addresses that the user has verified or reserved, and those that the user has accepted. */
  userId?: string | undefined
  /** Of a user's: leaves out those to addresses that are only reserved, which the user cannot accept. */
  onlyVerified?: boolean
  canonical?: string | undefined
  /** Any of these. An empty list is no filter. */
  status?: readonly InvitationStatusFilter[] | undefined
  /** Exact on the id, partial and case-insensitive on the address. */
  query?: string | undefined
  /** Leaves out those that the enrolment of a domain made. */
  withoutDomains?: boolean
}

export interface InvitationPageRequest extends PageRequest {
  /** Default is `-created_at`. */
  orderBy?: string | undefined
}

type Invitations = ExpressionBuilder<Schema, 'organization_invitations'>

const order = orderBy({ created_at: 'created_at', email_address: 'canonical' }, '-created_at')

export class InvitationStore extends Rows<typeof organizationInvitations> {
  constructor(owner: Owner) {
    super(organizationInvitations, owner)
  }

  /** @throws {ApiError} 422 `form_param_value_invalid` for an order that is not known */
  async search(
    filter: InvitationFilter,
    { limit, offset, orderBy: text }: InvitationPageRequest,
  ): Promise<Page<OrganizationInvitationRecord>> {
    const by = order.parse(text)
    const matching = this.select().where((eb) => eb.and(this.#conditions(eb, filter)))
    return this.readPage(matching, by, { limit, offset, parts: countedPart(filter) })
  }

  /** An expired invitation no longer stands in the way of a new one for the address. */
  async releaseExpired(organizationId: string, canonical: string, tx: Tx): Promise<void> {
    await this.change(tx)
      .set({ is_current: 0 })
      .where('organization_id', '=', organizationId)
      .where('canonical', '=', canonical)
      .where('is_current', '=', 1)
      .where('expires_at', '<=', this.owner.clock.now())
      .execute()
  }

  /** @returns undefined if it is accepted, revoked or expired */
  async settle(
    id: string,
    fields: { status: 'accepted'; userId: string } | { status: 'revoked'; userId?: undefined },
    tx: Tx,
  ): Promise<OrganizationInvitationRecord | undefined> {
    const now = this.owner.clock.now()
    const row = await this.change(tx)
      .set({ status: fields.status, user_id: fields.userId ?? null, is_current: 0, updated_at: now })
      .where('id', '=', id)
      .where('status', '=', 'pending')
      .where('expires_at', '>', now)
      .returningAll()
      .executeTakeFirst()
    return row && this.decode(row)
  }

  /** Ids of the pending ones to addresses that the user has verified or reserved. */
  async pendingOf(organizationId: string, userId: string, tx: Tx): Promise<string[]> {
    const rows = await this.select(tx)
      .select('id')
      .where('organization_id', '=', organizationId)
      .where('status', '=', 'pending')
      .where('expires_at', '>', this.owner.clock.now())
      .where('canonical', 'in', this.#addressesOf(userId))
      .orderBy('id')
      .execute()
    return rows.map(({ id }) => id)
  }

  /** How many are pending, by organization; an organization without any is left out. */
  async pendingCounts(organizationIds: readonly string[], tx?: Tx): Promise<Map<string, number>> {
    if (organizationIds.length === 0) return new Map()
    const rows = await this.select(tx)
      .select((eb) => ['organization_id', eb.fn.countAll<number>().as('count')])
      .where('organization_id', 'in', organizationIds)
      .where('status', '=', 'pending')
      .where('expires_at', '>', this.owner.clock.now())
      .groupBy('organization_id')
      .execute()
    return new Map(rows.map((row) => [row.organization_id, Number(row.count)]))
  }

  /** Ids of the pending ones that a domain has made. */
  async pendingOfDomain(domainId: string, tx: Tx): Promise<string[]> {
    const rows = await this.select(tx)
      .select('id')
      .where('domain_id', '=', domainId)
      .where('status', '=', 'pending')
      .where('expires_at', '>', this.owner.clock.now())
      .orderBy('id')
      .execute()
    return rows.map(({ id }) => id)
  }

  /** The id of a member of the organization who has verified or reserved the address. */
  async memberWith(organizationId: string, canonical: string, tx: Tx): Promise<string | undefined> {
    const row = await rowsOfInstance('organization_memberships', this.owner, tx)
      .select('user_id')
      .where('organization_id', '=', organizationId)
      .where('user_id', 'in', (eb) =>
        eb
          .selectFrom('email_addresses')
          .select('email_addresses.user_id')
          .where('email_addresses.instance_id', '=', this.owner.instanceId)
          .where('email_addresses.canonical', '=', canonical)
          .where('email_addresses.claimed', '=', 1),
      )
      .executeTakeFirst()
    return row?.user_id
  }

  /** The roles that pending invitations to the organizations of a role set promise. */
  async roleIdsOfSet(roleSetId: string, tx: Tx): Promise<string[]> {
    const rows = await this.select(tx)
      .select('role_id')
      .distinct()
      .where('status', '=', 'pending')
      .where('expires_at', '>', this.owner.clock.now())
      .where('organization_id', 'in', (eb) =>
        eb.selectFrom('organizations').select('organizations.id').where('organizations.role_set_id', '=', roleSetId),
      )
      .execute()
    return rows.flatMap(({ role_id: roleId }) => (roleId === null ? [] : [roleId]))
  }

  /** All at once, so that two roles can change places. */
  async changeRoles(
    organizationIds: readonly string[],
    roles: ReadonlyMap<string, { id: string; key: string; name: string }>,
    tx: Tx,
  ): Promise<void> {
    if (organizationIds.length === 0 || roles.size === 0) return
    const becomes = (field: 'id' | 'key' | 'name') =>
      sql<string>`case role_id ${sql.join(
        [...roles].map(([from, to]) => sql`when ${from} then ${to[field]}`),
        sql` `,
      )} end`
    await this.change(tx)
      .set({
        role_id: becomes('id'),
        role_key: becomes('key'),
        role_name: becomes('name'),
        updated_at: this.owner.clock.now(),
      })
      .where('organization_id', 'in', organizationIds)
      .where('status', '=', 'pending')
      .where('role_id', 'in', [...roles.keys()])
      .execute()
  }

  #addressesOf(userId: string, onlyVerified = false) {
    return rowsOfInstance('email_addresses', this.owner)
      .select('canonical')
      .where('user_id', '=', userId)
      .where('claimed', '=', 1)
      .$if(onlyVerified, (query) => query.where('verification_status', '=', 'verified'))
  }

  #conditions(eb: Invitations, filter: InvitationFilter): Expression<SqlBool>[] {
    const { organizationId, userId, onlyVerified, canonical, status, query, withoutDomains } = filter
    const conditions: Expression<SqlBool>[] = []
    if (organizationId !== undefined) conditions.push(eb('organization_id', '=', organizationId))
    if (canonical !== undefined) conditions.push(eb('canonical', '=', canonical))
    if (withoutDomains) conditions.push(eb('domain_id', 'is', null))
    if (userId !== undefined) {
      conditions.push(
        eb.or([eb('user_id', '=', userId), eb('canonical', 'in', this.#addressesOf(userId, onlyVerified))]),
      )
    }
    if (status !== undefined && status.length > 0) {
      conditions.push(eb.or(status.map((word) => this.#hasStatus(eb, word))))
    }
    if (query) {
      const part = `%${query.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
      conditions.push(eb.or([eb('id', '=', query), sql<SqlBool>`canonical like ${part} escape '\\'`]))
    }
    return conditions
  }

  #hasStatus(eb: Invitations, status: InvitationStatusFilter): Expression<SqlBool> {
    if (status === 'invalid' || status === 'completed') return sql<SqlBool>`1 = 0`
    const now = this.owner.clock.now()
    if (status === 'pending') return eb.and([eb('status', '=', 'pending'), eb('expires_at', '>', now)])
    if (status === 'expired') return eb.and([eb('status', '=', 'pending'), eb('expires_at', '<=', now)])
    return eb('status', '=', status)
  }
}

function countedPart({ organizationId = '', status = [], withoutDomains, ...others }: InvitationFilter): Parts {
  const isFiltered = status.length > 0 || !withoutDomains || Object.values(others).some((value) => value !== undefined)
  return isFiltered ? undefined : [organizationId]
}
