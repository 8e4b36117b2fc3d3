import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Page, PageRequest } from '../../kernel/page.js'
import type { Tx } from '../../storage/tx.js'
import {
  requireCreatorPermissions,
  requireOrganizations,
  searchOf,
  type RoleSet,
} from '../organization-role-records/organization-role-records.rules.js'
import type { OrganizationRoleRecords } from '../organization-role-records/organization-role-records.service.js'
import type {
  OrganizationRoleRecord,
  RoleSetRecord,
} from '../organization-role-records/organization-role-records.table.js'
import { roleSetErrors } from './role-sets.errors.js'
import { roleSetKeyOf, type ShownRoleSet } from './role-sets.rules.js'
import { RoleSetUseStore } from './role-sets.store.js'

export interface RoleSetInput {
  /** Of a new set; default is a new one. */
  id?: string | undefined
  name: string
  /** Default is made of the name. */
  key?: string | undefined
  description?: string | null | undefined
  defaultRoleKey: string
  creatorRoleKey: string
  /** Default is `custom`. */
  type?: 'initial' | 'custom' | undefined
  /** Keys of 1 to 10 roles. */
  roles: string[]
}

export interface RoleSetChanges {
  name?: string | null | undefined
  key?: string | null | undefined
  description?: string | null | undefined
  type?: 'initial' | null | undefined
  defaultRoleKey?: string | null | undefined
  creatorRoleKey?: string | null | undefined
}

export interface AddRolesInput {
  roleKeys: string[]
  /** One of `roleKeys`. */
  defaultRoleKey?: string | undefined
  /** One of `roleKeys`. */
  creatorRoleKey?: string | undefined
}

interface RoleSetServiceOptions {
  context: InstanceContext
  organizationRoleRecords: OrganizationRoleRecords
}

/** Sets of roles: each organization has one, and its members have roles of it. `role-set-moves.service.ts` ends them. */
export class RoleSetService {
  readonly #uses: RoleSetUseStore

  constructor(private readonly options: RoleSetServiceOptions) {
    this.#uses = new RoleSetUseStore(options.context)
  }

