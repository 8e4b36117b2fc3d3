import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { toDeletedJSON } from '../../kernel/component.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Page, PageRequest } from '../../kernel/page.js'
import type { Tx } from '../../storage/tx.js'
import { searchOf } from '../organization-role-records/organization-role-records.rules.js'
import type { OrganizationRoleRecords } from '../organization-role-records/organization-role-records.service.js'
import type { OrganizationPermissionRecord } from '../organization-role-records/organization-role-records.table.js'
import { role as roleWire } from '../organization-roles/organization-roles.wire.js'
import { organizationPermissionErrors } from './organization-permissions.errors.js'
import { permission as permissionWire } from './organization-permissions.wire.js'

export interface PermissionInput {
  /** Of a new permission; default is a new one. */
  id?: string | undefined
  name: string
  key: string
  description?: string | null | undefined
}

export type PermissionChanges = { [Name in 'name' | 'key' | 'description']?: string | null | undefined }

interface OrganizationPermissionServiceOptions {
  context: InstanceContext
  organizationRoleRecords: OrganizationRoleRecords
}

/** What roles can allow: the system's permissions and the application's own. */
export class OrganizationPermissionService {
  constructor(private readonly options: OrganizationPermissionServiceOptions) {}

  async list(
    request: PageRequest & { query?: string | undefined; orderBy?: string | undefined },
  ): Promise<Page<OrganizationPermissionRecord>> {
    const { organizationRoleRecords: records } = this.options
    await records.ready()
    return records.permissions.search(request)
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  async get(id: string): Promise<OrganizationPermissionRecord> {
    const { organizationRoleRecords: records } = this.options
    await records.ready()
    return records.permissions.get(id)
  }

  /** By key. */
  async find(key: string): Promise<OrganizationPermissionRecord | undefined> {
    const { organizationRoleRecords: records } = this.options
    await records.ready()
    return records.permissions.findByKey(key)
  }

  /** @throws {ApiError} 422 `form_identifier_exists` */
  create({ description, ...input }: PermissionInput, caller: Caller): Promise<OrganizationPermissionRecord> {
    const { context, organizationRoleRecords: records } = this.options
    return context.transaction(caller, async (tx) => {
      await records.ensureDefaults(tx)
      const fields = { ...input, description: description ?? '', type: 'user' as const, search: searchOf(input) }
      const permission = await records.permissions.create(fields, tx)
      if (!permission) throw errors.identifierExists('key')
      await tx.emit('permission.created', permission.id, permissionWire.toJSON(permission))
      return permission
    })
  }

  /**
   * What is null stays as it is.
   *
   * @throws {ApiError} 403 `organization_system_permission_not_modifiable`, 404 `resource_not_found`, 422
   *   `form_identifier_exists`
   */
  update(
    id: string,
    { name, key, description }: PermissionChanges,
    caller: Caller,
  ): Promise<OrganizationPermissionRecord> {
    const { context, organizationRoleRecords: records } = this.options
    return context.transaction(caller, async (tx) => {
      const before = await this.#modifiable(id, tx)
      const changes = {
        name: name ?? before.name,
        key: key ?? before.key,
        description: description ?? before.description,
      }
      const after = await records.permissions.update(id, { ...changes, search: searchOf(changes) }, tx)
      if (!after) throw errors.identifierExists('key')
      await tx.emit('permission.updated', id, permissionWire.toJSON(after), records.changed(before, after))
      return after
    })
  }

  /**
   * Roles lose it.
   *
   * @throws {ApiError} 403 `organization_system_permission_not_modifiable`, 404 `resource_not_found`
   */
  delete(id: string, caller: Caller): Promise<OrganizationPermissionRecord> {
    const { context, organizationRoleRecords: records } = this.options
    return context.transaction(caller, async (tx) => {
      await this.#modifiable(id, tx)
      const roles = await records.roles.withPermission(id, tx)
      const permission = await records.permissions.delete(id, tx)
      await tx.emit('permission.deleted', id, toDeletedJSON('permission', permission))
      for (const role of roles) {
        const changed = await records.touchRole(role.id, tx)
        await tx.emit('role.updated', role.id, roleWire.toJSON(changed), ['permissions'])
      }
      return permission
    })
  }

  async #modifiable(id: string, tx: Tx): Promise<OrganizationPermissionRecord> {
    const { organizationRoleRecords: records } = this.options
    await records.lock(tx)
    const permission = await records.permissions.get(id, tx)
    if (permission.type === 'system') throw organizationPermissionErrors.systemPermission(permission.key)
    return permission
  }
}
