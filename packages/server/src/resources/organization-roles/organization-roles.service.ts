import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { toDeletedJSON } from '../../kernel/component.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Page, PageRequest } from '../../kernel/page.js'
import type { Tx } from '../../storage/tx.js'
import {
  requireCreatorPermissions,
  requireOrganizations,
  searchOf,
  type OrganizationRole,
} from '../organization-role-records/organization-role-records.rules.js'
import type { OrganizationRecords } from '../organization-records/organization-records.service.js'
import type { OrganizationRoleRecords } from '../organization-role-records/organization-role-records.service.js'
import { organizationRoleErrors } from './organization-roles.errors.js'
import { role as roleWire } from './organization-roles.wire.js'

export interface RoleInput {
  /** Of a new role; default is a new one. */
  id?: string | undefined
  name: string
  key: string
  description?: string | null | undefined
  /** Ids. */
  permissions?: string[] | null | undefined
  includeInInitialRoleSet?: boolean | null | undefined
}

export interface RoleChanges {
  name?: string | null | undefined
  key?: string | null | undefined
  description?: string | null | undefined
  permissions?: string[] | null | undefined
}

interface OrganizationRoleServiceOptions {
  context: InstanceContext
  organizationRoleRecords: OrganizationRoleRecords
  organizationRecords: OrganizationRecords
}

/** The roles that members of organizations can have. */
export class OrganizationRoleService {
  constructor(private readonly options: OrganizationRoleServiceOptions) {}

  /** Those that members of the organization can have, oldest first. @throws {ApiError} 404 `resource_not_found` */
  async listOf(organizationId: string, { limit, offset }: PageRequest): Promise<Page<OrganizationRole>> {
    const records = await this.#ready()
    const { roleSetId } = await this.options.organizationRecords.get(organizationId)
    const setId = roleSetId ?? (await records.initialSet()).id
    const roles = (await records.roles.ofSets([setId])).get(setId) ?? []
    return { data: await records.withPermissions(roles.slice(offset, offset + limit)), totalCount: roles.length }
  }

