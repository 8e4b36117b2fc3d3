import type { ExpressionBuilder } from 'kysely'
import type { Page, PageRequest } from '../../kernel/page.js'
import { NEWEST_FIRST } from '../../storage/lists.js'
import { Rows, type Owner } from '../../storage/rows.js'
import type { Schema } from '../../storage/schema.js'
import type { Tx } from '../../storage/tx.js'
import { organizationSuggestions, type OrganizationSuggestionRecord } from './organization-domains.table.js'

type Suggestions = ExpressionBuilder<Schema, 'organization_suggestions'>

export class OrganizationSuggestionStore extends Rows<typeof organizationSuggestions> {
  constructor(owner: Owner) {
    super(organizationSuggestions, owner)
  }

  /**
   * Those that are still of use to the user, newest first: to organizations that the user has not joined, and of the
   * accepted ones those whose request nobody has rejected.
   *
   * @param statuses any of these; an empty list is no filter
   */
  async searchOf(
    userId: string,
    statuses: readonly OrganizationSuggestionRecord['status'][],
    page: PageRequest,
  ): Promise<Page<OrganizationSuggestionRecord>> {
    const matching = this.select()
      .where('user_id', '=', userId)
      .where((eb) => eb.not(eb.exists(membershipOf(eb))))
      .where((eb) => eb.or([eb('status', '=', 'pending'), eb.exists(pendingRequestOf(eb))]))
      .$if(statuses.length > 0, (query) => query.where('status', 'in', statuses))
    return this.readPage(matching, NEWEST_FIRST, { ...page, parts: undefined })
  }

  /** @returns undefined if it was accepted before */
  async accept(id: string, tx: Tx): Promise<OrganizationSuggestionRecord | undefined> {
    const row = await this.change(tx)
      .set({ status: 'accepted', updated_at: this.owner.clock.now() })
      .where('id', '=', id)
      .where('status', '=', 'pending')
      .returningAll()
      .executeTakeFirst()
    return row && this.decode(row)
  }

  async removePendingOf(domainId: string, tx: Tx): Promise<void> {
    await this.remove(tx).where('domain_id', '=', domainId).where('status', '=', 'pending').execute()
  }
}

function membershipOf({ selectFrom }: Suggestions) {
  return selectFrom('organization_memberships')
    .select('organization_memberships.id')
    .whereRef('organization_memberships.organization_id', '=', 'organization_suggestions.organization_id')
    .whereRef('organization_memberships.user_id', '=', 'organization_suggestions.user_id')
}

function pendingRequestOf({ selectFrom }: Suggestions) {
  return selectFrom('organization_membership_requests')
    .select('organization_membership_requests.id')
    .whereRef('organization_membership_requests.organization_id', '=', 'organization_suggestions.organization_id')
    .whereRef('organization_membership_requests.user_id', '=', 'organization_suggestions.user_id')
    .where('organization_membership_requests.status', '=', 'pending')
}
