import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { splitAddress } from '../../lib/email-domains/index.js'
import { Rows } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import type { EmailAddressRecord } from '../email-addresses/email-addresses.table.js'
import type { OrganizationInvitationRecords } from '../organization-records/invitation-records.service.js'
import type { MembershipRecords } from '../organization-records/membership-records.service.js'
import { hasRoom, type Organization } from '../organization-records/organization-records.rules.js'
import type { OrganizationRecords } from '../organization-records/organization-records.service.js'
import type { OrganizationRoleRecords } from '../organization-role-records/organization-role-records.service.js'
import { enrols } from './organization-domains.rules.js'
import { OrganizationDomainStore } from './organization-domains.store.js'
import { organizationSuggestions, type OrganizationDomainRecord } from './organization-domains.table.js'

interface OrganizationEnrolmentOptions {
  context: InstanceContext
  organizationRecords: OrganizationRecords
  organizationInvitationRecords: OrganizationInvitationRecords
  organizationRoleRecords: OrganizationRoleRecords
  membershipRecords: MembershipRecords
}

export type VerifiedAddress = Pick<EmailAddressRecord, 'userId' | 'emailAddress' | 'canonical'>

/** Addresses that are looked at in one transaction. */
const BATCH = 100
/** How long an invitation is good for, in milliseconds. */
const LIFETIME = 30 * 24 * 60 * 60 * 1000

/**
 * Asks users to join the organization whose verified domain their verified address is at: with an invitation or a
 * suggestion, as the domain says. Each user or address once.
 */
export class OrganizationEnrolmentService {
  readonly #domains: OrganizationDomainStore
  readonly #suggestions: Rows<typeof organizationSuggestions>

  constructor(private readonly options: OrganizationEnrolmentOptions) {
    this.#domains = new OrganizationDomainStore(options.context)
    this.#suggestions = new Rows(organizationSuggestions, options.context)
  }

  /** Somebody has verified an address. Whoever locks the user does so before. */
  async addressVerified(address: VerifiedAddress, tx: Tx): Promise<void> {
    const { organizations } = this.options.context.instance.settings
    if (!organizations.enabled || !organizations.domainsEnabled) return
    const [, name] = splitAddress(address.canonical)
    const domain = await this.#domains.findBy({ name, verified: true }, tx)
    if (!domain || !enrols(domain, organizations)) return
    const organization = await this.options.organizationRecords.locked(domain.organizationId, tx)
    const now = await this.#domains.find(domain.id, tx)
    if (now && enrols(now, organizations)) await this.#enrol(address, now, organization, tx)
  }

  /**
   * Goes through the users of a domain that has begun to enrol, from where it was left.
   *
   * @param batches how many to do at most; the server does the rest by itself
   */
  async resume(domainId: string, caller: Caller, batches: number): Promise<void> {
    for (let batch = 0; batch < batches; batch++) {
      if (await this.options.context.transaction(caller, (tx) => this.#nextBatch(domainId, tx))) return
    }
  }

  /** @returns whether all are enrolled */
  async #nextBatch(domainId: string, tx: Tx): Promise<boolean> {
    const { organizationRecords, context } = this.options
    const found = await this.#domains.find(domainId, tx)
    if (!found || found.enrolledUntil === null) return true
    const organization = await organizationRecords.locked(found.organizationId, tx)
    const domain = await this.#domains.find(domainId, tx)
    if (!domain || domain.enrolledUntil === null) return true
    const active = enrols(domain, context.instance.settings.organizations)
    const addresses = active
      ? await this.#domains.verifiedAddresses(domain.name, { after: domain.enrolledUntil, limit: BATCH }, tx)
      : []
    for (const address of addresses) await this.#enrol(address, domain, organization, tx)
    const done = addresses.length < BATCH
    await this.#domains.noteEnrolled(domainId, done ? null : addresses.at(-1)!.id, tx)
    return done
  }

  /** @param organization locked */
  async #enrol(
    { userId, emailAddress, canonical }: VerifiedAddress,
    domain: OrganizationDomainRecord,
    organization: Organization,
    tx: Tx,
  ): Promise<void> {
    const { context, membershipRecords, organizationInvitationRecords: invitations } = this.options
    const organizationId = organization.id
    if (await membershipRecords.find(organizationId, userId, tx)) return
    if (domain.enrollmentMode === 'automatic_suggestion') {
      await this.#suggestions.create({ organizationId, domainId: domain.id, userId, status: 'pending' }, tx)
      return
    }
    if (await invitations.hasInvited(domain.id, canonical, tx)) return
    const { maxAllowedMemberships, membersCount } = await this.options.organizationRecords.get(organizationId, tx)
    const seatsTaken = membersCount + (await invitations.countPending(organizationId, tx))
    if (!hasRoom(maxAllowedMemberships, seatsTaken)) return
    const role = await this.options.organizationRoleRecords.roleOfNewMembers(organization.roleSetId, tx)
    const invitation = await invitations.create(
      {
        organizationId,
        emailAddress,
        canonical,
        roleId: role.id,
        roleKey: role.key,
        roleName: role.name,
        expiresAt: context.clock.now() + LIFETIME,
        publicMetadata: {},
        privateMetadata: {},
        domainId: domain.id,
      },
      tx,
    )
    if (invitation) await invitations.mail(invitation, tx)
  }
}
