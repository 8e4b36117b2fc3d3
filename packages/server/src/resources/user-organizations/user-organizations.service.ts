import type { InstanceContext } from '../../instances/instance-context.js'
import type { Page, PageRequest } from '../../kernel/page.js'
import type { OrganizationInvitationRecords } from '../organization-records/invitation-records.service.js'
import type { MembershipRecords } from '../organization-records/membership-records.service.js'
import type {
  InvitationStatus,
  Membership,
  OrganizationInvitation,
} from '../organization-records/organization-records.rules.js'
import { requireOrganizations } from '../organization-role-records/organization-role-records.rules.js'
import type { UserRecords } from '../user-records/user-records.service.js'

interface UserOrganizationOptions {
  context: InstanceContext
  userRecords: UserRecords
  membershipRecords: MembershipRecords
  organizationInvitationRecords: OrganizationInvitationRecords
}

/** What a user has to do with organizations. */
export class UserOrganizationService {
  constructor(private readonly options: UserOrganizationOptions) {}

  /**
   * Newest first.
   *
   * @throws {ApiError} 403 `organization_not_enabled_in_instance`, 404 for an unknown user
   */
  async listMemberships(userId: string, page: PageRequest): Promise<Page<Membership>> {
    const { context, userRecords, membershipRecords } = this.options
    requireOrganizations(context)
    await userRecords.get(userId)
    return membershipRecords.search({ userId }, page)
  }

  /**
   * Those to addresses that the user has verified or reserved, and those that the user has accepted; newest first.
   *
   * @throws {ApiError} 403 `organization_not_enabled_in_instance`, 404 for an unknown user
   */
  async listInvitations(
    userId: string,
    { status, ...page }: PageRequest & { status?: InvitationStatus | undefined },
  ): Promise<Page<OrganizationInvitation>> {
    const { context, userRecords, organizationInvitationRecords } = this.options
    requireOrganizations(context)
    await userRecords.get(userId)
    return organizationInvitationRecords.search({ userId, status: status && [status] }, page)
  }
}