  /** @throws {ApiError} 403 `organization_not_enabled_in_instance`, as all of these do */
  async list(
    request: PageRequest & { query?: string | undefined; orderBy?: string | undefined },
  ): Promise<Page<OrganizationRole>> {
    const records = await this.#ready()
    const { data, totalCount } = await records.roles.search(request)
    return { data: await records.withPermissions(data), totalCount }
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  async get(id: string): Promise<OrganizationRole> {
    const records = await this.#ready()
    return records.withPermissionsOf(await records.roles.get(id))
  }

  async exists(key: string): Promise<boolean> {
    const records = await this.#ready()
    return (await records.roles.findByKey(key)) !== undefined
  }

  /**
   * @throws {ApiError} 403 `organization_instance_roles_quota_exceeded`, 404 for an unknown permission, 422
   *   `form_identifier_exists`
   */
  create(
    { permissions, includeInInitialRoleSet, description, ...input }: RoleInput,
    caller: Caller,
  ): Promise<OrganizationRole> {
    return this.#change(caller, async (records, tx) => {
      const { maxAllowedRoles } = this.options.context.instance.settings.organizations
      const fields = { ...input, description: description || null, search: searchOf(input) }
      if (await records.roles.findByKey(input.key, tx)) throw errors.identifierExists('key')
      if ((await records.roles.countIn(tx)) >= maxAllowedRoles)
        throw organizationRoleErrors.tooManyRoles(maxAllowedRoles)
      const created = await records.roles.create(fields, tx)
      if (!created) throw errors.identifierExists('id')
      await this.#setPermissions(created.id, permissions ?? [], tx)
      if (includeInInitialRoleSet) {
        const initial = await records.initialSet(tx)
        await records.addToSet(initial.id, [created.id], 'include_in_initial_role_set', tx)
      }
      const role = await records.withPermissionsOf(created, tx)
      await tx.emit('role.created', role.id, roleWire.toJSON(role))
      return role
    })
  }

  /**
   * What is null stays as it is; an empty description clears it; permissions are replaced.
   *
   * @throws {ApiError} 404 `resource_not_found`, 422 `form_identifier_exists`,
   *   `organization_missing_creator_role_permissions` for a creator role that would lose what it needs
   */
  update(id: string, { permissions, ...input }: RoleChanges, caller: Caller): Promise<OrganizationRole> {
    return this.#change(caller, async (records, tx) => {
      const before = await records.withPermissionsOf(await records.roles.get(id, tx), tx)
      const { description } = input
      const changes = {
        name: input.name ?? before.name,
        key: input.key ?? before.key,
        description: description === '' ? null : (description ?? before.description),
      }
      const changed = await records.roles.update(id, { ...changes, search: searchOf(changes) }, tx)
      if (!changed) throw errors.identifierExists('key')
      if (permissions) {
        await records.rolePermissions.removeAllOf(id, tx)
        await this.#setPermissions(id, permissions, tx)
      }
      return this.#changed(before, await records.withPermissionsOf(changed, tx), tx)
    })
  }

  /**
   * The role leaves the sets it is in.
   *
   * @throws {ApiError} 404 `resource_not_found`, 422 for a role that is in use: of creators, of new members, of members, of
   *   pending invitations
   */
  delete(id: string, caller: Caller): Promise<OrganizationRole> {
    return this.#change(caller, async (records, tx) => {
      const role = await records.withPermissionsOf(await records.roles.get(id, tx), tx)
      const sets = await records.roleSets.withRole(id, tx)
      for (const { key, creatorRoleId, defaultRoleId } of sets) {
        if (creatorRoleId === id) throw organizationRoleErrors.creatorRole(role.key, key)
        if (defaultRoleId === id) throw organizationRoleErrors.defaultRole(role.key, key)
      }
      // Whoever gives the role to a member shares the set, so that after these locks nobody can.
      for (const set of sets) await records.roleSets.locked(set.id, tx)
      if (await records.roles.isAssigned(id, tx)) throw organizationRoleErrors.assignedToMembers(role.key)
      if (await records.roles.isPromised(id, tx)) throw organizationRoleErrors.existsInInvitations(role.key)
      await records.roles.delete(id, tx)
      await tx.emit('role.deleted', id, toDeletedJSON('role', role))
      return role
    })
  }

  /** @throws {ApiError} 404 `resource_not_found`, 409 `organization_role_permission_association_exists` */
  assignPermission(id: string, permissionId: string, caller: Caller): Promise<OrganizationRole> {
    return this.#change(caller, async (records, tx) => {
      const before = await records.withPermissionsOf(await records.roles.get(id, tx), tx)
      const permission = await records.permissions.get(permissionId, tx)
      const assigned = await records.rolePermissions.create({ roleId: id, permissionId }, tx)
      if (!assigned) throw organizationRoleErrors.alreadyAssigned(before.key, permission.key)
      return this.#changed(before, await records.touchRole(id, tx), tx)
    })
  }

  /**
   * @throws {ApiError} 404 `resource_not_found`, `organization_role_permission_association_not_found`, 422
   *   `organization_missing_creator_role_permissions`
   */
  removePermission(id: string, permissionId: string, caller: Caller): Promise<OrganizationRole> {
    return this.#change(caller, async (records, tx) => {
      const before = await records.withPermissionsOf(await records.roles.get(id, tx), tx)
      await records.permissions.get(permissionId, tx)
      const removed = await records.rolePermissions.removePair(id, permissionId, tx)
      if (!removed) throw organizationRoleErrors.notAssigned(before.key, permissionId)
      return this.#changed(before, await records.touchRole(id, tx), tx)
    })
  }

  async #ready(): Promise<OrganizationRoleRecords> {
    const { context, organizationRoleRecords: records } = this.options
    requireOrganizations(context)
    await records.ready()
    return records
  }

  async #change<T>(caller: Caller, body: (records: OrganizationRoleRecords, tx: Tx) => Promise<T>): Promise<T> {
    const { context, organizationRoleRecords: records } = this.options
    requireOrganizations(context)
    return context.transaction(caller, async (tx) => {
      await records.lock(tx)
      return body(records, tx)
    })
  }

  async #setPermissions(roleId: string, given: readonly string[], tx: Tx): Promise<void> {
    const { organizationRoleRecords: records } = this.options
    const ids = [...new Set(given)]
    const known = new Set((await records.permissions.findAll('id', ids, tx)).map(({ id }) => id))
    const unknown = ids.find((id) => !known.has(id))
    if (unknown !== undefined) throw errors.resourceNotFound('organization permission', unknown)
    for (const permissionId of ids) await records.rolePermissions.create({ roleId, permissionId }, tx)
  }

  async #changed(before: OrganizationRole, after: OrganizationRole, tx: Tx): Promise<OrganizationRole> {
    const { organizationRoleRecords: records } = this.options
    const sets = await records.roleSets.withRole(after.id, tx)
    if (sets.some(({ creatorRoleId }) => creatorRoleId === after.id)) {
      requireCreatorPermissions(after.key, after.permissions)
    }
    await tx.emit('role.updated', after.id, roleWire.toJSON(after), records.changed(before, after))
    return after
  }
}
