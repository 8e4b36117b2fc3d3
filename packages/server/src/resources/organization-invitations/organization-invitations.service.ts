import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Page, PageRequest } from '../../kernel/page.js'
import type { Tx } from '../../storage/tx.js'
import type { EmailAddressService } from '../email-addresses/email-addresses.service.js'
import { invitationErrors } from '../invitations/invitations.errors.js'
import type { OrganizationMembershipService } from '../organization-memberships/organization-memberships.service.js'
import { membershipErrors } from '../organization-memberships/organization-memberships.errors.js'
import type { OrganizationInvitationRecords } from '../organization-records/invitation-records.service.js'
import type { MembershipRecords } from '../organization-records/membership-records.service.js'
import {
  hasRoom,
  invitationStatus,
  type InvitationStatusFilter,
  type Organization,
  type OrganizationInvitation,
} from '../organization-records/organization-records.rules.js'
import type { OrganizationRecords } from '../organization-records/organization-records.service.js'
import { requireOrganizations } from '../organization-role-records/organization-role-records.rules.js'
import type { OrganizationRoleRecords } from '../organization-role-records/organization-role-records.service.js'
import type { OrganizationRoleRecord } from '../organization-role-records/organization-role-records.table.js'
import { anyTicketErrors, ticketErrors } from '../tickets/tickets.errors.js'
import type { TicketService } from '../tickets/tickets.service.js'
import type { User } from '../user-records/user-records.rules.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import { organizationInvitationErrors } from './organization-invitations.errors.js'
import {
  canonicalOf,
  checkBulk,
  checkInvitation,
  DAY,
  DEFAULT_DAYS,
  requireManager,
  type CheckedInvitation,
  type OrganizationInvitationInput,
} from './organization-invitations.rules.js'

interface OrganizationInvitationOptions {
  context: InstanceContext
  organizationRecords: OrganizationRecords
  membershipRecords: MembershipRecords
  organizationInvitationRecords: OrganizationInvitationRecords
  organizationRoleRecords: OrganizationRoleRecords
  organizationMemberships: OrganizationMembershipService
  userRecords: UserRecords
  emailAddresses: EmailAddressService
  tickets: TicketService
}

interface ListRequest extends PageRequest {
  status?: InvitationStatusFilter[] | undefined
  orderBy?: string | undefined
}

/** Every method throws 403 `organization_not_enabled_in_instance` where organizations are switched off. */
export class OrganizationInvitationService {
  constructor(private readonly options: OrganizationInvitationOptions) {}

  /** @throws {ApiError} 422 for an order that is not known */
  async listAll({
    status,
    query,
    ...page
  }: ListRequest & { query?: string | undefined }): Promise<Page<OrganizationInvitation>> {
    requireOrganizations(this.options.context)
    return this.options.organizationInvitationRecords.search({ status, query, withoutDomains: true }, page)
  }

  /** @throws {ApiError} 404 `resource_not_found`, 422 for an order that is not known */
  async list(
    organizationId: string,
    { status, emailAddress, ...page }: ListRequest & { emailAddress?: string | undefined },
  ): Promise<Page<OrganizationInvitation>> {
    const { context, organizationRecords, organizationInvitationRecords } = this.options
    requireOrganizations(context)
    await organizationRecords.get(organizationId)
    const canonical = emailAddress === undefined ? undefined : canonicalOf(emailAddress)
    return organizationInvitationRecords.search({ organizationId, status, canonical, withoutDomains: true }, page)
  }

  /** @throws {ApiError} 404 `resource_not_found`, also for an invitation to another organization */
  async get(organizationId: string, id: string): Promise<OrganizationInvitation> {
    const { context, organizationRecords, organizationInvitationRecords } = this.options
    requireOrganizations(context)
    await organizationRecords.get(organizationId)
    return organizationInvitationRecords.get(organizationId, id)
  }

