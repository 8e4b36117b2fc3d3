import type { RoleSetItemJSON, RoleSetJSON, RoleSetMigrationJSON } from '@latchkey/types'
import type { Page, PageParams } from '../core/pages.js'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { DeletedObject } from './deleted-objects.js'
import type { Resource } from './resource.js'

/** Sets of roles that an organization can use. */
export class RoleSetsApi extends Api {
  /**
   * Lists the sets of roles that organizations can have.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/role-sets/GET/role_sets
   */
  async getRoleSetList(params: GetRoleSetListParams = {}): Promise<Page<RoleSet>> {
    return this.readPage(path`/role_sets`, params)
  }

  /**
   * Gets a set by its key or its id.
   *
   * @throws {ClerkAPIResponseError} With status 401, 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/role-sets/GET/role_sets/%7Brole_set_key_or_id%7D
   */
  async getRoleSet(roleSetKeyOrId: string): Promise<RoleSet> {
    return this.read(path`/role_sets/${roleSetKeyOrId}`)
  }

  /**
   * Creates a set.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 402, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/role-sets/POST/role_sets
   */
  async createRoleSet(params: CreateRoleSetParams): Promise<RoleSet> {
    return this.post(path`/role_sets`, params)
  }

  /**
   * Changes a set.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/role-sets/PATCH/role_sets/%7Brole_set_key_or_id%7D
   */
  async updateRoleSet({ roleSetKeyOrId, ...body }: UpdateRoleSetParams): Promise<RoleSet> {
    return this.patch(path`/role_sets/${roleSetKeyOrId}`, body)
  }

  /**
   * Adds roles to a set.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/role-sets/POST/role_sets/%7Brole_set_key_or_id%7D/roles
   */
  async addRolesToRoleSet({ roleSetKeyOrId, ...body }: AddRolesToRoleSetParams): Promise<RoleSet> {
    return this.post(path`/role_sets/${roleSetKeyOrId}/roles`, body)
  }

  /**
   * Removes a role from a set. Its members get another role.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/role-sets/POST/role_sets/%7Brole_set_key_or_id%7D/roles/replace
   */
  async replaceRoleInRoleSet({ roleSetKeyOrId, ...body }: ReplaceRoleInRoleSetParams): Promise<RoleSet> {
    return this.post(path`/role_sets/${roleSetKeyOrId}/roles/replace`, body)
  }

  /**
   * Moves the organizations of a set to another one and deletes the set, in the background.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/role-sets/POST/role_sets/%7Brole_set_key_or_id%7D/replace
   */
  async replaceRoleSet({ roleSetKeyOrId, ...body }: ReplaceRoleSetParams): Promise<DeletedObject> {
    return this.post(path`/role_sets/${roleSetKeyOrId}/replace`, body)
  }
}

export interface RoleSet extends Resource<RoleSetJSON> {
  roles: RoleSetItem[]
  defaultRole: RoleSetItem | null
  creatorRole: RoleSetItem | null
  roleSetMigration: RoleSetMigration | null
}

export type RoleSetItem = Resource<RoleSetItemJSON>

/** A migration of members from one set to another. */
export interface RoleSetMigration extends Omit<
  Resource<RoleSetMigrationJSON>,
  'mappings' | 'startedAt' | 'completedAt'
> {
  organizationId: string | null
  destRoleSetId: string | null
  /** Maps the key of the old role to the key of the new one. */
  mappings: Record<string, string> | null
  /** Unix milliseconds. */
  startedAt?: number
  /** Unix milliseconds. */
  completedAt?: number
}

export interface GetRoleSetListParams extends PageParams {
  /** An id, or part of a name or key. */
  query?: string
  /** `-` sorts in descending order. Default is `-created_at`. */
  orderBy?: `${'' | '+' | '-'}${'created_at' | 'name' | 'key'}`
}

export interface CreateRoleSetParams {
  name: string
  /** `role_set:` and lower-case letters, digits, `_` or `-`. Default is derived from the name. */
  key?: string
  description?: string | null
  /** The role of new members; one of `roles`. */
  defaultRoleKey: string
  /** The role of the user who creates an organization; one of `roles`. */
  creatorRoleKey: string
  /** `initial` is the set of new organizations; an instance has one. Default is `custom`. */
  type?: 'initial' | 'custom'
  /** Keys of 1 to 10 roles. */
  roles: string[]
}

export interface UpdateRoleSetParams {
  roleSetKeyOrId: string
  name?: string | null
  key?: string | null
  description?: string | null
  type?: 'initial' | null
  defaultRoleKey?: string | null
  creatorRoleKey?: string | null
}

export interface AddRolesToRoleSetParams {
  roleSetKeyOrId: string
  roleKeys: string[]
  defaultRoleKey?: string
  creatorRoleKey?: string
}

export interface ReplaceRoleInRoleSetParams {
  roleSetKeyOrId: string
  roleKey: string
  toRoleKey: string
}

export interface ReplaceRoleSetParams {
  roleSetKeyOrId: string
  destRoleSetKey: string
  /** Maps the key of an old role to the key of the new one. */
  reassignmentMappings?: Record<string, string>
}
