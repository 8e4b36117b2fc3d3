import type { InstanceContext } from '../../instances/instance-context.js'
import { system } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import { changedNames } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import {
  currentRoleKey,
  DEFAULT_ROLE_SET,
  DEFAULT_ROLES,
  MAX_ROLES_OF_SET,
  searchOf,
  SYSTEM_PERMISSIONS,
  type OrganizationRole,
  type RoleSet,
} from './organization-role-records.rules.js'
import {
  PermissionStore,
  RolePermissionStore,
  RoleSetRoleStore,
  RoleSetStore,
  RoleStore,
} from './organization-role-records.store.js'
import type {
  OrganizationPermissionRecord,
  OrganizationRoleRecord,
  RoleSetRecord,
} from './organization-role-records.table.js'

/**
 * The rows of permissions, roles and role sets, below organizations and their members. An instance gets the system
 * permissions, two roles and a set with them when they are first needed.
 */
export class OrganizationRoleRecords {
  readonly permissions: PermissionStore
  readonly roles: RoleStore
  readonly rolePermissions: RolePermissionStore
  readonly roleSets: RoleSetStore
  readonly roleSetRoles: RoleSetRoleStore
  /** Whether the instance has its defaults. They are never all deleted. */
  #ready = false

  constructor(private readonly context: InstanceContext) {
    this.permissions = new PermissionStore(context)
    this.roles = new RoleStore(context)
    this.rolePermissions = new RolePermissionStore(context)
    this.roleSets = new RoleSetStore(context)
    this.roleSetRoles = new RoleSetRoleStore(context)
  }

