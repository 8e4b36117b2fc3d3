import type { RoleJSON } from '@latchkey/types'
import type { Page, PageParams } from '../core/pages.js'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { DeletedObject } from './deleted-objects.js'
import type { Permission } from './organization-permissions.js'
import type { Resource } from './resource.js'

/** Roles of members of an organization: sets of permissions with a name. */
export class OrganizationRolesApi extends Api {
  /**
   * Lists the roles that members of organizations can have.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-roles/GET/organization_roles
   */
  async getOrganizationRoleList(params: GetOrganizationRoleListParams = {}): Promise<Page<Role>> {
    return this.readPage(path`/organization_roles`, params)
  }

  /**
   * Gets a role by its id.
   *
   * @throws {ClerkAPIResponseError} With status 401, 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-roles/GET/organization_roles/%7Borganization_role_id%7D
   */
  async getOrganizationRole(organizationRoleId: string): Promise<Role> {
    return this.read(path`/organization_roles/${organizationRoleId}`)
  }

  /**
   * Creates a role.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 402, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-roles/POST/organization_roles
   */
  async createOrganizationRole(params: CreateOrganizationRoleParams): Promise<Role> {
    return this.post(path`/organization_roles`, params)
  }

  /**
   * Changes a role.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-roles/PATCH/organization_roles/%7Borganization_role_id%7D
   */
  async updateOrganizationRole({ organizationRoleId, ...body }: UpdateOrganizationRoleParams): Promise<Role> {
    return this.patch(path`/organization_roles/${organizationRoleId}`, body)
  }

  /**
   * Deletes a role. Refused if a member or an invitation has the role, or if it is a default role.
   *
   * @throws {ClerkAPIResponseError} With status 401, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-roles/DELETE/organization_roles/%7Borganization_role_id%7D
   */
  async deleteOrganizationRole(organizationRoleId: string): Promise<DeletedObject> {
    return this.remove(path`/organization_roles/${organizationRoleId}`)
  }

  /**
   * Adds a permission to a role.
   *
   * @throws {ClerkAPIResponseError} With status 401, 403, 404 or 409.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-roles/POST/organization_roles/%7Borganization_role_id%7D/permissions/%7Bpermission_id%7D
   */
  async assignPermissionToOrganizationRole(params: OrganizationRolePermissionParams): Promise<Role> {
    return this.post(path`/organization_roles/${params.organizationRoleId}/permissions/${params.permissionId}`)
  }

  /**
   * Removes a permission from a role.
   *
   * @throws {ClerkAPIResponseError} With status 401, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-roles/DELETE/organization_roles/%7Borganization_role_id%7D/permissions/%7Bpermission_id%7D
   */
  async removePermissionFromOrganizationRole(params: OrganizationRolePermissionParams): Promise<Role> {
    return this.remove(path`/organization_roles/${params.organizationRoleId}/permissions/${params.permissionId}`)
  }
}

export interface Role extends Resource<RoleJSON> {
  permissions: Permission[]
}

export interface GetOrganizationRoleListParams extends PageParams {
  /** An id, or part of a name or key. */
  query?: string
  /** `-` sorts in descending order. Default is `-created_at`. */
  orderBy?: `${'' | '+' | '-'}${'created_at' | 'name' | 'key'}`
}

export interface CreateOrganizationRoleParams {
  name: string
  /** `org:` and lower-case letters, digits, `_` or `-`. */
  key: string
  description?: string | null
  /** Ids of permissions. */
  permissions?: string[] | null
  includeInInitialRoleSet?: boolean | null
}

export interface UpdateOrganizationRoleParams {
  organizationRoleId: string
  name?: string | null
  /** `org:` and lower-case letters, digits, `_` or `-`. */
  key?: string | null
  description?: string | null
  /** Ids of permissions. Replaces the whole list. */
  permissions?: string[] | null
}

export interface OrganizationRolePermissionParams {
  organizationRoleId: string
  permissionId: string
}