  /** @throws {ApiError} 403 `organization_not_enabled_in_instance`, as all of these do */
  async list(
    request: PageRequest & { query?: string | undefined; orderBy?: string | undefined },
  ): Promise<Page<ShownRoleSet>> {
    const { context, organizationRoleRecords: records } = this.options
    requireOrganizations(context)
    await records.ready()
    const { data, totalCount } = await records.roleSets.search(request)
    return { data: await records.withRoles(data), totalCount }
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  async get(keyOrId: string): Promise<ShownRoleSet> {
    const { context, organizationRoleRecords: records } = this.options
    requireOrganizations(context)
    const [set] = await records.withRoles([await records.findSet(keyOrId)])
    return { ...set!, membersCounts: await this.#uses.membersCounts(set!.id) }
  }

  async exists(key: string): Promise<boolean> {
    const { context, organizationRoleRecords: records } = this.options
    requireOrganizations(context)
    await records.ready()
    return (await records.roleSets.findByKey(key)) !== undefined
  }

  /**
   * @throws {ApiError} 403 `organization_instance_role_sets_quota_exceeded`, 404 for an unknown role, 422
   *   `form_identifier_exists`, `form_param_value_invalid` for a default or creator role that is not in the set,
   *   `organization_missing_creator_role_permissions`
   */
  create(input: RoleSetInput, caller: Caller): Promise<ShownRoleSet> {
    return this.#change(caller, async (records, tx) => {
      const { id, name, description, type = 'custom' } = input
      if (new Set(input.roles).size < input.roles.length) throw errors.paramDuplicate('roles')
      const roles = await this.#roles(input.roles, tx)
      const creatorRoleId = await this.#creator(input.creatorRoleKey, roles, tx)
      const defaultRoleId = roleAmong(roles, input.defaultRoleKey, 'default_role_key').id
      const key = input.key ?? (await this.#freeKey(name, tx))
      if (await records.roleSets.findByKey(key, tx)) throw errors.identifierExists('key')
      const { maxRoleSetsAllowed } = this.options.context.instance.settings.organizations
      if ((await records.roleSets.countIn(tx)) >= maxRoleSetsAllowed)
        throw roleSetErrors.tooManySets(maxRoleSetsAllowed)
      if (type === 'initial') await this.#demoteInitial(tx)
      const fields = { id, name, key, description: description || null, type, defaultRoleId, creatorRoleId }
      const set = await records.roleSets.create({ ...fields, search: searchOf({ name, key }) }, tx)
      if (!set) throw errors.identifierExists('id')
      for (const role of roles) await records.roleSetRoles.create({ roleSetId: set.id, roleId: role.id }, tx)
      await tx.audit('role_set.created', set.id)
      return this.#shown(set, tx)
    })
  }

  /**
   * What is null stays as it is; an empty description clears it.
   *
   * @throws {ApiError} 404 `resource_not_found`, 422 as `create` does
   */
  update(keyOrId: string, changes: RoleSetChanges, caller: Caller): Promise<ShownRoleSet> {
    return this.#change(caller, async (records, tx) => {
      const before = await this.#locked(keyOrId, tx)
      const { description, defaultRoleKey, creatorRoleKey } = changes
      const named = { name: changes.name ?? before.name, key: changes.key ?? before.key }
      const [defaultRoleId, creatorRoleId] = [
        defaultRoleKey == null ? undefined : roleAmong(before.roles, defaultRoleKey, 'default_role_key').id,
        creatorRoleKey == null ? undefined : await this.#creator(creatorRoleKey, before.roles, tx),
      ]
      if (changes.type === 'initial' && before.type !== 'initial') await this.#demoteInitial(tx)
      const values = {
        ...named,
        search: searchOf(named),
        description: description === '' ? null : (description ?? before.description),
        type: changes.type ?? before.type,
        defaultRoleId: defaultRoleId ?? before.defaultRoleId,
        creatorRoleId: creatorRoleId ?? before.creatorRoleId,
      }
      const after = await records.roleSets.update(before.id, values, tx)
      if (!after) throw errors.identifierExists('key')
      await tx.audit('role_set.updated', before.id, records.changed(recordOf(before), after))
      return this.#shown(after, tx)
    })
  }

  /**
   * @throws {ApiError} 404 `resource_not_found`, 422 `form_param_value_invalid` for a role that is in the set already, for
   *   too many of them, and for a default or creator role that is not one of them
   */
  addRoles(
    keyOrId: string,
    { roleKeys, defaultRoleKey, creatorRoleKey }: AddRolesInput,
    caller: Caller,
  ): Promise<ShownRoleSet> {
    return this.#change(caller, async (records, tx) => {
      const set = await this.#locked(keyOrId, tx)
      if (new Set(roleKeys).size < roleKeys.length) throw errors.paramDuplicate('role_keys')
      const roles = await this.#roles(roleKeys, tx)
      const present = roles.find(({ id }) => set.roles.some((role) => role.id === id))
      if (present) throw errors.paramValueInvalid('role_keys', `has ${present.key}, which is in the role set already`)
      const ids = roles.map(({ id }) => id)
      await records.addToSet(set.id, ids, 'role_keys', tx)
      const leading = {
        ...(defaultRoleKey === undefined
          ? {}
          : { defaultRoleId: roleAmong(roles, defaultRoleKey, 'default_role_key').id }),
        ...(creatorRoleKey === undefined ? {} : { creatorRoleId: await this.#creator(creatorRoleKey, roles, tx) }),
      }
      const after = (await records.roleSets.update(set.id, leading, tx))!
      await tx.audit('role_set.updated', set.id, ['roles', ...records.changed(recordOf(set), after)])
      return this.#shown(after, tx)
    })
  }

  async #change<T>(caller: Caller, body: (records: OrganizationRoleRecords, tx: Tx) => Promise<T>): Promise<T> {
    const { context, organizationRoleRecords: records } = this.options
    requireOrganizations(context)
    return context.transaction(caller, async (tx) => {
      await records.lock(tx)
      return body(records, tx)
    })
  }

  async #locked(keyOrId: string, tx: Tx): Promise<RoleSet> {
    const { organizationRoleRecords: records } = this.options
    const set = await records.roleSets.locked((await records.findSet(keyOrId, tx)).id, tx)
    return (await records.withRoles([set], tx))[0]!
  }

  async #shown(set: RoleSetRecord, tx: Tx): Promise<ShownRoleSet> {
    const { organizationRoleRecords: records } = this.options
    const [shown] = await records.withRoles([set], tx)
    return { ...shown!, membersCounts: await this.#uses.membersCounts(set.id, tx) }
  }

  /** @throws {ApiError} 404 `resource_not_found` for a key that no role has */
  async #roles(keys: readonly string[], tx: Tx): Promise<OrganizationRoleRecord[]> {
    const found = await this.options.organizationRoleRecords.roles.findAll('key', keys, tx)
    return keys.map((key) => {
      const role = found.find((candidate) => candidate.key === key)
      if (!role) throw errors.resourceNotFound('organization role', key)
      return role
    })
  }

  async #creator(key: string, roles: readonly OrganizationRoleRecord[], tx: Tx): Promise<string> {
    const { id } = roleAmong(roles, key, 'creator_role_key')
    requireCreatorPermissions(key, await this.options.organizationRoleRecords.permissionsOf(id, tx))
    return id
  }

  /** The unique index allows one initial set at a time. */
  async #demoteInitial(tx: Tx): Promise<void> {
    const { organizationRoleRecords: records } = this.options
    const { id } = await records.initialSet(tx)
    await records.roleSets.update(id, { type: 'custom' }, tx)
    await tx.audit('role_set.updated', id, ['type'])
  }

  async #freeKey(name: string, tx: Tx): Promise<string> {
    const key = roleSetKeyOf(name)
    for (let number = 1; ; number++) {
      const candidate = number === 1 ? key : `${key}_${number}`
      if (!(await this.options.organizationRoleRecords.roleSets.findByKey(candidate, tx))) return candidate
    }
  }
}

function roleAmong(roles: readonly OrganizationRoleRecord[], key: string, param: string): OrganizationRoleRecord {
  const role = roles.find((candidate) => candidate.key === key)
  if (!role)
    throw errors.paramValueInvalid(param, `must be one of ${roles.map((candidate) => candidate.key).join(', ')}`)
  return role
}

function recordOf(set: RoleSet): RoleSetRecord {
  const { roles: _, ...record } = set
  return record
}
