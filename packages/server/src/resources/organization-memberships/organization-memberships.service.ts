import type { CreateOrganizationMembershipJSON } from '@latchkey/types'
import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import { checkMetadata, mergeMetadata, type MetadataInput } from '../../kernel/metadata.js'
import type { Page, PageRequest } from '../../kernel/page.js'
import type { Camelized } from '../../kernel/wire.js'
import type { Tx } from '../../storage/tx.js'
import type { MembershipRecords } from '../organization-records/membership-records.service.js'
import type { Membership, Organization } from '../organization-records/organization-records.rules.js'
import type { OrganizationRecords } from '../organization-records/organization-records.service.js'
import { currentRoleKey, requireOrganizations } from '../organization-role-records/organization-role-records.rules.js'
import type { OrganizationRoleRecords } from '../organization-role-records/organization-role-records.service.js'
import type { OrganizationRoleRecord } from '../organization-role-records/organization-role-records.table.js'
import type { SessionService } from '../sessions/sessions.service.js'
import type { UserFilter } from '../user-records/user-filter.rules.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import { requireKeeper } from './keepers.rules.js'
import { membershipErrors } from './organization-memberships.errors.js'

interface MembershipServiceOptions {
  context: InstanceContext
  organizationRecords: OrganizationRecords
  membershipRecords: MembershipRecords
  organizationRoleRecords: OrganizationRoleRecords
  userRecords: UserRecords
  sessions: SessionService
}

/** `id` and `createdAt` (Unix milliseconds) are for a seed; default is a new member of now. */
export type CreateMembershipInput = Camelized<CreateOrganizationMembershipJSON> & {
  id?: string | undefined
  createdAt?: number | undefined
  /** See `NewMembership`. */
  startsActive?: boolean | undefined
}

export interface MembershipListRequest extends PageRequest {
  filter?: UserFilter | undefined
  /** Keys of roles. */
  role?: string[] | undefined
  orderBy?: string | undefined
}

/** Every method throws 403 `organization_not_enabled_in_instance` where organizations are switched off. */
export class OrganizationMembershipService {
  constructor(private readonly options: MembershipServiceOptions) {}

