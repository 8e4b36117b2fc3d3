import type { CreateOrganizationJSON, UpdateOrganizationJSON } from '@latchkey/types'
import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { checkMetadata, mergeMetadata, type MetadataInput } from '../../kernel/metadata.js'
import type { Page, PageRequest } from '../../kernel/page.js'
import type { Camelized } from '../../kernel/wire.js'
import type { Changes } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { imageErrors } from '../images/images.errors.js'
import type { ImageService } from '../images/images.service.js'
import { membershipErrors } from '../organization-memberships/organization-memberships.errors.js'
import type { OrganizationInvitationRecords } from '../organization-records/invitation-records.service.js'
import type { MembershipRecords } from '../organization-records/membership-records.service.js'
import type {
  Organization,
  OrganizationExtras,
  ShownOrganization,
} from '../organization-records/organization-records.rules.js'
import type { OrganizationRecords } from '../organization-records/organization-records.service.js'
import type { OrganizationRecord, organizations } from '../organization-records/organization-records.table.js'
import { requireOrganizations } from '../organization-role-records/organization-role-records.rules.js'
import type { OrganizationRoleRecords } from '../organization-role-records/organization-role-records.service.js'
import type { SessionService } from '../sessions/sessions.service.js'
import type { User } from '../user-records/user-records.rules.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import { parsePastTime } from '../users/users.rules.js'
import { organizationErrors } from './organizations.errors.js'
import { creationLimit, parseName, parseSlug } from './organizations.rules.js'

interface OrganizationServiceOptions {
  context: InstanceContext
  organizationRecords: OrganizationRecords
  organizationInvitationRecords: OrganizationInvitationRecords
  membershipRecords: MembershipRecords
  organizationRoleRecords: OrganizationRoleRecords
  userRecords: UserRecords
  sessions: SessionService
  images: ImageService
}

/** `id` is that of the new organization; default is a new one. */
export type CreateOrganizationInput = Camelized<CreateOrganizationJSON> & { id?: string | undefined }

export interface ExtrasRequest {
  includeMembersCount?: boolean | undefined
  includeMissingMemberWithElevatedPermissions?: boolean | undefined
}

export interface OrganizationListRequest extends PageRequest, ExtrasRequest {
  query?: string | undefined
  userId?: string[] | undefined
  organizationId?: string[] | undefined
  orderBy?: string | undefined
}

/** Every method throws 403 `organization_not_enabled_in_instance` where organizations are switched off. */
export class OrganizationService {
  constructor(private readonly options: OrganizationServiceOptions) {}

