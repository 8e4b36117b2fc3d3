import type { InstanceContext } from '../../instances/instance-context.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Page, PageRequest } from '../../kernel/page.js'
import type { Tx } from '../../storage/tx.js'
import { membershipErrors } from '../organization-memberships/organization-memberships.errors.js'
import type { MembershipRecords } from '../organization-records/membership-records.service.js'
import type { MembershipRequestRecords } from '../organization-records/membership-requests.service.js'
import type { OrganizationRecords } from '../organization-records/organization-records.service.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import { organizationDomainErrors } from './organization-domains.errors.js'
import type { OrganizationSuggestion } from './organization-domains.rules.js'
import type { OrganizationSuggestionRecord } from './organization-domains.table.js'
import { OrganizationSuggestionStore } from './organization-suggestions.store.js'

interface OrganizationSuggestionOptions {
  context: InstanceContext
  organizationRecords: OrganizationRecords
  membershipRecords: MembershipRecords
  membershipRequestRecords: MembershipRequestRecords
  userRecords: UserRecords
}

/** Organizations that a user is told they could ask to join. */
export class OrganizationSuggestionService {
  readonly #store: OrganizationSuggestionStore

  constructor(private readonly options: OrganizationSuggestionOptions) {
    this.#store = new OrganizationSuggestionStore(options.context)
  }

  /** Newest first, without organizations that the user has joined and those that have rejected the user's request. */
  async listOf(
    userId: string,
    statuses: readonly OrganizationSuggestionRecord['status'][],
    page: PageRequest,
  ): Promise<Page<OrganizationSuggestion>> {
    const { data, totalCount } = await this.#store.searchOf(userId, statuses, page)
    return { data: await this.#withOrganizations(data), totalCount }
  }

  /**
   * Asks to join.
   *
   * @throws {ApiError} 404 `resource_not_found` for one that is not the user's, 400
   *   `organization_suggestion_already_accepted`, `already_a_member_in_organization`
   */
  async accept(id: string, userId: string, tx: Tx): Promise<OrganizationSuggestion> {
    const { membershipRecords, membershipRequestRecords, userRecords } = this.options
    await userRecords.locked(userId, tx)
    const found = await this.#store.find(id, tx)
    if (found?.userId !== userId) throw errors.resourceNotFound('organization suggestion', id)
    const { organizationId } = found
    if (await membershipRecords.has(organizationId, userId, tx)) throw membershipErrors.alreadyMember(userId)
    const accepted = await this.#store.accept(id, tx)
    if (!accepted) throw organizationDomainErrors.suggestionAlreadyAccepted(id)
    await membershipRequestRecords.create(organizationId, userId, tx)
    await tx.audit('organization_suggestion.accepted', id, ['status'])
    const [suggestion] = await this.#withOrganizations([accepted], tx)
    return suggestion!
  }

  async #withOrganizations(records: readonly OrganizationSuggestionRecord[], tx?: Tx) {
    const ids = [...new Set(records.map(({ organizationId }) => organizationId))]
    const found = await this.options.organizationRecords.listByIds(ids, tx)
    const organizations = new Map(found.map((organization) => [organization.id, organization]))
    return records.flatMap((record): OrganizationSuggestion[] => {
      const organization = organizations.get(record.organizationId)
      // Outside of a transaction it may have been deleted since the suggestion was read.
      return organization ? [{ ...record, organization }] : []
    })
  }
}
