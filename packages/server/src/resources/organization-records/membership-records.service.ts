import type { InstanceContext } from '../../instances/instance-context.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Page } from '../../kernel/page.js'
import { fieldNames, type Changes } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { membershipErrors } from '../organization-memberships/organization-memberships.errors.js'
import { organizationMembership as membershipWire } from '../organization-memberships/organization-memberships.wire.js'
import type { OrganizationRoleRecords } from '../organization-role-records/organization-role-records.service.js'
import type { OrganizationInvitationRecords } from './invitation-records.service.js'
import { MembershipStore, type MembershipFilter, type MembershipPageRequest } from './membership-records.store.js'
import { MembershipRequestStore } from './membership-requests.store.js'
import { hasRoom, type Membership, type NewMembership, type Organization } from './organization-records.rules.js'
import type { OrganizationRecords } from './organization-records.service.js'
import type { MembershipRecord, organizationMemberships } from './organization-records.table.js'
import { PublicUserStore } from './public-users.store.js'

/** Of a user's memberships, where all are shown. */
const SHOWN_OF_USER = 500
/** Rows that are read at once where all members of something change. */
const BATCH = 500

interface MembershipRecordsOptions {
  context: InstanceContext
  organizationRecords: OrganizationRecords
  organizationRoleRecords: OrganizationRoleRecords
  organizationInvitationRecords: OrganizationInvitationRecords
}

/**
 * The rows of memberships, below everything that has members. They change under the lock of their organization, which
 * the caller takes; each change has its event.
 */
export class MembershipRecords {
  readonly #store: MembershipStore
  readonly #users: PublicUserStore
  readonly #requests: MembershipRequestStore
  readonly roleIdsOf: MembershipStore['roleIdsOf']
  readonly withPermission: MembershipStore['withPermission']

  constructor(private readonly options: MembershipRecordsOptions) {
    this.#store = new MembershipStore(options.context)
    this.#users = new PublicUserStore(options.context)
    this.#requests = new MembershipRequestStore(options.context)
    this.roleIdsOf = (organizationId, tx, exceptUserId) => this.#store.roleIdsOf(organizationId, tx, exceptUserId)
    this.withPermission = (organizationIds, key) => this.#store.withPermission(organizationIds, key)
  }