  /** @throws {ApiError} 422 for an order that is not known */
  async list({ limit, offset, orderBy, ...request }: OrganizationListRequest): Promise<Page<ShownOrganization>> {
    requireOrganizations(this.options.context)
    const { data, totalCount } = await this.options.organizationRecords.search(request, { limit, offset, orderBy })
    return { data: await this.#withExtras(data, request), totalCount }
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  async get(idOrSlug: string, request: ExtrasRequest): Promise<ShownOrganization> {
    requireOrganizations(this.options.context)
    const organization = await this.options.organizationRecords.getByIdOrSlug(idOrSlug)
    return (await this.#withExtras([organization], request))[0]!
  }

  /** @throws {ApiError} as `prepare` and `insert` do */
  create(input: CreateOrganizationInput, caller: Caller): Promise<Organization> {
    const insert = this.prepare(input)
    return this.options.context.transaction(caller, insert)
  }

  /**
   * Checks what a new organization is made of.
   *
   * @returns what inserts it. It throws 400 `organization_creator_not_found`, 403 `org_creation_limit_exceeded`, 404 for
   *   an unknown role set, 422 `form_identifier_exists`
   * @throws {ApiError} 403 `organization_slugs_disabled`, 422 for each parameter against the rules
   */
  prepare(input: CreateOrganizationInput): (tx: Tx) => Promise<Organization> {
    const { context, organizationRecords, membershipRecords, organizationRoleRecords } = this.options
    requireOrganizations(context)
    const { instance, clock } = context
    const { maxAllowedMemberships, adminDeleteEnabled } = instance.settings.organizations
    const metadata = checkMetadata(givenMetadata(input))
    const fields = {
      id: input.id,
      name: parseName(input.name),
      slug: input.slug == null ? undefined : parseSlug(input.slug, instance),
      maxAllowedMemberships: input.maxAllowedMemberships ?? maxAllowedMemberships,
      adminDeleteEnabled,
      publicMetadata: metadata.publicMetadata ?? {},
      privateMetadata: metadata.privateMetadata ?? {},
      createdAt: input.createdAt == null ? undefined : parsePastTime(input.createdAt, 'created_at', clock.now()),
    }
    return async (tx) => {
      const creator = input.createdBy == null ? undefined : await this.#creator(input.createdBy, tx)
      const { roleSetKey } = input
      const roleSet = await (roleSetKey == null
        ? organizationRoleRecords.initialSet(tx)
        : organizationRoleRecords.set(roleSetKey, tx))
      const created = { ...fields, createdBy: creator?.id ?? null, roleSetId: roleSet.id }
      const organization = await organizationRecords.create(created, tx)
      if (creator) {
        const roleId = roleSet.creatorRoleId
        await membershipRecords.create(organization, { userId: creator.id, roleId, createdAt: fields.createdAt }, tx)
      }
      return organization
    }
  }

  /**
   * Changes what is given; null leaves a field as it is. Metadata is replaced whole.
   *
   * @throws {ApiError} 403 `organization_slugs_disabled`, 404 `resource_not_found`, 422 for each parameter against the
   *   rules, and `organization_role_set_reassignment_mappings_missing`
   */
  update(id: string, input: Camelized<UpdateOrganizationJSON>, caller: Caller): Promise<Organization> {
    const { context, organizationRecords } = this.options
    requireOrganizations(context)
    const { name, slug, maxAllowedMemberships, adminDeleteEnabled, createdAt, roleSetKey } = input
    const changes: Changes<typeof organizations> = {
      ...checkMetadata(givenMetadata(input)),
      ...(name == null ? {} : { name: parseName(name) }),
      ...(slug == null ? {} : { slug: parseSlug(slug, context.instance) }),
      ...(maxAllowedMemberships == null ? {} : { maxAllowedMemberships }),
      ...(adminDeleteEnabled == null ? {} : { adminDeleteEnabled }),
      ...(createdAt == null ? {} : { createdAt: parsePastTime(createdAt, 'created_at', context.clock.now()) }),
    }
    return context.transaction(caller, async (tx) => {
      const organization = await organizationRecords.locked(id, tx)
      const roleSetId = roleSetKey == null ? undefined : await this.#newRoleSet(organization, roleSetKey, tx)
      const given = roleSetId === undefined ? changes : { ...changes, roleSetId }
      return Object.keys(given).length === 0 ? organization : organizationRecords.change(id, given, tx)
    })
  }

  /** @throws {ApiError} 404 `resource_not_found`, 422 `form_param_exceeds_allowed_size` if a merged value is over 8 KB */
  mergeMetadata(id: string, input: MetadataInput, caller: Caller): Promise<Organization> {
    return this.#changeMetadata(id, (organization) => mergeMetadata(organization, input), caller)
  }

  /**
   * Each given field whole; the other stays.
   *
   * @throws {ApiError} 404 `resource_not_found`, 422 `form_param_exceeds_allowed_size`
   */
  replaceMetadata(id: string, input: MetadataInput, caller: Caller): Promise<Organization> {
    return this.#changeMetadata(id, () => input, caller)
  }

  /**
   * Deletes the organization and everything of it. Sessions go on without an active organization.
   *
   * @throws {ApiError} 404 `resource_not_found`
   */
  delete(id: string, caller: Caller): Promise<OrganizationRecord> {
    requireOrganizations(this.options.context)
    return this.options.context.transaction(caller, (tx) => this.deleteIn(id, tx))
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  async deleteIn(id: string, tx: Tx): Promise<OrganizationRecord> {
    const { organizationRecords, membershipRecords, sessions } = this.options
    const organization = await organizationRecords.locked(id, tx)
    await organizationRecords.deleting(organization, tx)
    await membershipRecords.deleteAllOf({ organizationId: id }, tx)
    await sessions.leaveOrganization({ organizationId: id }, tx)
    await organizationRecords.delete(id, tx)
    return organization
  }

  /**
   * Replaces the logo; the one before is deleted.
   *
   * @throws {ApiError} 404 `resource_not_found`, and what `ImageService.read` throws
   */
  async setLogo(id: string, file: File | undefined, caller: Caller): Promise<Organization> {
    const { context, organizationRecords, images } = this.options
    requireOrganizations(context)
    await organizationRecords.get(id)
    const image = await images.read(file)
    return context.transaction(caller, async (tx) => {
      await organizationRecords.locked(id, tx)
      const imageId = await images.replace({ organizationId: id }, image, tx)
      return organizationRecords.change(id, { imageId }, tx)
    })
  }

  /** @throws {ApiError} 404 `resource_not_found`, `image_not_found` if there is no logo */
  deleteLogo(id: string, caller: Caller): Promise<Organization> {
    const { context, organizationRecords, images } = this.options
    requireOrganizations(context)
    return context.transaction(caller, async (tx) => {
      const { imageId } = await organizationRecords.locked(id, tx)
      if (imageId === null) throw imageErrors.notFound('The organization has no logo')
      await images.deleteAllOf({ organizationId: id }, tx)
      return organizationRecords.change(id, { imageId: null }, tx)
    })
  }

  /** The user, locked, who is about to create an organization. */
  async #creator(userId: string, tx: Tx): Promise<User> {
    const { context, organizationRecords, membershipRecords, userRecords } = this.options
    if (!(await userRecords.find(userId, tx))) throw organizationErrors.creatorNotFound(userId)
    const user = await userRecords.locked(userId, tx)
    const limit = creationLimit(user.createOrganizationsLimit, context.instance)
    if (limit !== undefined && (await organizationRecords.countCreatedBy(userId, tx)) >= limit) {
      throw organizationErrors.creationLimitExceeded(limit)
    }
    const { exclusiveMembership } = context.instance.settings.organizations
    if (exclusiveMembership && (await membershipRecords.countOf(userId, tx)) > 0) throw membershipErrors.exclusive()
    return user
  }

  /** @returns the id of the set, which has every role that a member has */
  async #newRoleSet(organization: Organization, key: string, tx: Tx): Promise<string> {
    const { membershipRecords, organizationRoleRecords } = this.options
    const set = await organizationRoleRecords.set(key, tx)
    const roles = (await organizationRoleRecords.withRoles([set], tx)).flatMap((found) => found.roles)
    const held = await membershipRecords.roleIdsOf(organization.id, tx)
    const missing = held.filter((roleId) => !roles.some(({ id }) => id === roleId))
    if (missing.length > 0) {
      const records = await organizationRoleRecords.roles.findAll('id', missing, tx)
      throw organizationErrors.mappingsMissing(records.map((role) => role.key).sort())
    }
    return set.id
  }

  #changeMetadata(
    id: string,
    change: (organization: Organization) => MetadataInput,
    caller: Caller,
  ): Promise<Organization> {
    const { context, organizationRecords } = this.options
    requireOrganizations(context)
    return context.transaction(caller, async (tx) => {
      const organization = await organizationRecords.locked(id, tx)
      const changes = checkMetadata(change(organization))
      return Object.keys(changes).length === 0 ? organization : organizationRecords.change(id, changes, tx)
    })
  }

  /** With what is asked for beside the organizations themselves. */
  async #withExtras(organizations: readonly Organization[], request: ExtrasRequest): Promise<ShownOrganization[]> {
    const { includeMembersCount, includeMissingMemberWithElevatedPermissions } = request
    if (!includeMembersCount && !includeMissingMemberWithElevatedPermissions) return [...organizations]
    const ids = organizations.map(({ id }) => id)
    const managed = includeMissingMemberWithElevatedPermissions
      ? await this.options.membershipRecords.withPermission(ids, 'org:sys_memberships:manage')
      : undefined
    const pending = includeMembersCount
      ? await this.options.organizationInvitationRecords.pendingCounts(ids)
      : undefined
    return organizations.map((organization) => {
      const extras: OrganizationExtras = {
        membersCount: includeMembersCount ? organization.membersCount : undefined,
        pendingInvitationsCount: pending && (pending.get(organization.id) ?? 0),
        missingMemberWithElevatedPermissions: managed && !managed.has(organization.id),
      }
      return { ...organization, extras }
    })
  }
}

/** Null leaves metadata as it is. */
function givenMetadata({
  publicMetadata,
  privateMetadata,
}: Pick<Camelized<CreateOrganizationJSON>, 'publicMetadata' | 'privateMetadata'>): MetadataInput {
  return { publicMetadata: publicMetadata ?? undefined, privateMetadata: privateMetadata ?? undefined }
}