  /** Makes the defaults in a transaction of its own. For what only reads. */
  async ready(): Promise<void> {
    if (!this.#ready) await this.context.transaction(system('organization-roles'), (tx) => this.ensureDefaults(tx))
  }

  /** Makes what every instance has. Safe at any number of callers at once. */
  async ensureDefaults(tx: Tx): Promise<void> {
    if (this.#ready) return
    if (!(await this.permissions.findByKey(SYSTEM_PERMISSIONS[0].key, tx))) await this.#createDefaults(tx)
    tx.afterCommit(() => {
      this.#ready = true
    })
  }

  /**
   * Locks the roles, permissions and sets of the instance for a change: one at a time, so that counts and references
   * between them hold.
   */
  async lock(tx: Tx): Promise<void> {
    await this.ensureDefaults(tx)
    const { key } = SYSTEM_PERMISSIONS[0]
    await this.permissions.locked((await this.permissions.findByKey(key, tx))!.id, tx)
  }

  /** The set that new organizations get. With `tx` it cannot change before that ends. */
  async initialSet(tx?: Tx): Promise<RoleSetRecord> {
    if (tx) await this.ensureDefaults(tx)
    else await this.ready()
    const found = await this.roleSets.findBy({ type: 'initial' }, tx)
    if (!tx) return found!
    await this.roleSets.share(found!.id, tx)
    const shared = await this.roleSets.findBy({ type: 'initial' }, tx)
    // Another set may have become the initial one in between.
    return shared!.id === found!.id ? shared! : this.initialSet(tx)
  }

  /**
   * By its key or its id.
   *
   * @throws {ApiError} 404 `resource_not_found`
   */
  async findSet(keyOrId: string, tx?: Tx): Promise<RoleSetRecord> {
    if (tx) await this.ensureDefaults(tx)
    else await this.ready()
    const found = (await this.roleSets.findByKey(keyOrId, tx)) ?? (await this.roleSets.find(keyOrId, tx))
    if (!found) throw errors.resourceNotFound('role set', keyOrId)
    return found
  }

  /**
   * The same, and the set cannot change or go before the transaction ends.
   *
   * @throws {ApiError} 404 `resource_not_found`
   */
  async set(keyOrId: string, tx: Tx): Promise<RoleSetRecord> {
    await this.roleSets.share((await this.findSet(keyOrId, tx)).id, tx)
    return this.findSet(keyOrId, tx)
  }

  /**
   * The role with this key, if the set has it. The set cannot change before the transaction ends, so that a member who
   * is given the role is in it.
   */
  async findInSet(roleSetId: string, roleKey: string, tx: Tx): Promise<OrganizationRoleRecord | undefined> {
    await this.ensureDefaults(tx)
    await this.roleSets.share(roleSetId, tx)
    const roles = (await this.roles.ofSets([roleSetId], tx)).get(roleSetId) ?? []
    return roles.find(({ key }) => key === roleKey) ?? roles.find(({ key }) => key === currentRoleKey(roleKey))
  }

  /**
   * The role of new members of an organization.
   *
   * @param roleSetId its role set; null for the initial one
   */
  async roleOfNewMembers(roleSetId: string | null, tx: Tx): Promise<OrganizationRoleRecord> {
    const set = roleSetId === null ? await this.initialSet(tx) : await this.roleSets.get(roleSetId, tx)
    await this.roleSets.share(set.id, tx)
    const { defaultRoleId } = await this.roleSets.get(set.id, tx)
    return this.roles.get(defaultRoleId, tx)
  }

  /**
   * Adds roles to a set; one that is in it already stays.
   *
   * @param param what to name if the set would have too many
   * @param insteadOf the role that they replace, if any
   * @throws {ApiError} 422 `form_param_value_invalid`
   */
  async addToSet(
    roleSetId: string,
    roleIds: readonly string[],
    param: string,
    tx: Tx,
    insteadOf?: string,
  ): Promise<void> {
    if (insteadOf !== undefined) await this.roleSetRoles.removePair(roleSetId, insteadOf, tx)
    for (const roleId of roleIds) await this.roleSetRoles.create({ roleSetId, roleId }, tx)
    const roles = (await this.roles.ofSets([roleSetId], tx)).get(roleSetId)!
    if (roles.length > MAX_ROLES_OF_SET) {
      throw errors.paramValueInvalid(param, `would give the role set more than ${MAX_ROLES_OF_SET} roles`)
    }
    await this.roleSets.update(roleSetId, {}, tx)
  }

  /** The role with its permissions, changed now: after a permission came or went. */
  async touchRole(id: string, tx: Tx): Promise<OrganizationRole> {
    return this.withPermissionsOf((await this.roles.update(id, {}, tx))!, tx)
  }

  /** By key. */
  async permissionsOf(roleId: string, tx?: Tx): Promise<OrganizationPermissionRecord[]> {
    return (await this.permissions.ofRoles([roleId], tx)).get(roleId) ?? []
  }

  async withPermissionsOf(role: OrganizationRoleRecord, tx?: Tx): Promise<OrganizationRole> {
    return { ...role, permissions: await this.permissionsOf(role.id, tx) }
  }

  async withPermissions(roles: readonly OrganizationRoleRecord[], tx?: Tx): Promise<OrganizationRole[]> {
    const permissions = await this.permissions.ofRoles(
      roles.map(({ id }) => id),
      tx,
    )
    return roles.map((role) => ({ ...role, permissions: permissions.get(role.id) ?? [] }))
  }

  /** Names of the fields that differ, as on the wire; `search` follows from the others. */
  changed(before: object, after: object): string[] {
    return changedNames(before, after).filter((name) => name !== 'search')
  }

  async withRoles(sets: readonly RoleSetRecord[], tx?: Tx): Promise<RoleSet[]> {
    const roles = await this.roles.ofSets(
      sets.map(({ id }) => id),
      tx,
    )
    return sets.map((set) => ({ ...set, roles: roles.get(set.id) ?? [] }))
  }

  /**
   * The first permission decides who makes the rest: PostgreSQL lets a second transaction wait for the first one's
   * commit, and SQLite has one writer.
   */
  async #createDefaults(tx: Tx): Promise<void> {
    const permissionIds = new Map<string, string>()
    for (const permission of SYSTEM_PERMISSIONS) {
      const created = await this.permissions.create({ ...permission, type: 'system', search: searchOf(permission) }, tx)
      if (!created) return
      permissionIds.set(created.key, created.id)
    }
    const roleIds: string[] = []
    for (const { permissions, ...role } of DEFAULT_ROLES) {
      const { id } = (await this.roles.create({ ...role, search: searchOf(role) }, tx))!
      roleIds.push(id)
      for (const key of permissions) {
        await this.rolePermissions.create({ roleId: id, permissionId: permissionIds.get(key)! }, tx)
      }
    }
    const [creatorRoleId, defaultRoleId] = roleIds as [string, string]
    const set = await this.roleSets.create(
      { ...DEFAULT_ROLE_SET, type: 'initial', creatorRoleId, defaultRoleId, search: searchOf(DEFAULT_ROLE_SET) },
      tx,
    )
    for (const roleId of roleIds) await this.roleSetRoles.create({ roleSetId: set!.id, roleId }, tx)
  }
}
