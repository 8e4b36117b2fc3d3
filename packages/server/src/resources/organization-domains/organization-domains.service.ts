import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { toDeletedJSON } from '../../kernel/component.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Page, PageRequest } from '../../kernel/page.js'
import { fieldNames, type Changes } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import type { OrganizationInvitationRecords } from '../organization-records/invitation-records.service.js'
import type { OrganizationRecords } from '../organization-records/organization-records.service.js'
import { organizationDomainErrors } from './organization-domains.errors.js'
import {
  affiliatedBy,
  affiliatedByAdmin,
  enrols,
  nameToFind,
  parseDomain,
  parseModes,
  parseQuery,
  requireDomains,
  requireMode,
  unaffiliated,
  type CreateDomainInput,
  type OrganizationDomain,
  type UpdateDomainInput,
} from './organization-domains.rules.js'
import type { OrganizationEnrolmentService } from './organization-enrolment.service.js'
import { OrganizationDomainStore, type DomainFilter } from './organization-domains.store.js'
import { OrganizationSuggestionStore } from './organization-suggestions.store.js'
import type { OrganizationDomainRecord, organizationDomains } from './organization-domains.table.js'
import { organizationDomain as domainWire } from './organization-domains.wire.js'

interface OrganizationDomainOptions {
  context: InstanceContext
  organizationRecords: OrganizationRecords
  organizationInvitationRecords: OrganizationInvitationRecords
  organizationEnrolment: OrganizationEnrolmentService
}

type OwnershipField = Extract<keyof OrganizationDomainRecord, `ownership${string}`>
export type OwnershipChanges = Partial<Pick<OrganizationDomainRecord, OwnershipField>>
type AffiliationField = 'verified' | Extract<keyof OrganizationDomainRecord, `affiliation${string}`>
export type AffiliationChanges = Partial<Pick<OrganizationDomainRecord, AffiliationField>>

/** Of users that a request enrols itself; see `OrganizationEnrolmentService`. */
const BATCHES = 20

interface ListRequest extends PageRequest {
  verified?: boolean | undefined
  enrollmentMode?: string[] | undefined
}

/**
 * The domains of organizations. They change under the lock of their organization. Every method throws 403
 * `organization_not_enabled_in_instance` where organizations are switched off, `organization_domains_not_enabled` where
 * their domains are.
 */
export class OrganizationDomainService {
  readonly #store: OrganizationDomainStore
  readonly #suggestions: OrganizationSuggestionStore

  constructor(private readonly options: OrganizationDomainOptions) {
    this.#store = new OrganizationDomainStore(options.context)
    this.#suggestions = new OrganizationSuggestionStore(options.context)
  }

  /** @throws {ApiError} 404 `resource_not_found`, 422 for an unknown mode */
  async list(
    organizationId: string,
    { verified, enrollmentMode, ...page }: ListRequest,
  ): Promise<Page<OrganizationDomain>> {
    requireDomains(this.options.context)
    const modes = parseModes(enrollmentMode ?? [])
    await this.options.organizationRecords.get(organizationId)
    return this.#search({ organizationIds: [organizationId], verified, modes }, page)
  }

  /** @throws {ApiError} 404 `resource_not_found`, also for a domain of another organization */
  async get(organizationId: string, id: string): Promise<OrganizationDomain> {
    requireDomains(this.options.context)
    const record = await this.#store.find(id)
    const [domain] = record?.organizationId === organizationId ? await this.#withParts([record]) : []
    if (!domain) throw errors.resourceNotFound('organization domain', id)
    return domain
  }

