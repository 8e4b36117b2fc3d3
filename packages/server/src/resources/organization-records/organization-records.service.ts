import type { InstanceContext } from '../../instances/instance-context.js'
import { toDeletedJSON } from '../../kernel/component.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Page } from '../../kernel/page.js'
import { fieldNames, type Changes } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { organization as organizationWire } from '../organizations/organizations.wire.js'
import { searchOf, slugOf, type NewOrganization, type Organization } from './organization-records.rules.js'
import {
  OrganizationStore,
  type OrganizationFilter,
  type OrganizationPageRequest,
} from './organization-records.store.js'
import type { organizations } from './organization-records.table.js'

/** A slug that is made of a name gets a number if another organization has it. So many numbers are tried. */
const SLUG_ATTEMPTS = 10

/**
 * The rows of organizations, below everything that belongs to one. Whoever changes something that is shown with an
 * organization changes the organization here, so that `organization.updated` tells of it.
 */
export class OrganizationRecords {
  readonly #store: OrganizationStore
  readonly countCreatedBy: OrganizationStore['countCreatedBy']
  readonly changeMembersCount: OrganizationStore['changeMembersCount']
  readonly listByIds: OrganizationStore['listOrganizations']

  constructor(private readonly context: InstanceContext) {
    this.#store = new OrganizationStore(context)
    this.countCreatedBy = (userId, tx) => this.#store.countCreatedBy(userId, tx)
    this.changeMembersCount = (id, change, tx) => this.#store.changeMembersCount(id, change, tx)
    this.listByIds = (ids, tx) => this.#store.listOrganizations(ids, tx)
  }

  /** @throws {ApiError} 422 `form_param_value_invalid` for an order that is not known */
  search(filter: OrganizationFilter, page: OrganizationPageRequest): Promise<Page<Organization>> {
    return this.#store.search(filter, page)
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  async get(id: string, tx?: Tx): Promise<Organization> {
    return this.#required(id, await this.find(id, tx))
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  async getByIdOrSlug(idOrSlug: string): Promise<Organization> {
    return this.#required(idOrSlug, (await this.find(idOrSlug)) ?? (await this.findBySlug(idOrSlug)))
  }

  find(id: string, tx?: Tx): Promise<Organization | undefined> {
    return this.#store.findOrganization({ id }, tx)
  }

  findBySlug(slug: string, tx?: Tx): Promise<Organization | undefined> {
    return this.#store.findOrganization({ slug }, tx)
  }

  /**
   * The organization, kept from other writers until the transaction ends. Members come, change and go under this lock.
   * Who locks a user too locks the user first.
   *
   * @throws {ApiError} 404 `resource_not_found`
   */
  async locked(id: string, tx: Tx): Promise<Organization> {
    await this.#store.locked(id, tx)
    return this.get(id, tx)
  }

  /** @throws {ApiError} 422 `form_identifier_exists` for a slug or an id that is taken */
  async create({ slug: given, ...fields }: NewOrganization, tx: Tx): Promise<Organization> {
    const slugs = given === undefined ? this.#slugsOf(fields.name) : [given]
    for (const slug of slugs) {
      const row = { ...fields, slug, membersCount: 0, search: searchOf({ name: fields.name, slug }) }
      const record = await this.#store.create(row, tx)
      if (!record) continue
      const organization = await this.get(record.id, tx)
      await tx.emit('organization.created', organization.id, organizationWire.toJSON(organization, this.context))
      return organization
    }
    throw errors.identifierExists('slug')
  }

  /**
   * Changes the row and tells of it.
   *
   * @throws {ApiError} 404 `resource_not_found`, 422 `form_identifier_exists` for a slug that is taken
   */
  async change(id: string, changes: Changes<typeof organizations>, tx: Tx): Promise<Organization> {
    const { name, slug } = changes
    const before = await this.get(id, tx)
    const named = { name: name ?? before.name, slug: slug ?? before.slug }
    const searched = name === undefined && slug === undefined ? {} : { search: searchOf(named) }
    if (!(await this.#store.update(id, { ...changes, ...searched }, tx))) throw errors.identifierExists('slug')
    const organization = await this.get(id, tx)
    const json = organizationWire.toJSON(organization, this.context)
    await tx.emit('organization.updated', id, json, fieldNames(changes))
    return organization
  }

  /** Somebody has opened a session with the organization active. No event, and `updated_at` stays. */
  async seen(id: string, now: number, tx: Tx): Promise<void> {
    await this.#store.changeQuietly(id, { lastActiveAt: now }, tx)
  }

  /** Tells of the deletion, which `delete` brings about: the organization comes before its members. */
  async deleting(organization: Organization, tx: Tx): Promise<void> {
    await tx.emit('organization.deleted', organization.id, toDeletedJSON('organization', organization))
  }

  /** Deletes the row, and with it everything that references it. */
  async delete(id: string, tx: Tx): Promise<void> {
    await this.#store.delete(id, tx)
  }

  /** The name's slug, then the same with random numbers: counting up would try every number that is taken. */
  *#slugsOf(name: string): Generator<string> {
    const slug = slugOf(name)
    yield slug
    for (let attempt = 1; attempt < SLUG_ATTEMPTS; attempt++) {
      const number = Buffer.from(this.context.random.bytes(6)).readUIntBE(0, 6) % 10 ** 10
      yield `${slug}-${number}`
    }
  }

  #required(id: string, organization: Organization | undefined): Organization {
    if (!organization) throw errors.resourceNotFound('organization', id)
    return organization
  }
}
