import type { InstanceContext } from '../../instances/instance-context.js'
import type { OrganizationPermission } from '../../kernel/organization-permission.js'
import type { MembershipRecords } from '../organization-records/membership-records.service.js'
import { requireOrganizations } from '../organization-role-records/organization-role-records.rules.js'
import { organizationAccessErrors } from './organization-access.errors.js'

interface OrganizationAccessOptions {
  context: InstanceContext
  membershipRecords: MembershipRecords
}

/** Who may do what in an organization. What counts is the role in the database, not what a token says. */
export class OrganizationAccessService {
  constructor(private readonly options: OrganizationAccessOptions) {}

  /**
   * @throws {ApiError} 403 `organization_not_enabled_in_instance`, 404 `organization_not_found_or_unauthorized` for who
   *   is not a member, 403 `missing_organization_permission`
   */
  async require(organizationId: string, userId: string, permission: OrganizationPermission): Promise<void> {
    const { context, membershipRecords } = this.options
    requireOrganizations(context)
    const membership = await membershipRecords.find(organizationId, userId)
    if (!membership) throw organizationAccessErrors.notFoundOrUnauthorized()
    if (permission === 'member') return
    const allowed: readonly string[] = permission
    const has = membership.role.permissions.some(({ key }) => allowed.includes(key))
    if (!has) throw organizationAccessErrors.missingPermission(permission)
  }
}
