import type { DirectoryGroupRoleMappingJSON, DirectoryJSON } from '@latchkey/types'
import type { Page, PageParams } from '../core/pages.js'
import { path } from '../core/path.js'
import type { ApiClient } from '../core/request.js'
import { Api } from './api.js'
import type { DeletedObject } from './deleted-objects.js'
import type { Resource } from './resource.js'
import { toWireNames } from './translate.js'

/**
 * Directories from which enterprises provision their users. The API has the same operations twice: also as
 * `scim_directories`, their name while SCIM was the only kind.
 */
export class DirectoriesApi extends Api {
  private readonly root: string

  constructor(client: ApiClient, root: 'directories' | 'scim_directories') {
    super(client)
    this.root = root
  }

  /**
   * Lists the directories.
   *
   * @throws {ClerkAPIResponseError} With status 401 or 403.
   * @see https://clerk.com/docs/reference/backend-api/tag/directories/GET/directories
   */
  async list(params: PageParams = {}): Promise<Page<Directory>> {
    return this.readPage(path`/${this.root}`, params)
  }

  /**
   * Creates a directory. Only this answer contains its API key.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/directories/POST/directories
   */
  async create(params: CreateDirectoryParams): Promise<Directory> {
    return this.post(path`/${this.root}`, toWireNames(params))
  }

  /**
   * Gets a directory by its id.
   *
   * @throws {ClerkAPIResponseError} With status 401, 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/directories/GET/directories/%7Bdirectory_id%7D
   */
  async get(directoryId: string): Promise<Directory> {
    return this.read(path`/${this.root}/${directoryId}`)
  }

  /**
   * Changes a directory.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/directories/PATCH/directories/%7Bdirectory_id%7D
   */
  async update({ directoryId, ...body }: UpdateDirectoryParams): Promise<Directory> {
    return this.patch(path`/${this.root}/${directoryId}`, body)
  }

  /**
   * Deletes a directory; requests with its API key are refused from then on.
   *
   * @throws {ClerkAPIResponseError} With status 401, 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/directories/DELETE/directories/%7Bdirectory_id%7D
   */
  async delete(directoryId: string): Promise<DeletedObject> {
    return this.remove(path`/${this.root}/${directoryId}`)
  }

  /**
   * Replaces the API key of a directory. Only this answer contains the new key.
   *
   * @throws {ClerkAPIResponseError} With status 401, 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/directories/POST/directories/%7Bdirectory_id%7D/rotate_api_key
   */
  async rotateApiKey(directoryId: string): Promise<Directory> {
    return this.post(path`/${this.root}/${directoryId}/rotate_api_key`)
  }

  /**
   * Lists the mappings from a directory's groups to roles, the most important first.
   *
   * @throws {ClerkAPIResponseError} With status 401, 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/directories/GET/directories/%7Bdirectory_id%7D/group_role_mappings
   */
  async getGroupRoleMappingList({
    directoryId,
    ...query
  }: GetGroupRoleMappingListParams): Promise<Page<GroupRoleMapping>> {
    return this.readPage(path`/${this.root}/${directoryId}/group_role_mappings`, query)
  }

  /**
   * Creates a mapping: members of a group get a role.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/directories/POST/directories/%7Bdirectory_id%7D/group_role_mappings
   */
  async createGroupRoleMapping({ directoryId, ...body }: CreateGroupRoleMappingParams): Promise<GroupRoleMapping> {
    return this.post(path`/${this.root}/${directoryId}/group_role_mappings`, body)
  }

  /**
   * Replaces all group mappings of a directory. The first of the list is the most important.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/directories/PUT/directories/%7Bdirectory_id%7D/group_role_mappings
   */
  async replaceGroupRoleMappings({
    directoryId,
    ...body
  }: ReplaceGroupRoleMappingsParams): Promise<Page<GroupRoleMapping>> {
    return this.put(path`/${this.root}/${directoryId}/group_role_mappings`, toWireNames(body))
  }

  /**
   * Deletes a mapping: the group no longer gives its role.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/directories/DELETE/directories/%7Bdirectory_id%7D/group_role_mappings/%7Bmapping_id%7D
   */
  async deleteGroupRoleMapping({ directoryId, mappingId }: DeleteGroupRoleMappingParams): Promise<DeletedObject> {
    return this.remove(path`/${this.root}/${directoryId}/group_role_mappings/${mappingId}`)
  }
}

/** A directory from which an enterprise provisions its users. */
export type Directory = Resource<DirectoryJSON>

/** Gives the members of a group a role. */
export type GroupRoleMapping = Resource<DirectoryGroupRoleMappingJSON>

/** A group and the role it gives. `scimDirectories` only takes the older name of the group's id. */
interface GroupRole {
  directoryGroupId?: string
  scimGroupId?: string
  roleId: string
}

export interface CreateDirectoryParams {
  enterpriseConnectionId: string
  name?: string
  provider: string
  groupRoleMappings?: (GroupRole & {
    /** At most 255 characters. */
    directoryGroupDisplayName?: string
    /** At most 255 characters. */
    scimGroupDisplayName?: string
    /** 1 is the most important. */
    precedence?: number
  })[]
}

export interface UpdateDirectoryParams {
  directoryId: string
  name?: string
  enabled?: boolean
  provider?: string
  /** Maps the name of each field, as on the wire, to the source of its value in the directory. */
  attributeMapping?: Record<string, unknown>
  groupRoleMappingEnabled?: boolean
}

export interface GetGroupRoleMappingListParams extends PageParams {
  directoryId: string
}

export interface CreateGroupRoleMappingParams extends GroupRole {
  directoryId: string
  /** 1 is the most important. Default: the least important. */
  precedence?: number
}

export interface ReplaceGroupRoleMappingsParams {
  directoryId: string
  mappings: GroupRole[]
}

export interface DeleteGroupRoleMappingParams {
  directoryId: string
  mappingId: string
}
