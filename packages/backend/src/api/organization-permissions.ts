import type { PermissionJSON } from '@latchkey/types'
import type { Page, PageParams } from '../core/pages.js'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { DeletedObject } from './deleted-objects.js'
import type { Resource } from './resource.js'

/** Permissions that members of an organization can have. */
export class OrganizationPermissionsApi extends Api {
  /**
   * Lists the permissions.
   *
   * @throws {ClerkAPIResponseError} With status 401 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-permissions/GET/organization_permissions
   */
  async getOrganizationPermissionList(params: GetOrganizationPermissionListParams = {}): Promise<Page<Permission>> {
    return this.readPage(path`/organization_permissions`, params)
  }

  /**
   * Gets a permission by its id.
   *
   * @throws {ClerkAPIResponseError} With status 401 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-permissions/GET/organization_permissions/%7Bpermission_id%7D
   */
  async getOrganizationPermission(permissionId: string): Promise<Permission> {
    return this.read(path`/organization_permissions/${permissionId}`)
  }

  /**
   * Creates a permission.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 402, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-permissions/POST/organization_permissions
   */
  async createOrganizationPermission(params: CreateOrganizationPermissionParams): Promise<Permission> {
    return this.post(path`/organization_permissions`, params)
  }

  /**
   * Changes a permission. System permissions cannot be changed.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-permissions/PATCH/organization_permissions/%7Bpermission_id%7D
   */
  async updateOrganizationPermission(params: UpdateOrganizationPermissionParams): Promise<Permission> {
    const { permissionId, ...body } = params
    return this.patch(path`/organization_permissions/${permissionId}`, body)
  }

  /**
   * Deletes a permission, and removes it from all roles.
   *
   * @throws {ClerkAPIResponseError} With status 401, 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-permissions/DELETE/organization_permissions/%7Bpermission_id%7D
   */
  async deleteOrganizationPermission(permissionId: string): Promise<DeletedObject> {
    return this.remove(path`/organization_permissions/${permissionId}`)
  }
}

export type Permission = Resource<PermissionJSON>

export interface GetOrganizationPermissionListParams extends PageParams {
  /** An id, or part of a name or key. */
  query?: string
  /** `-` sorts in descending order. Default is `-created_at`. */
  orderBy?: `${'' | '+' | '-'}${'created_at' | 'name' | 'key'}`
}

export interface CreateOrganizationPermissionParams {
  name: string
  /** Such as `org:invoices:create`. */
  key: string
  description?: string
}

export interface UpdateOrganizationPermissionParams extends Partial<CreateOrganizationPermissionParams> {
  permissionId: string
}
