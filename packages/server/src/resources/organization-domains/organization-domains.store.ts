import { expressionBuilder, sql, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely'
import type { Page, PageRequest } from '../../kernel/page.js'
import { orderBy } from '../../storage/lists.js'
import { Rows, rowsOfInstance, type Owner } from '../../storage/rows.js'
import type { Schema } from '../../storage/schema.js'
import type { Tx } from '../../storage/tx.js'
import {
  organizationDomains,
  type EnrollmentMode,
  type OrganizationDomainRecord,
} from './organization-domains.table.js'

/** Which domains a list is about. Each field narrows it; an absent or empty one does not. */
export interface DomainFilter {
  organizationIds?: readonly string[] | undefined
  verified?: boolean | undefined
  modes?: { included: readonly EnrollmentMode[]; excluded: readonly EnrollmentMode[] } | undefined
  /** Lower case. */
  partOfName?: string | undefined
  names?: readonly string[] | undefined
}

export interface DomainPageRequest extends PageRequest {
  /** Default is `-created_at`. */
  orderBy?: string | undefined
}

type Domains = ExpressionBuilder<Schema, 'organization_domains'>

const order = orderBy({ created_at: 'created_at', name: 'name' }, '-created_at')

export class OrganizationDomainStore extends Rows<typeof organizationDomains> {
  constructor(owner: Owner) {
    super(organizationDomains, owner)
  }

  /** @throws {ApiError} 422 `form_param_value_invalid` for an order that is not known */
  async search(
    filter: DomainFilter,
    { limit, offset, orderBy: text }: DomainPageRequest,
  ): Promise<Page<OrganizationDomainRecord>> {
    const by = order.parse(text)
    const found = conditions(expressionBuilder(), filter)
    const matching = this.select().where((eb) => eb.and(found))
    return this.readPage(matching, by, { limit, offset, parts: found.length > 0 ? undefined : [''] })
  }

  /** Verified addresses at the domain, in the order of their ids. */
  verifiedAddresses(name: string, { after, limit }: { after: string; limit: number }, tx: Tx) {
    return rowsOfInstance('email_addresses', this.owner, tx)
      .select(['id', 'user_id as userId', 'email_address as emailAddress', 'canonical'])
      .where('verification_status', '=', 'verified')
      .where('canonical', 'like', `%@${name}`)
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute()
  }

  /** @param until the id of the last address; null for all */
  async noteEnrolled(id: string, until: string | null, tx: Tx): Promise<void> {
    await this.change(tx).set({ enrolled_until: until }).where('id', '=', id).execute()
  }

  /** How many invitations that each domain has made are pending; a domain without any is left out. */
  async pendingInvitations(domainIds: readonly string[], tx?: Tx): Promise<Map<string, number>> {
    if (domainIds.length === 0) return new Map()
    const rows = await rowsOfInstance('organization_invitations', this.owner, tx)
      .select((eb) => ['domain_id', eb.fn.countAll<number>().as('count')])
      .where('domain_id', 'in', domainIds)
      .where('status', '=', 'pending')
      .where('expires_at', '>', this.owner.clock.now())
      .groupBy('domain_id')
      .execute()
    return new Map(rows.map((row) => [row.domain_id!, Number(row.count)]))
  }

  /** The same for suggestions, without those of users who have joined in another way. */
  async pendingSuggestions(domainIds: readonly string[], tx?: Tx): Promise<Map<string, number>> {
    if (domainIds.length === 0) return new Map()
    const rows = await rowsOfInstance('organization_suggestions', this.owner, tx)
      .select((eb) => ['domain_id', eb.fn.countAll<number>().as('count')])
      .where('domain_id', 'in', domainIds)
      .where('status', '=', 'pending')
      .where(({ exists, not, selectFrom }) =>
        not(
          exists(
            selectFrom('organization_memberships')
              .select('organization_memberships.id')
              .whereRef('organization_memberships.organization_id', '=', 'organization_suggestions.organization_id')
              .whereRef('organization_memberships.user_id', '=', 'organization_suggestions.user_id'),
          ),
        ),
      )
      .groupBy('domain_id')
      .execute()
    return new Map(rows.map((row) => [row.domain_id, Number(row.count)]))
  }
}

function conditions(
  eb: Domains,
  { organizationIds, verified, modes, partOfName, names }: DomainFilter,
): Expression<SqlBool>[] {
  const found: Expression<SqlBool>[] = []
  for (const id of organizationIds ?? []) found.push(eb('organization_id', '=', id))
  if (verified !== undefined) found.push(eb('verified', '=', verified ? 1 : 0))
  if (modes && modes.included.length > 0) found.push(eb('enrollment_mode', 'in', modes.included))
  if (modes && modes.excluded.length > 0) found.push(eb('enrollment_mode', 'not in', modes.excluded))
  if (partOfName !== undefined) {
    const part = `%${partOfName.replace(/[\\%_]/g, '\\$&')}%`
    found.push(sql<SqlBool>`name like ${part} escape '\\'`)
  }
  if (names && names.length > 0) found.push(eb('name', 'in', names))
  return found
}