  /** @throws {ApiError} as `insert` does */
  create(organizationId: string, input: OrganizationInvitationInput, caller: Caller): Promise<OrganizationInvitation> {
    const checked = this.#check(input)
    return this.options.context.transaction(
      caller,
      async (tx) => (await this.#insert(organizationId, [checked], tx))[0]!,
    )
  }

  /**
   * All of them or, if one is wrong, none.
   *
   * @throws {ApiError} 400 `bulk_size_exceeded`, and as `insert` does
   */
  async createAll(
    organizationId: string,
    inputs: readonly OrganizationInvitationInput[],
    caller: Caller,
  ): Promise<Page<OrganizationInvitation>> {
    const checked = inputs.map((input) => this.#check(input))
    checkBulk(checked)
    const data = await this.options.context.transaction(caller, (tx) => this.#insert(organizationId, checked, tx))
    return { data, totalCount: data.length }
  }

  /**
   * For what invites as a part of something else.
   *
   * @throws {ApiError} 400 `already_a_member_in_organization`, `invitations_not_supported`,
   *   `organization_invitation_not_unique`, 403 `organization_membership_quota_exceeded`, and by the inviter's role, 404
   *   for an unknown organization, inviter or role, 422 for each parameter against the rules
   */
  async insert(organizationId: string, input: OrganizationInvitationInput, tx: Tx): Promise<OrganizationInvitation> {
    return (await this.#insert(organizationId, [this.#check(input)], tx))[0]!
  }

  /**
   * @param requestingUserId in whose name, if in a person's
   * @throws {ApiError} 403 by the role of that person, 404 `resource_not_found`, `organization_invitation_not_pending`
   */
  revoke(
    organizationId: string,
    id: string,
    requestingUserId: string | null | undefined,
    caller: Caller,
  ): Promise<OrganizationInvitation> {
    const { context, organizationRecords } = this.options
    requireOrganizations(context)
    return context.transaction(caller, async (tx) => {
      await organizationRecords.locked(organizationId, tx)
      if (requestingUserId != null) await this.#manager(organizationId, requestingUserId, tx)
      return this.revokeIn(organizationId, id, tx)
    })
  }

  /** @throws {ApiError} 404 `resource_not_found`, `organization_invitation_not_pending` */
  async revokeIn(organizationId: string, id: string, tx: Tx): Promise<OrganizationInvitation> {
    const { organizationInvitationRecords } = this.options
    await organizationInvitationRecords.get(organizationId, id, tx)
    const revoked = await organizationInvitationRecords.revoke(id, tx)
    if (!revoked) throw organizationInvitationErrors.notPending(id)
    return revoked
  }

  /**
   * What the token in a link invites to. Nothing is spent yet: a sign-in asks first whose address it is.
   *
   * @throws {ApiError} 400 `ticket_invalid_code`, `ticket_expired_code`, `organization_invitation_revoked_code`,
   *   `organization_invitation_already_accepted`, `organization_invitation_to_deleted_organization`
   */
  async open(token: string): Promise<OrganizationInvitation> {
    const { context, tickets, organizationInvitationRecords } = this.options
    requireOrganizations(context)
    const { sid } = tickets.verify(token, ['organization_invitation'])
    const invitation = await organizationInvitationRecords.find(sid)
    if (!invitation) throw ticketErrors.organization_invitation.gone()
    this.#requirePending(invitation)
    return invitation
  }

  /**
   * Makes the user a member, for a user who is signed in.
   *
   * @throws {ApiError} 404 `organization_invitation_not_found` for an invitation to an address that the user has not
   *   verified, and as `acceptIn` does
   */
  accept(id: string, userId: string, caller: Caller): Promise<OrganizationInvitation> {
    return this.options.context.transaction(caller, (tx) => this.acceptOwn(id, userId, tx))
  }

  /** @throws {ApiError} as `accept` does */
  async acceptOwn(id: string, userId: string, tx: Tx): Promise<OrganizationInvitation> {
    const { organizationInvitationRecords, userRecords } = this.options
    const invitation = await organizationInvitationRecords.find(id, tx)
    const requireOwn = ({ emailAddresses }: User) => {
      const own = emailAddresses.find(({ canonical }) => canonical === invitation?.canonical)
      if (own?.verificationStatus !== 'verified') throw organizationInvitationErrors.notFound(id)
    }
    requireOwn(await userRecords.get(userId, tx))
    // Whoever comes too late need not wait for those who are before.
    this.#requirePending(invitation!)
    requireOwn(await userRecords.locked(userId, tx))
    return this.acceptIn(id, userId, tx)
  }

  /**
   * Accepts an invitation for somebody who has come with its link, within the transaction that signs them in or up: the
   * address becomes verified, as only its mailbox has the link, and the user a member with the role as it is now. Where
   * the organization's role set lacks it, that is the role of new members.
   *
   * @throws {ApiError} 400 `organization_invitation_identification_not_exist` for a user without the address, the codes
   *   of `open`, and of `OrganizationMembershipService.insert`
   */
  async acceptIn(id: string, userId: string, tx: Tx): Promise<OrganizationInvitation> {
    const { context, organizationRecords, organizationInvitationRecords, organizationMemberships } = this.options
    requireOrganizations(context)
    const invitation = await organizationInvitationRecords.find(id, tx)
    if (!invitation) throw ticketErrors.organization_invitation.gone()
    this.#requirePending(invitation)
    await this.#verifyAddress(invitation, userId, tx)
    const organization = await organizationRecords.locked(invitation.organizationId, tx)
    const accepted = await organizationInvitationRecords.accept(id, userId, tx)
    if (!accepted) this.#requirePending((await organizationInvitationRecords.find(id, tx)) ?? invitation)
    const { publicMetadata, privateMetadata } = invitation
    const role = await this.#roleAtAcceptance(organization, accepted!.roleKey, tx)
    await organizationMemberships.insert(organization.id, { userId, role, publicMetadata, privateMetadata }, tx)
    return accepted!
  }

  /** @throws {ApiError} 400 `organization_invitation_identification_not_exist` */
  async #verifyAddress({ canonical, emailAddress }: OrganizationInvitation, userId: string, tx: Tx): Promise<void> {
    const { userRecords, emailAddresses } = this.options
    const user = await userRecords.locked(userId, tx)
    const own = user.emailAddresses.find((address) => address.canonical === canonical)
    if (!own) throw organizationInvitationErrors.identificationNotExist(emailAddress)
    if (own.verificationStatus !== 'verified') await emailAddresses.verifyBy('ticket', own.id, tx)
  }

  #requirePending(invitation: OrganizationInvitation): void {
    const status = invitationStatus(invitation, this.options.context.clock.now())
    if (status === 'accepted') throw ticketErrors.organization_invitation.used()
    if (status === 'revoked') throw ticketErrors.organization_invitation.revoked()
    if (status === 'expired') throw anyTicketErrors.expired()
  }

  #check(input: OrganizationInvitationInput): CheckedInvitation {
    const { context } = this.options
    requireOrganizations(context)
    if (!context.instance.settings.identifiers.emailAddress.enabled) throw invitationErrors.notSupported()
    return checkInvitation(input)
  }

  async #insert(organizationId: string, checked: readonly CheckedInvitation[], tx: Tx) {
    const { context, organizationRecords, organizationInvitationRecords: records } = this.options
    const organization = await organizationRecords.locked(organizationId, tx)
    const created: OrganizationInvitation[] = []
    for (const { input, address, canonical, publicMetadata, privateMetadata } of checked) {
      const { inviterUserId: inviterId, redirectUrl } = input
      if (inviterId != null) await this.#manager(organizationId, inviterId, tx)
      const role = await this.#role(organization, input.role, tx)
      if (await records.memberWith(organizationId, canonical, tx)) {
        throw organizationInvitationErrors.alreadyMember(address)
      }
      const days = input.expiresInDays ?? DEFAULT_DAYS
      const invitation = await records.create(
        {
          ...(input.id === undefined ? {} : { id: input.id }),
          organizationId,
          emailAddress: address,
          canonical,
          roleId: role.id,
          roleKey: role.key,
          roleName: role.name,
          inviterId: inviterId ?? null,
          expiresAt: context.clock.now() + days * DAY,
          redirectUrl: redirectUrl ?? null,
          publicMetadata,
          privateMetadata,
        },
        tx,
      )
      if (!invitation) throw organizationInvitationErrors.notUnique(address)
      if (input.notify !== false) await records.mail(invitation, tx)
      created.push(invitation)
    }
    await this.#requireRoom(organization, tx)
    return created
  }

