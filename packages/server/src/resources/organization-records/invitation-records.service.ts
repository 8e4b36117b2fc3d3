import type { InstanceContext } from '../../instances/instance-context.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Page } from '../../kernel/page.js'
import { isTestEmailAddress } from '../../lib/identifiers/index.js'
import type { MessageOutbox } from '../../outbox/messages/message-outbox.js'
import type { New } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { acceptedInvitationEvent, invitationEvent } from '../organization-invitations/organization-invitations.wire.js'
import type { OrganizationRoleRecords } from '../organization-role-records/organization-role-records.service.js'
import type { TicketService } from '../tickets/tickets.service.js'
import { InvitationStore, type InvitationFilter, type InvitationPageRequest } from './invitation-records.store.js'
import { invitationStatus, type OrganizationInvitation, type PublicUser } from './organization-records.rules.js'
import type { OrganizationRecords } from './organization-records.service.js'
import type { organizationInvitations, OrganizationInvitationRecord } from './organization-records.table.js'
import { PublicUserStore } from './public-users.store.js'

interface InvitationRecordsOptions {
  context: InstanceContext
  tickets: TicketService
  messages: MessageOutbox
  organizationRecords: OrganizationRecords
  organizationRoleRecords: OrganizationRoleRecords
}

type Row = typeof organizationInvitations

/** Milliseconds. */
const DAY = 24 * 60 * 60 * 1000

/**
 * The rows of invitations to organizations, below memberships: pending ones hold a seat. They change under the lock of
 * their organization, which the caller takes; each change has its event.
 */
export class OrganizationInvitationRecords {
  readonly #store: InvitationStore
  readonly #users: PublicUserStore
  readonly memberWith: InvitationStore['memberWith']
  readonly roleIdsOfSet: InvitationStore['roleIdsOfSet']
  readonly pendingCounts: InvitationStore['pendingCounts']

  constructor(private readonly options: InvitationRecordsOptions) {
    this.#store = new InvitationStore(options.context)
    this.#users = new PublicUserStore(options.context)
    this.memberWith = (organizationId, canonical, tx) => this.#store.memberWith(organizationId, canonical, tx)
    this.roleIdsOfSet = (roleSetId, tx) => this.#store.roleIdsOfSet(roleSetId, tx)
    this.pendingCounts = (organizationIds, tx) => this.#store.pendingCounts(organizationIds, tx)
  }

