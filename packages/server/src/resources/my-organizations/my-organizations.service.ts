import type { InstanceContext } from '../../instances/instance-context.js'
import type { CallerOf } from '../../kernel/caller.js'
import type { Page, PageRequest } from '../../kernel/page.js'
import type { Tx } from '../../storage/tx.js'
import type { OrganizationDomainService } from '../organization-domains/organization-domains.service.js'
import type { OrganizationSuggestion } from '../organization-domains/organization-domains.rules.js'
import type { OrganizationSuggestionService } from '../organization-domains/organization-suggestions.service.js'
import type { OrganizationInvitationService } from '../organization-invitations/organization-invitations.service.js'
import type { OrganizationMembershipService } from '../organization-memberships/organization-memberships.service.js'
import type { OrganizationInvitationRecords } from '../organization-records/invitation-records.service.js'
import type { MembershipRecords } from '../organization-records/membership-records.service.js'
import type {
  InvitationStatusFilter,
  Membership,
  OrganizationInvitation,
} from '../organization-records/organization-records.rules.js'
import { requireOrganizations } from '../organization-role-records/organization-role-records.rules.js'
import type { BrowserSessionService } from '../sessions/browser-sessions.service.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import { creationDefaults, workDomain, type CreationDefaults } from './creation-defaults.rules.js'

interface MyOrganizationOptions {
  context: InstanceContext
  userRecords: UserRecords
  membershipRecords: MembershipRecords
  organizationInvitationRecords: OrganizationInvitationRecords
  organizationMemberships: OrganizationMembershipService
  organizationInvitations: OrganizationInvitationService
  organizationDomains: OrganizationDomainService
  organizationSuggestions: OrganizationSuggestionService
  browserSessions: BrowserSessionService
}

type Person = CallerOf<'session'>

const NOTHING = { data: [], totalCount: 0 }

/**
 * What a person has to do with organizations, in their browser. Where organizations are switched off, lists are empty,
 * and all else is 403 `organization_not_enabled_in_instance`.
 */
export class MyOrganizationService {
  constructor(private readonly options: MyOrganizationOptions) {}

  /** With the number of pending invitations of each organization. Newest first. */
  async listMemberships(userId: string, page: PageRequest): Promise<Page<Membership>> {
    const { membershipRecords, organizationInvitationRecords } = this.options
    if (!this.#isEnabled()) return NOTHING
    const { data, totalCount } = await membershipRecords.search({ userId }, page)
    const pending = await organizationInvitationRecords.pendingCounts(data.map(({ organizationId }) => organizationId))
    return {
      data: data.map((membership) => ({
        ...membership,
        organization: {
          ...membership.organization,
          extras: { pendingInvitationsCount: pending.get(membership.organizationId) ?? 0 },
        },
      })),
      totalCount,
    }
  }

  /** Those to addresses that the person has verified, and those that the person has accepted; newest first. */
  async listInvitations(
    userId: string,
    { status, ...page }: PageRequest & { status?: InvitationStatusFilter[] | undefined },
  ): Promise<Page<OrganizationInvitation>> {
    if (!this.#isEnabled()) return NOTHING
    return this.options.organizationInvitationRecords.search({ userId, onlyVerified: true, status }, page)
  }

  /** Newest first. */
  async listSuggestions(
    userId: string,
    { status = [], ...page }: PageRequest & { status?: OrganizationSuggestion['status'][] | undefined },
  ): Promise<Page<OrganizationSuggestion>> {
    if (!this.#isEnabled()) return NOTHING
    return this.options.organizationSuggestions.listOf(userId, status, page)
  }

  /** @throws {ApiError} as `OrganizationMembershipService.delete` does */
  leave(organizationId: string, caller: Person): Promise<Membership> {
    return this.#change(caller, (tx) =>
      this.options.organizationMemberships.deleteIn(organizationId, caller.userId, tx),
    )
  }

  /** @throws {ApiError} as `OrganizationInvitationService.accept` does */
  acceptInvitation(id: string, caller: Person): Promise<OrganizationInvitation> {
    const { organizationInvitations, browserSessions } = this.options
    return this.#change(caller, async (tx) => {
      const invitation = await organizationInvitations.acceptOwn(id, caller.userId, tx)
      await browserSessions.joined(caller.sessionId, invitation.organizationId, tx)
      return invitation
    })
  }

  /** @throws {ApiError} as `OrganizationSuggestionService.accept` does */
  acceptSuggestion(id: string, caller: Person): Promise<OrganizationSuggestion> {
    return this.#change(caller, (tx) => this.options.organizationSuggestions.accept(id, caller.userId, tx))
  }

  /** Made of the first address, the primary one before the others, that is verified and not at a common provider. */
  async creationDefaults(userId: string): Promise<CreationDefaults> {
    const { context, userRecords, organizationDomains } = this.options
    requireOrganizations(context)
    const { emailAddresses, primaryEmailAddressId } = await userRecords.get(userId)
    const verified = emailAddresses.filter(({ verificationStatus }) => verificationStatus === 'verified')
    const ordered = [...verified].sort((a, b) => rank(a.id, primaryEmailAddressId) - rank(b.id, primaryEmailAddressId))
    const domain = ordered.map(({ canonical }) => workDomain(canonical)).find((found) => found !== undefined)
    const owner = domain === undefined ? undefined : await organizationDomains.findVerified(domain)
    return creationDefaults(domain, owner ? { organizationName: owner.organization.name, domain: owner.name } : null)
  }

  #isEnabled(): boolean {
    return this.options.context.instance.settings.organizations.enabled
  }

  #change<T>(caller: Person, body: (tx: Tx) => Promise<T>): Promise<T> {
    requireOrganizations(this.options.context)
    return this.options.context.transaction(caller, body)
  }
}

function rank(id: string, primaryId: string | null): number {
  return id === primaryId ? 0 : 1
}