  /** Counted with what was just created. */
  async #requireRoom({ id, maxAllowedMemberships, membersCount }: Organization, tx: Tx): Promise<void> {
    const pending = await this.options.organizationInvitationRecords.countPending(id, tx)
    if (!hasRoom(maxAllowedMemberships, membersCount + pending, 0)) {
      throw membershipErrors.quotaExceeded(maxAllowedMemberships)
    }
  }

  /** @throws {ApiError} 403 by the role, 404 `resource_not_found` */
  async #manager(organizationId: string, userId: string, tx: Tx): Promise<void> {
    const { userRecords, membershipRecords } = this.options
    await userRecords.get(userId, tx)
    requireManager(userId, await membershipRecords.find(organizationId, userId, tx))
  }

  /** @throws {ApiError} 404 `resource_not_found` for a role that the organization's role set lacks */
  async #role(organization: Organization, key: string, tx: Tx): Promise<OrganizationRoleRecord> {
    const { organizationRoleRecords } = this.options
    const setId = organization.roleSetId ?? (await organizationRoleRecords.initialSet(tx)).id
    const role = await organizationRoleRecords.findInSet(setId, key, tx)
    if (!role) throw errors.resourceNotFound('role in the role set of the organization', key)
    return role
  }

  /** The key of the promised role or, if the organization's role set lacks it, of the role of new members. */
  async #roleAtAcceptance({ roleSetId }: Organization, key: string, tx: Tx): Promise<string> {
    const { organizationRoleRecords: records } = this.options
    const set = roleSetId === null ? await records.initialSet(tx) : await records.roleSets.get(roleSetId, tx)
    if (await records.findInSet(set.id, key, tx)) return key
    return (await records.roles.get(set.defaultRoleId, tx)).key
  }
}