  /** @throws {ApiError} 404 `resource_not_found`, 422 for an order or a filter that does not fit */
  async list(
    organizationId: string,
    { filter = {}, role, ...request }: MembershipListRequest,
  ): Promise<Page<Membership>> {
    const { context, organizationRecords, membershipRecords, userRecords } = this.options
    requireOrganizations(context)
    await organizationRecords.get(organizationId)
    const isFiltered = Object.values(filter).some((value) => value !== undefined)
    const users = isFiltered ? await userRecords.selection(filter) : undefined
    const roleIds = role && (await this.#rolesWith(role)).map(({ id }) => id)
    return membershipRecords.search({ organizationId, users, roleIds }, request)
  }

  /** @throws {ApiError} 422 for an order that is not known */
  async listAll(request: PageRequest & { orderBy?: string | undefined }): Promise<Page<Membership>> {
    requireOrganizations(this.options.context)
    return this.options.membershipRecords.search({}, request)
  }

  /** @throws {ApiError} 404 `resource_not_found`, and as `insert` does */
  create(organizationId: string, input: CreateMembershipInput, caller: Caller): Promise<Membership> {
    requireOrganizations(this.options.context)
    return this.options.context.transaction(caller, (tx) => this.insert(organizationId, input, tx))
  }

  /**
   * @throws {ApiError} 400 `already_a_member_in_organization`, 403 `organization_membership_quota_exceeded`, 404 for an
   *   unknown organization, user or role, 422 `exclusive_organization_membership`
   */
  async insert(organizationId: string, input: CreateMembershipInput, tx: Tx): Promise<Membership> {
    const { context, organizationRecords, membershipRecords, userRecords } = this.options
    const { userId, role, publicMetadata, privateMetadata, ...rest } = input
    const metadata = checkMetadata({
      publicMetadata: publicMetadata ?? undefined,
      privateMetadata: privateMetadata ?? undefined,
    })
    await organizationRecords.get(organizationId, tx)
    await userRecords.locked(userId, tx)
    const organization = await organizationRecords.locked(organizationId, tx)
    const { id: roleId } = await this.#role(organization, role, tx)
    const membership = await membershipRecords.create(organization, { ...rest, userId, roleId, ...metadata }, tx)
    const { exclusiveMembership } = context.instance.settings.organizations
    if (exclusiveMembership && (await membershipRecords.countOf(userId, tx)) > 1) throw membershipErrors.exclusive()
    return membership
  }

  /**
   * @throws {ApiError} 400 `organization_minimum_permissions_needed`, 404 for who is not a member, and for a role that
   *   the organization's role set lacks
   */
  updateRole(organizationId: string, userId: string, key: string, caller: Caller): Promise<Membership> {
    const { context, organizationRecords, membershipRecords, organizationRoleRecords } = this.options
    requireOrganizations(context)
    return context.transaction(caller, async (tx) => {
      const organization = await organizationRecords.locked(organizationId, tx)
      const membership = await membershipRecords.get(organizationId, userId, tx)
      const role = await this.#role(organization, key, tx)
      if (role.id === membership.roleId) return membership
      const [after] = await organizationRoleRecords.withPermissions([role], tx)
      requireKeeper({ before: membership.role, after, others: await this.#otherRoles(membership, tx) })
      return membershipRecords.change(membership, { roleId: role.id }, tx)
    })
  }

  /** @throws {ApiError} 404 for who is not a member, 422 `form_param_exceeds_allowed_size` if a merged value is over 8 KB */
  mergeMetadata(organizationId: string, userId: string, input: MetadataInput, caller: Caller): Promise<Membership> {
    const { context, organizationRecords, membershipRecords } = this.options
    requireOrganizations(context)
    return context.transaction(caller, async (tx) => {
      await organizationRecords.locked(organizationId, tx)
      const membership = await membershipRecords.get(organizationId, userId, tx)
      const { publicMetadata, privateMetadata } = checkMetadata(mergeMetadata(membership, input))
      const changes = {
        ...(publicMetadata ? { publicMetadata } : {}),
        ...(privateMetadata ? { privateMetadata } : {}),
      }
      return Object.keys(changes).length === 0 ? membership : membershipRecords.change(membership, changes, tx)
    })
  }

  /**
   * The member leaves, and sessions with the organization active go on without one.
   *
   * @throws {ApiError} 400 `organization_minimum_permissions_needed`, 404 for who is not a member, 422
   *   `personal_accounts_not_allowed`
   */
  delete(organizationId: string, userId: string, caller: Caller): Promise<Membership> {
    requireOrganizations(this.options.context)
    return this.options.context.transaction(caller, (tx) => this.deleteIn(organizationId, userId, tx))
  }

  /** @throws {ApiError} as `delete` does */
  async deleteIn(organizationId: string, userId: string, tx: Tx): Promise<Membership> {
    const { context, organizationRecords, membershipRecords, userRecords, sessions } = this.options
    const { personalAccountsEnabled } = context.instance.settings.organizations
    await organizationRecords.get(organizationId, tx)
    // Locked, so that of two last organizations the user does not leave both at once.
    if (!personalAccountsEnabled) await userRecords.locked(userId, tx)
    await organizationRecords.locked(organizationId, tx)
    const membership = await membershipRecords.get(organizationId, userId, tx)
    const others = await this.#otherRoles(membership, tx)
    requireKeeper({ before: membership.role, after: undefined, others })
    if (!personalAccountsEnabled && (await membershipRecords.countOf(userId, tx)) === 1) {
      throw membershipErrors.personalAccountsNotAllowed()
    }
    await membershipRecords.delete(membership, tx)
    await sessions.leaveOrganization({ organizationId, userId }, tx)
    return membership
  }

  /**
   * Call it before people delete themselves: no organization may be left without anybody who can manage it.
   *
   * @throws {ApiError} 400 `organization_minimum_permissions_needed`
   */
  async requireKeepersBeside(userId: string, tx: Tx): Promise<void> {
    if (!this.options.context.instance.settings.organizations.enabled) return
    for (const membership of await this.options.membershipRecords.lockedOf(userId, tx)) {
      const others = await this.#otherRoles(membership, tx)
      requireKeeper({ before: membership.role, after: undefined, others })
    }
  }

  /** The different roles of the other members. */
  async #otherRoles({ organizationId, userId }: Membership, tx: Tx) {
    const { membershipRecords, organizationRoleRecords } = this.options
    const ids = await membershipRecords.roleIdsOf(organizationId, tx, userId)
    return organizationRoleRecords.withPermissions(await organizationRoleRecords.roles.findAll('id', ids, tx), tx)
  }

  /** @throws {ApiError} 404 `resource_not_found` for a role that the organization's role set lacks */
  async #role({ roleSetId }: Organization, key: string, tx: Tx): Promise<OrganizationRoleRecord> {
    const { organizationRoleRecords } = this.options
    const setId = roleSetId ?? (await organizationRoleRecords.initialSet(tx)).id
    const role = await organizationRoleRecords.findInSet(setId, key, tx)
    if (!role) throw errors.resourceNotFound('role in the role set of the organization', key)
    return role
  }

  /** Those of the keys that are roles of the instance. */
  #rolesWith(keys: readonly string[]): Promise<OrganizationRoleRecord[]> {
    return this.options.organizationRoleRecords.roles.findAll(
      'key',
      keys.flatMap((key) => [key, currentRoleKey(key)]),
    )
  }
}
