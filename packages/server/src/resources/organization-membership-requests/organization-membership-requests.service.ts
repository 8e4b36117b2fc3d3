import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import type { Page, PageRequest } from '../../kernel/page.js'
import type { Tx } from '../../storage/tx.js'
import type { OrganizationMembershipService } from '../organization-memberships/organization-memberships.service.js'
import type { MembershipRequestRecords } from '../organization-records/membership-requests.service.js'
import type { MembershipRequest } from '../organization-records/organization-records.rules.js'
import type { OrganizationRecords } from '../organization-records/organization-records.service.js'
import type { OrganizationRoleRecords } from '../organization-role-records/organization-role-records.service.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import { membershipRequestErrors } from './organization-membership-requests.errors.js'

interface MembershipRequestOptions {
  context: InstanceContext
  membershipRequestRecords: MembershipRequestRecords
  organizationRecords: OrganizationRecords
  organizationRoleRecords: OrganizationRoleRecords
  organizationMemberships: OrganizationMembershipService
  userRecords: UserRecords
}

interface ListRequest extends PageRequest {
  status?: MembershipRequest['status'][] | undefined
}

/** Requests to join an organization: its managers decide. */
export class OrganizationMembershipRequestService {
  constructor(private readonly options: MembershipRequestOptions) {}

  /** Newest first. */
  list(organizationId: string, { status = [], ...page }: ListRequest): Promise<Page<MembershipRequest>> {
    return this.options.membershipRequestRecords.search(organizationId, status, page)
  }

  /**
   * Makes whoever asked a member, with the role of new members.
   *
   * @throws {ApiError} 404 `resource_not_found` for one that is not pending, and as
   *   `OrganizationMembershipService.insert` does
   */
  accept(organizationId: string, id: string, caller: Caller): Promise<MembershipRequest> {
    const { context, membershipRequestRecords, organizationRecords, organizationRoleRecords } = this.options
    const { organizationMemberships, userRecords } = this.options
    return context.transaction(caller, async (tx) => {
      const { userId } = await membershipRequestRecords.get(organizationId, id, tx)
      await userRecords.locked(userId, tx)
      const { roleSetId } = await organizationRecords.locked(organizationId, tx)
      const accepted = await this.#settle(organizationId, id, 'accepted', tx)
      const role = await organizationRoleRecords.roleOfNewMembers(roleSetId, tx)
      await organizationMemberships.insert(organizationId, { userId, role: role.key }, tx)
      return accepted
    })
  }

  /** @throws {ApiError} 404 `resource_not_found` for one that is not pending */
  reject(organizationId: string, id: string, caller: Caller): Promise<MembershipRequest> {
    return this.options.context.transaction(caller, (tx) => this.#settle(organizationId, id, 'rejected', tx))
  }

  async #settle(
    organizationId: string,
    id: string,
    status: 'accepted' | 'rejected',
    tx: Tx,
  ): Promise<MembershipRequest> {
    const { user } = await this.options.membershipRequestRecords.get(organizationId, id, tx)
    const settled = await this.options.membershipRequestRecords.settle(id, status, tx)
    if (!settled) throw membershipRequestErrors.notPending(id)
    await tx.audit(`organization_membership_request.${status}`, id, ['status'])
    return { ...settled, user }
  }
}