  /** @throws {ApiError} 422 `form_param_value_invalid` for an order that is not known */
  async search(filter: InvitationFilter, request: InvitationPageRequest): Promise<Page<OrganizationInvitation>> {
    const { data, totalCount } = await this.#store.search(filter, request)
    return { data: await this.#withParts(data), totalCount }
  }

  /** @throws {ApiError} 404 `resource_not_found`, also for an invitation to another organization */
  async get(organizationId: string, id: string, tx?: Tx): Promise<OrganizationInvitation> {
    const invitation = await this.find(id, tx)
    if (invitation?.organizationId !== organizationId) throw errors.resourceNotFound('organization invitation', id)
    return invitation
  }

  async find(id: string, tx?: Tx): Promise<OrganizationInvitation | undefined> {
    const record = await this.#store.find(id, tx)
    return record && (await this.#withParts([record], tx))[0]
  }

  async countPending(organizationId: string, tx: Tx): Promise<number> {
    return (await this.#store.pendingCounts([organizationId], tx)).get(organizationId) ?? 0
  }

  /** @returns undefined if one is pending for the organization and the address */
  async create(fields: Omit<New<Row>, 'status' | 'isCurrent'>, tx: Tx): Promise<OrganizationInvitation | undefined> {
    await this.#store.releaseExpired(fields.organizationId, fields.canonical, tx)
    const record = await this.#store.create({ ...fields, status: 'pending', isCurrent: true }, tx)
    if (!record) return undefined
    const [invitation] = await this.#withParts([record], tx)
    await tx.emit('organizationInvitation.created', record.id, invitationEvent(invitation!, this.options.context))
    return invitation
  }

  /** Sends the link, unless the address is one for tests. */
  async mail(invitation: OrganizationInvitation, tx: Tx): Promise<void> {
    const { context, tickets, messages } = this.options
    const { emailAddress, organization, inviter, publicMetadata, redirectUrl, expiresAt } = invitation
    if (context.instance.settings.testMode && isTestEmailAddress(emailAddress)) return
    await messages.organizationInvitation(
      { address: emailAddress, identificationId: null, userId: null },
      {
        id: invitation.id,
        organizationName: organization.name,
        inviterName: inviter && nameOf(inviter),
        url: tickets.linkOf({ ...invitation, kind: 'organization_invitation' }, redirectUrl, { caller: tx.caller }),
        expiresInDays: Math.round((expiresAt - context.clock.now()) / DAY),
        publicMetadata,
      },
      tx,
    )
  }

  /** Whether the domain has ever invited the address. */
  async hasInvited(domainId: string, canonical: string, tx: Tx): Promise<boolean> {
    return (await this.#store.findBy({ domainId, canonical }, tx)) !== undefined
  }

  /** @returns undefined if it is not pending */
  async revoke(id: string, tx: Tx): Promise<OrganizationInvitation | undefined> {
    const record = await this.#store.settle(id, { status: 'revoked' }, tx)
    if (!record) return undefined
    const [invitation] = await this.#withParts([record], tx)
    await tx.emit('organizationInvitation.revoked', id, invitationEvent(invitation!, this.options.context), ['status'])
    return invitation
  }

  /** Revokes the pending ones that a domain has made. */
  async revokeAllOfDomain(domainId: string, tx: Tx): Promise<void> {
    for (const id of await this.#store.pendingOfDomain(domainId, tx)) await this.revoke(id, tx)
  }

  /** Only says so: whoever calls makes the user a member. @returns undefined if it is not pending */
  async accept(id: string, userId: string, tx: Tx): Promise<OrganizationInvitation | undefined> {
    const record = await this.#store.settle(id, { status: 'accepted', userId }, tx)
    if (!record) return undefined
    const [invitation] = await this.#withParts([record], tx)
    const event = acceptedInvitationEvent({ ...invitation!, userId }, this.options.context)
    await tx.emit('organizationInvitation.accepted', id, event, ['status'])
    await this.options.messages.spent([id], tx)
    await this.#tellInviter(invitation!, tx)
    return invitation
  }

  async #tellInviter({ inviter, organization, emailAddress }: OrganizationInvitation, tx: Tx): Promise<void> {
    // Otherwise it is a number, a name or a wallet.
    if (!inviter?.identifier.includes('@')) return
    const recipient = { address: inviter.identifier, identificationId: null, userId: inviter.id }
    const content = { organizationName: organization.name, emailAddress }
    await this.options.messages.organizationInvitationAccepted(recipient, content, tx)
  }

  /** Accepts all that invite an address of the user, who becomes a member now. */
  async acceptAllOf(organizationId: string, userId: string, tx: Tx): Promise<void> {
    for (const id of await this.#store.pendingOf(organizationId, userId, tx)) await this.accept(id, userId, tx)
  }

  /**
   * Lets pending invitations promise other roles.
   *
   * @param roleIds the new role by the old one
   */
  async changeRoles(organizationIds: readonly string[], roleIds: ReadonlyMap<string, string>, tx: Tx): Promise<void> {
    const found = await this.options.organizationRoleRecords.roles.findAll('id', [...roleIds.values()], tx)
    const roles = new Map(found.map((role) => [role.id, role]))
    const becomes = new Map([...roleIds].map(([from, to]) => [from, roles.get(to)!]))
    await this.#store.changeRoles(organizationIds, becomes, tx)
  }

  /** With what is shown of each, read for all of them at once. */
  async #withParts(records: readonly OrganizationInvitationRecord[], tx?: Tx): Promise<OrganizationInvitation[]> {
    if (records.length === 0) return []
    const { organizationRecords, organizationRoleRecords } = this.options
    const organizationIds = [...new Set(records.map((record) => record.organizationId))]
    const found = await organizationRecords.listByIds(organizationIds, tx)
    const organizations = new Map(found.map((organization) => [organization.id, organization]))
    const inviterIds = new Set(records.flatMap(({ inviterId }) => (inviterId === null ? [] : [inviterId])))
    const inviters = await this.#users.list([...inviterIds], tx)
    const roleIds = new Set(records.flatMap(({ roleId }) => (roleId === null ? [] : [roleId])))
    const held = await organizationRoleRecords.roles.findAll('id', [...roleIds], tx)
    const roles = new Map(held.map((role) => [role.id, role]))
    const invitations: OrganizationInvitation[] = []
    for (const record of records) {
      const organization = organizations.get(record.organizationId)
      // Outside of a transaction it may have been deleted since the invitation was read.
      if (!organization) continue
      const role = record.roleId === null ? undefined : roles.get(record.roleId)
      const inviter = (record.inviterId !== null && inviters.get(record.inviterId)) || null
      invitations.push({
        ...record,
        organization,
        inviter,
        roleKey: role?.key ?? record.roleKey,
        roleName: role?.name ?? record.roleName,
        url: this.#urlOf(record),
      })
    }
    return invitations
  }

  #urlOf(record: OrganizationInvitationRecord): string | null {
    const isPending = invitationStatus(record, this.options.context.clock.now()) === 'pending'
    if (!isPending || record.domainId !== null) return null
    return this.options.tickets.linkOf({ ...record, kind: 'organization_invitation' }, record.redirectUrl)
  }
}

function nameOf({ firstName, lastName, identifier }: PublicUser): string {
  return [firstName, lastName].filter(Boolean).join(' ') || identifier
}
