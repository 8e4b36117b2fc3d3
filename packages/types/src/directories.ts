import type { EnterpriseConnectionCustomAttributeJSON } from './enterprise-connections.js'
import type { RoleJSON } from './organizations.js'
import type { ResourceJSON } from './resource.js'

/**
 * A directory from which an enterprise provisions its users. The tag says under which of its two names it was
 * requested.
 */
export interface DirectoryJSON extends ResourceJSON<'directory' | 'scim_directory'> {
  name: string
  enterprise_connection_id?: string | null
  /** Where the enterprise sends its requests. */
  endpoint_url: string
  provider: string
  enabled: boolean
  group_role_mapping_enabled: boolean
  /** Maps the name of each field to the source of its value in the directory. */
  attribute_mapping: Record<string, unknown>
  custom_attributes?: Partial<EnterpriseConnectionCustomAttributeJSON>[]
  /** Only in the answers to its creation and to the rotation of the key. */
  api_key?: string | null
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

/** Gives the members of a group a role. */
export interface DirectoryGroupRoleMappingJSON extends ResourceJSON<
  'directory_group_role_mapping' | 'scim_group_role_mapping'
> {
  directory_id: string
  /** @deprecated The same as `directory_id`. */
  scim_directory_id: string
  directory_group_id: string
  /** @deprecated The same as `directory_group_id`. */
  scim_group_id: string
  directory_group_display_name: string
  /** @deprecated The same as `directory_group_display_name`. */
  scim_group_display_name: string
  role?: RoleJSON
  /** 1 is the most important. */
  precedence: number
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

/** A group and the role it gives. `/scim_directories` only takes the older name of the group's id. */
export interface DirectoryGroupRoleJSON {
  directory_group_id?: string
  scim_group_id?: string
  role_id: string
}

export interface CreateDirectoryJSON {
  enterprise_connection_id: string
  name?: string
  provider: string
  group_role_mappings?: CreateDirectoryGroupRoleMappingJSON[]
}

export interface UpdateDirectoryJSON {
  name?: string
  enabled?: boolean
  provider?: string
  /** Maps the name of each field to the source of its value in the directory. */
  attribute_mapping?: Record<string, unknown>
  group_role_mapping_enabled?: boolean
}

export interface CreateDirectoryGroupRoleMappingJSON extends DirectoryGroupRoleJSON {
  /** At most 255 characters. */
  directory_group_display_name?: string
  /** At most 255 characters. */
  scim_group_display_name?: string
  /** 1 is the most important. Default: the least important. */
  precedence?: number
}

export interface ReplaceDirectoryGroupRoleMappingsJSON {
  /** The most important first. */
  mappings: DirectoryGroupRoleJSON[]
}
