import type { Caller } from '../../kernel/caller.js'
import type { Page, PageRequest } from '../../kernel/page.js'
import type { Membership } from '../organization-records/organization-records.rules.js'
import type { OrganizationMembershipService } from './organization-memberships.service.js'

interface MemberOptions {
  organizationMemberships: OrganizationMembershipService
}

interface ListRequest extends PageRequest {
  query?: string | undefined
  role?: string[] | undefined
}

/** The members of an organization as one of them sees and manages them in a browser. */
export class MemberService {
  constructor(private readonly options: MemberOptions) {}

  /** Newest first. */
  list(organizationId: string, { query, role, limit, offset }: ListRequest): Promise<Page<Membership>> {
    const filter = query ? { query } : {}
    const roles = role?.filter((key) => key !== '')
    return this.options.organizationMemberships.list(organizationId, {
      filter,
      role: roles && roles.length > 0 ? roles : undefined,
      limit,
      offset,
    })
  }

  /** @throws {ApiError} as `OrganizationMembershipService.create` does */
  create(organizationId: string, member: { userId: string; role: string }, caller: Caller): Promise<Membership> {
    return this.options.organizationMemberships.create(organizationId, { ...member, startsActive: false }, caller)
  }

  /** @throws {ApiError} as `OrganizationMembershipService.updateRole` does */
  updateRole(organizationId: string, userId: string, role: string, caller: Caller): Promise<Membership> {
    return this.options.organizationMemberships.updateRole(organizationId, userId, role, caller)
  }

  /** Also the person's own membership. @throws {ApiError} as `OrganizationMembershipService.delete` does */
  remove(organizationId: string, userId: string, caller: Caller): Promise<Membership> {
    return this.options.organizationMemberships.delete(organizationId, userId, caller)
  }
}
