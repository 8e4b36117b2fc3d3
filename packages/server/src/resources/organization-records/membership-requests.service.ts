import type { InstanceContext } from '../../instances/instance-context.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Page, PageRequest } from '../../kernel/page.js'
import type { Tx } from '../../storage/tx.js'
import { MembershipRequestStore, type MembershipRequestStatus } from './membership-requests.store.js'
import type { MembershipRequest } from './organization-records.rules.js'
import type { MembershipRequestRecord } from './organization-records.table.js'
import { PublicUserStore } from './public-users.store.js'

/** The rows of requests to join an organization. A user has at most one that is pending. */
export class MembershipRequestRecords {
  readonly #store: MembershipRequestStore
  readonly #users: PublicUserStore
  readonly settle: MembershipRequestStore['settle']

  constructor(context: InstanceContext) {
    this.#store = new MembershipRequestStore(context)
    this.#users = new PublicUserStore(context)
    this.settle = (id, status, tx) => this.#store.settle(id, status, tx)
  }

  async search(
    organizationId: string,
    statuses: readonly MembershipRequestStatus[],
    page: PageRequest,
  ): Promise<Page<MembershipRequest>> {
    const { data, totalCount } = await this.#store.search(organizationId, statuses, page)
    return { data: await this.#withUsers(data), totalCount }
  }

  /** @throws {ApiError} 404 `resource_not_found`, also for a request to another organization */
  async get(organizationId: string, id: string, tx: Tx): Promise<MembershipRequest> {
    const record = await this.#store.find(id, tx)
    const [request] = record?.organizationId === organizationId ? await this.#withUsers([record], tx) : []
    if (!request) throw errors.resourceNotFound('organization membership request', id)
    return request
  }

  /** Does nothing if one is pending already. */
  async create(organizationId: string, userId: string, tx: Tx): Promise<void> {
    const record = await this.#store.create({ organizationId, userId, status: 'pending' }, tx)
    if (record) await tx.audit('organization_membership_request.created', record.id)
  }

  async #withUsers(records: readonly MembershipRequestRecord[], tx?: Tx): Promise<MembershipRequest[]> {
    const users = await this.#users.list([...new Set(records.map(({ userId }) => userId))], tx)
    return records.flatMap((record) => {
      const user = users.get(record.userId)
      return user ? [{ ...record, user }] : []
    })
  }
}
