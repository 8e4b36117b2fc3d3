import type { Page, PageRequest } from '../../kernel/page.js'
import { NEWEST_FIRST } from '../../storage/lists.js'
import { Rows, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { organizationMembershipRequests, type MembershipRequestRecord } from './organization-records.table.js'

export type MembershipRequestStatus = MembershipRequestRecord['status']

const STATUSES = ['pending', 'accepted', 'rejected'] as const satisfies MembershipRequestStatus[]

export class MembershipRequestStore extends Rows<typeof organizationMembershipRequests> {
  constructor(owner: Owner) {
    super(organizationMembershipRequests, owner)
  }

  /**
   * Newest first.
   *
   * @param statuses any of these; an empty list is no filter
   */
  async search(
    organizationId: string,
    statuses: readonly MembershipRequestStatus[],
    page: PageRequest,
  ): Promise<Page<MembershipRequestRecord>> {
    const matching = this.select()
      .where('organization_id', '=', organizationId)
      .$if(statuses.length > 0, (query) => query.where('status', 'in', statuses))
    const parts = (statuses.length > 0 ? statuses : STATUSES).map((status) => `${organizationId} ${status}`)
    return this.readPage(matching, NEWEST_FIRST, { ...page, parts })
  }

  /** @returns undefined if it is not pending */
  async settle(id: string, status: 'accepted' | 'rejected', tx: Tx): Promise<MembershipRequestRecord | undefined> {
    const row = await this.change(tx)
      .set({ status, updated_at: this.owner.clock.now() })
      .where('id', '=', id)
      .where('status', '=', 'pending')
      .returningAll()
      .executeTakeFirst()
    return row && this.decode(row)
  }

  /** The pending one of the user, if there is one. */
  async settleOf(organizationId: string, userId: string, status: 'accepted' | 'rejected', tx: Tx): Promise<void> {
    await this.change(tx)
      .set({ status, updated_at: this.owner.clock.now() })
      .where('organization_id', '=', organizationId)
      .where('user_id', '=', userId)
      .where('status', '=', 'pending')
      .execute()
  }
}