  /** @throws {ApiError} 422 `form_param_value_invalid` for an order that is not known */
  async search(filter: MembershipFilter, request: MembershipPageRequest): Promise<Page<Membership>> {
    const { data, totalCount } = await this.#store.search(filter, request)
    return { data: await this.#withParts(data), totalCount }
  }

  /** @throws {ApiError} 404 `resource_not_found` if the user is not a member */
  async get(organizationId: string, userId: string, tx?: Tx): Promise<Membership> {
    const membership = await this.find(organizationId, userId, tx)
    if (!membership) throw errors.resourceNotFound('member of the organization', userId)
    return membership
  }

  async find(organizationId: string, userId: string, tx?: Tx): Promise<Membership | undefined> {
    const record = await this.#store.findBy({ organizationId, userId }, tx)
    return record && (await this.#withParts([record], tx))[0]
  }

  /** The user's memberships, newest first. None while organizations are switched off. */
  async ofUser(userId: string): Promise<Membership[]> {
    if (!this.options.context.instance.settings.organizations.enabled) return []
    return (await this.search({ userId }, { limit: SHOWN_OF_USER, offset: 0 })).data
  }

  /** Whether the user is a member of the organization. */
  async has(organizationId: string, userId: string, tx?: Tx): Promise<boolean> {
    return (await this.#store.findBy({ organizationId, userId }, tx)) !== undefined
  }

  /** How many organizations the user is a member of. */
  async countOf(userId: string, tx: Tx): Promise<number> {
    return (await this.#store.list({ userId }, tx)).length
  }

  /**
   * Makes the user a member. The user exists, and the role is in the organization's role set. Pending invitations to the
   * user's addresses are accepted by it; they held a seat until now. So is a request of the user to join.
   *
   * @param organization locked
   * @throws {ApiError} 400 `already_a_member_in_organization`, 403 `organization_membership_quota_exceeded`
   */
  async create(organization: Organization, member: NewMembership, tx: Tx): Promise<Membership> {
    const { context, organizationRecords, organizationInvitationRecords: invitations } = this.options
    const { publicMetadata = {}, privateMetadata = {}, startsActive = true, ...fields } = member
    const row = { ...fields, organizationId: organization.id, publicMetadata, privateMetadata, startsActive }
    const record = await this.#store.create(row, tx)
    if (!record) throw membershipErrors.alreadyMember(member.userId)
    await invitations.acceptAllOf(organization.id, member.userId, tx)
    await this.#requests.settleOf(organization.id, member.userId, 'accepted', tx)
    const { maxAllowedMemberships, membersCount } = organization
    const seatsTaken = membersCount + (await invitations.countPending(organization.id, tx))
    if (!hasRoom(maxAllowedMemberships, seatsTaken)) throw membershipErrors.quotaExceeded(maxAllowedMemberships)
    await organizationRecords.changeMembersCount(organization.id, 1, tx)
    const [membership] = await this.#withParts([record], tx)
    await tx.emit('organizationMembership.created', record.id, membershipWire.toJSON(membership!, context))
    return membership!
  }

  /** @param membership of a locked organization */
  async change(membership: Membership, changes: Changes<typeof organizationMemberships>, tx: Tx): Promise<Membership> {
    const { organizationId, userId, id } = membership
    await this.#store.update(id, changes, tx)
    const changed = await this.get(organizationId, userId, tx)
    const names = fieldNames(changes).map((name) => (name === 'role_id' ? 'role' : name))
    await tx.emit('organizationMembership.updated', id, membershipWire.toJSON(changed, this.options.context), names)
    return changed
  }

  /** @param membership of a locked organization */
  async delete(membership: Membership, tx: Tx): Promise<void> {
    await this.#store.removeAll([membership.id], tx)
    await this.#deleted([membership], tx)
  }

  /** Every membership of a user, whose organizations are locked in the order of their ids. Lock the user first. */
  async lockedOf(userId: string, tx: Tx): Promise<Membership[]> {
    const held = await this.#store.list({ userId }, tx)
    const organizationIds = held.map(({ organizationId }) => organizationId).sort()
    for (const id of organizationIds) await this.options.organizationRecords.locked(id, tx)
    return this.#withParts(await this.#store.list({ userId }, tx), tx)
  }

  /**
   * Deletes every membership of an organization, or of a user. Locks the organizations itself, in the order of their ids.
   */
  async deleteAllOf(owner: { organizationId: string } | { userId: string }, tx: Tx): Promise<void> {
    const { organizationRecords } = this.options
    for (;;) {
      const found = await this.#store.batch(owner, { limit: BATCH }, tx)
      if (found.length === 0) return
      const organizationIds = [...new Set(found.map(({ organizationId }) => organizationId))].sort()
      for (const id of organizationIds) await organizationRecords.locked(id, tx)
      // Somebody may have left before the lock.
      const records = await this.#store.batch(owner, { limit: BATCH }, tx)
      const locked = records.filter(({ organizationId }) => organizationIds.includes(organizationId))
      const memberships = await this.#withParts(locked, tx)
      await this.#store.removeAll(
        memberships.map(({ id }) => id),
        tx,
      )
      await this.#deleted(memberships, tx)
    }
  }

  /**
   * Gives the members of the organizations other roles, each member once, so that two roles can change places.
   *
   * @param organizationIds locked
   * @param roleIds the new role by the old one; members with others keep theirs
   */
  async changeRoles(organizationIds: readonly string[], roleIds: ReadonlyMap<string, string>, tx: Tx): Promise<void> {
    for (const organizationId of organizationIds) {
      let after: string | undefined
      do {
        const page = { limit: BATCH, ...(after === undefined ? {} : { after }) }
        const records = await this.#store.batch({ organizationId, roleIds: [...roleIds.keys()] }, page, tx)
        after = records.at(-1)?.id
        for (const membership of await this.#withParts(records, tx)) {
          await this.change(membership, { roleId: roleIds.get(membership.roleId)! }, tx)
        }
      } while (after !== undefined)
    }
  }

  /**
   * Which organization is active in a new session of a user: the one that is asked for, else the one that the user has
   * joined since another was active, else the one that was active last. Sessions after it begin with the same.
   *
   * @param requested the user must be a member of it
   * @param now Unix milliseconds
   * @throws {ApiError} 404 `resource_not_found`
   */
  async beginSession(userId: string, requested: string | undefined, now: number, tx: Tx): Promise<string | null> {
    const { organizationRecords } = this.options
    const id = requested ?? (await this.#store.startingOrganization(userId, tx))
    if (id === undefined) return null
    if (requested === undefined && !(await organizationRecords.find(id, tx))) return null
    await organizationRecords.locked(id, tx)
    const isMember = (await this.#store.findBy({ organizationId: id, userId }, tx)) !== undefined
    if (!isMember && requested !== undefined) throw errors.resourceNotFound('organization of the user', id)
    await this.#store.startWith(isMember ? id : null, userId, tx)
    if (!isMember) return null
    await organizationRecords.seen(id, now, tx)
    return id
  }

  /** Call it when the user has made an organization active, or none: the next session begins with it. */
  madeActive(organizationId: string | null, userId: string, tx: Tx): Promise<void> {
    return this.#store.startWith(organizationId, userId, tx)
  }

  async #deleted(memberships: readonly Membership[], tx: Tx): Promise<void> {
    const { context, organizationRecords } = this.options
    const left = new Map<string, number>()
    for (const membership of memberships) {
      left.set(membership.organizationId, (left.get(membership.organizationId) ?? 0) + 1)
      const json = membershipWire.toJSON(membership, context)
      await tx.emit('organizationMembership.deleted', membership.id, json)
    }
    for (const [id, count] of left) await organizationRecords.changeMembersCount(id, -count, tx)
  }

  /** With what is shown of each, read for all of them at once. */
  async #withParts(records: readonly MembershipRecord[], tx?: Tx): Promise<Membership[]> {
    if (records.length === 0) return []
    const { organizationRecords, organizationRoleRecords } = this.options
    const distinct = (field: 'organizationId' | 'userId' | 'roleId') => [...new Set(records.map((row) => row[field]))]
    const organizations = byId(await organizationRecords.listByIds(distinct('organizationId'), tx))
    const users = await this.#users.list(distinct('userId'), tx)
    const found = await organizationRoleRecords.roles.findAll('id', distinct('roleId'), tx)
    const roles = byId(await organizationRoleRecords.withPermissions(found, tx))
    const memberships: Membership[] = []
    for (const record of records) {
      const organization = organizations.get(record.organizationId)
      const user = users.get(record.userId)
      const role = roles.get(record.roleId)
      // Outside of a transaction one of them may have been deleted since the membership was read.
      if (organization && user && role) memberships.push({ ...record, organization, user, role })
    }
    return memberships
  }
}

function byId<Row extends { id: string }>(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.id, row]))
}