  /** The domain of this name that an organization has verified; undefined too where domains are switched off. */
  async findVerified(name: string): Promise<OrganizationDomain | undefined> {
    if (!this.options.context.instance.settings.organizations.domainsEnabled) return undefined
    const record = await this.#store.findBy({ name, verified: true })
    return record && (await this.#withParts([record]))[0]
  }

  /** @throws {ApiError} 422 for an empty query, an unknown mode or order */
  async listAll(
    request: ListRequest & {
      organizationId?: string | undefined
      query?: string | undefined
      domains?: string[] | undefined
      orderBy?: string | undefined
    },
  ): Promise<Page<OrganizationDomain>> {
    requireDomains(this.options.context)
    const { organizationId, verified, enrollmentMode, query, domains, ...page } = request
    const found = query === undefined ? {} : parseQuery(query)
    const filter: DomainFilter = {
      organizationIds: [organizationId, found.organizationId].filter((id) => id !== undefined),
      verified,
      modes: parseModes(enrollmentMode ?? []),
      partOfName: found.partOfName,
      names: domains?.map(nameToFind),
    }
    return this.#search(filter, page)
  }

  /** @throws {ApiError} 404 `resource_not_found`, and as `insert` does */
  async create(organizationId: string, input: CreateDomainInput, caller: Caller): Promise<OrganizationDomain> {
    const { context } = this.options
    requireDomains(context)
    const domain = await context.transaction(caller, (tx) => this.insert(organizationId, input, tx))
    return this.enrolled(domain, caller)
  }

  /**
   * Enrols users who have had an address at the domain before. After the transaction that changed it: there may be many.
   *
   * @returns the domain as it is then
   */
  async enrolled(domain: OrganizationDomain, caller: Caller): Promise<OrganizationDomain> {
    if (domain.enrolledUntil === null) return domain
    await this.options.organizationEnrolment.resume(domain.id, caller, BATCHES)
    const record = await this.#store.find(domain.id)
    return (record && (await this.#withParts([record]))[0]) ?? domain
  }

  /**
   * @throws {ApiError} 403 `organization_domain_quota_exceeded`, `organization_domain_enrollment_mode_not_enabled`, 422 for
   *   a name that is none, or a common provider's, or taken
   */
  async insert(organizationId: string, input: CreateDomainInput, tx: Tx): Promise<OrganizationDomain> {
    const { context, organizationRecords } = this.options
    requireDomains(context)
    const name = parseDomain(input.name)
    const enrollmentMode = requireMode(input.enrollmentMode ?? 'manual_invitation', context)
    await organizationRecords.locked(organizationId, tx)
    const existing = await this.#store.list({ organizationId }, tx)
    if (existing.some((domain) => domain.name === name)) throw organizationDomainErrors.alreadyExistsHere(name)
    const { maxAllowedDomains } = context.instance.settings.organizations
    if (existing.length >= maxAllowedDomains) throw organizationDomainErrors.quotaExceeded(maxAllowedDomains)
    // One that is not verified yet could never be, while another organization has it.
    if (await this.#store.findBy({ name, verified: true }, tx)) throw organizationDomainErrors.alreadyExists(name)
    const affiliation = affiliationOf(input)
    const id = input.id === undefined ? {} : { id: input.id }
    const fields = { ...id, organizationId, name, enrollmentMode, ...affiliation }
    const enrolledUntil = enrols(fields, context.instance.settings.organizations) ? '' : null
    const record = await this.#store.create({ ...fields, enrolledUntil }, tx)
    if (!record) throw organizationDomainErrors.alreadyExists(name)
    const domain = await this.#shown(record, tx)
    await tx.emit('organizationDomain.created', record.id, domainWire.toJSON(domain, context))
    return domain
  }

  /**
   * Null leaves a field as it is. Invitations and suggestions that an automatic mode has made stay when it is left.
   *
   * @throws {ApiError} 403 `organization_domain_enrollment_mode_not_enabled`, 404 `resource_not_found`, 422
   *   `organization_domain_already_exists` for a name that another organization has verified
   */
  async update(
    organizationId: string,
    id: string,
    input: UpdateDomainInput,
    caller: Caller,
  ): Promise<OrganizationDomain> {
    const { context } = this.options
    requireDomains(context)
    const mode = input.enrollmentMode == null ? undefined : requireMode(input.enrollmentMode, context)
    const domain = await context.transaction(caller, async (tx) => {
      const before = await this.#locked(organizationId, id, tx)
      if (input.deletePending) {
        await this.options.organizationInvitationRecords.revokeAllOfDomain(id, tx)
        await this.#suggestions.removePendingOf(id, tx)
      }
      const changes: Changes<typeof organizationDomains> = {
        ...(mode === undefined || mode === before.enrollmentMode ? {} : { enrollmentMode: mode }),
        ...(input.verified === true && !before.verified ? affiliatedByAdmin : {}),
        ...(input.verified === false && before.verified ? unaffiliated : {}),
      }
      return this.#change(before, changes, tx)
    })
    return this.enrolled(domain, caller)
  }

  /**
   * Declares that the organization owns the domain, without the record that usually proves it. Again, it changes nothing.
   *
   * @throws {ApiError} 404 `resource_not_found`
   */
  verifyOwnership(organizationId: string, id: string, caller: Caller): Promise<OrganizationDomain> {
    const { context } = this.options
    requireDomains(context)
    return context.transaction(caller, (tx) => this.verifyOwnershipIn(organizationId, id, tx))
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  verifyOwnershipIn(organizationId: string, id: string, tx: Tx): Promise<OrganizationDomain> {
    const ownership = {
      ownershipStrategy: 'manual_override' as const,
      ownershipAttempts: null,
      ownershipExpireAt: null,
      ownershipVerifiedAt: this.options.context.clock.now(),
      ownershipChallenge: null,
    }
    const changes = (domain: OrganizationDomainRecord) => (domain.ownershipVerifiedAt === null ? ownership : {})
    return this.changeOwnership(organizationId, id, changes, tx)
  }

  /**
   * Changes what is known of the ownership, under the lock of the organization; the audit trail says who proved it.
   *
   * @param changes nothing leaves the domain as it is
   * @throws {ApiError} 404 `resource_not_found`
   */
  async changeOwnership(
    organizationId: string,
    id: string,
    changes: (domain: OrganizationDomainRecord) => OwnershipChanges,
    tx: Tx,
  ): Promise<OrganizationDomain> {
    const before = await this.#locked(organizationId, id, tx)
    const domain = await this.#change(before, changes(before), tx)
    if (before.ownershipVerifiedAt === null && domain.ownershipVerifiedAt !== null) {
      await tx.audit('organization_domain.ownership_verified', id, ['ownership_strategy'])
    }
    return domain
  }

  /**
   * Changes what is known of the affiliation, under the lock of the organization. Call `enrolled` after the transaction.
   *
   * @param changes nothing leaves the domain as it is
   * @throws {ApiError} 404 `resource_not_found`, 422 `organization_domain_already_exists`
   */
  async changeAffiliation(
    organizationId: string,
    id: string,
    changes: (domain: OrganizationDomainRecord) => Promise<AffiliationChanges>,
    tx: Tx,
  ): Promise<OrganizationDomain> {
    const before = await this.#locked(organizationId, id, tx)
    return this.#change(before, await changes(before), tx)
  }

  /** With the invitations and suggestions that it has made. @throws {ApiError} 404 `resource_not_found` */
  delete(organizationId: string, id: string, caller: Caller): Promise<OrganizationDomainRecord> {
    const { context } = this.options
    requireDomains(context)
    return context.transaction(caller, async (tx) => {
      const domain = await this.#locked(organizationId, id, tx)
      await this.#store.delete(id, tx)
      await tx.emit('organizationDomain.deleted', id, toDeletedJSON('organization_domain', { id }))
      return domain
    })
  }

  /** @throws {ApiError} 404 `resource_not_found`, also for a domain of another organization */
  async #locked(organizationId: string, id: string, tx: Tx): Promise<OrganizationDomainRecord> {
    await this.options.organizationRecords.locked(organizationId, tx)
    const domain = await this.#store.find(id, tx)
    if (domain?.organizationId !== organizationId) throw errors.resourceNotFound('organization domain', id)
    return domain
  }

  /** @throws {ApiError} 422 `organization_domain_already_exists` */
  async #change(
    before: OrganizationDomainRecord,
    changes: Changes<typeof organizationDomains>,
    tx: Tx,
  ): Promise<OrganizationDomain> {
    if (Object.keys(changes).length === 0) return this.#shown(before, tx)
    const { organizations } = this.options.context.instance.settings
    const begins =
      ('enrollmentMode' in changes || 'verified' in changes) && enrols({ ...before, ...changes }, organizations)
    const record = await this.#store.update(before.id, { ...changes, ...(begins ? { enrolledUntil: '' } : {}) }, tx)
    if (!record) throw organizationDomainErrors.alreadyExists(before.name)
    const domain = await this.#shown(record, tx)
    const json = domainWire.toJSON(domain, this.options.context)
    await tx.emit('organizationDomain.updated', record.id, json, fieldNames(changes))
    return domain
  }

  async #search(filter: DomainFilter, page: PageRequest & { orderBy?: string | undefined }) {
    const { data, totalCount } = await this.#store.search(filter, page)
    return { data: await this.#withParts(data), totalCount }
  }

  async #shown(record: OrganizationDomainRecord, tx: Tx): Promise<OrganizationDomain> {
    return (await this.#withParts([record], tx))[0]!
  }

  /** With what is shown of each, read for all of them at once. */
  async #withParts(records: readonly OrganizationDomainRecord[], tx?: Tx): Promise<OrganizationDomain[]> {
    const ids = records.map(({ id }) => id)
    const organizationIds = [...new Set(records.map(({ organizationId }) => organizationId))]
    const found = await this.options.organizationRecords.listByIds(organizationIds, tx)
    const organizations = new Map(found.map((organization) => [organization.id, organization]))
    const invitations = await this.#store.pendingInvitations(ids, tx)
    const suggestions = await this.#store.pendingSuggestions(ids, tx)
    return records.flatMap((record) => {
      const organization = organizations.get(record.organizationId)
      // Outside of a transaction it may have been deleted since the domain was read.
      if (!organization) return []
      const totalPendingInvitations = invitations.get(record.id) ?? 0
      const totalPendingSuggestions = suggestions.get(record.id) ?? 0
      return [{ ...record, organization, totalPendingInvitations, totalPendingSuggestions }]
    })
  }
}

function affiliationOf({ verified, affiliationEmailAddress }: CreateDomainInput) {
  if (affiliationEmailAddress !== undefined)
    return { ...affiliatedBy(affiliationEmailAddress), affiliationAttempts: null }
  return verified === false ? unaffiliated : affiliatedByAdmin
}
