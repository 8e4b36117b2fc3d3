import type { AuthorizationKey, Metadata } from './metadata.js'
import type { ResourceJSON } from './resource.js'

/** Key of a role, such as `org:admin`. */
export type OrganizationCustomRoleKey = AuthorizationKey<'role'>
/** Key of a permission, such as `org:invoices:create`. */
export type OrganizationCustomPermissionKey = AuthorizationKey<'permission'>
export type OrganizationMembershipRole = OrganizationCustomRoleKey
export type OrganizationInvitationStatus = 'pending' | 'accepted' | 'revoked' | 'expired'

export interface OrganizationJSON extends ResourceJSON<'organization'> {
  name: string
  slug: string
  image_url?: string
  has_image: boolean
  /** @deprecated Use `image_url`. */
  logo_url?: string
  members_count?: number
  missing_member_with_elevated_permissions?: boolean
  pending_invitations_count?: number
  /** 0 means no limit. */
  max_allowed_memberships: number
  admin_delete_enabled: boolean
  public_metadata: OrganizationPublicMetadata & Metadata
  private_metadata?: OrganizationPrivateMetadata & Metadata
  /** Id of a user. */
  created_by?: string
  role_set_key?: string | null
  /** Unix milliseconds. */
  last_active_at?: number
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

export interface OrganizationMetadataJSON {
  public_metadata?: Metadata
  private_metadata?: Metadata
}

export interface CreateOrganizationJSON {
  name: string
  slug?: string | null
  /** Id of a user, who becomes the first member. */
  created_by?: string | null
  /** 0 means no limit. */
  max_allowed_memberships?: number | null
  role_set_key?: string | null
  public_metadata?: Metadata | null
  private_metadata?: Metadata | null
  /** RFC 3339. */
  created_at?: string | null
}

export interface UpdateOrganizationJSON extends Omit<CreateOrganizationJSON, 'name' | 'created_by'> {
  name?: string | null
  admin_delete_enabled?: boolean | null
}

export interface CreateOrganizationMembershipJSON {
  user_id: string
  /** Key of a role. */
  role: string
  public_metadata?: Metadata | null
  private_metadata?: Metadata | null
}

export interface UpdateOrganizationMembershipJSON {
  /** Key of a role. */
  role: string
}

export interface CreateOrganizationInvitationJSON {
  email_address: string
  /** Key of a role. */
  role: string
  /** Id of a user who may manage the organization's members. */
  inviter_user_id?: string | null
  public_metadata?: Metadata | null
  private_metadata?: Metadata | null
  /** Where the link in the mail leads. */
  redirect_url?: string | null
  /** 1 to 365. Default is 30. */
  expires_in_days?: number | null
  /** Sends a mail. Default is true. */
  notify?: boolean | null
}

export interface RevokeOrganizationInvitationJSON {
  /** Id of a user who may manage the organization's members. */
  requesting_user_id?: string | null
}

/** The data of an organization that non-members can see. */
export interface PublicOrganizationDataJSON {
  id: string
  name: string
  slug: string
  image_url?: string
  has_image: boolean
}

export interface OrganizationMembershipJSON extends ResourceJSON<'organization_membership'> {
  role: OrganizationMembershipRole
  role_name?: string
  permissions: string[]
  public_metadata: OrganizationMembershipPublicMetadata & Metadata
  private_metadata?: OrganizationMembershipPrivateMetadata & Metadata
  organization: OrganizationJSON
  public_user_data: OrganizationMembershipPublicUserDataJSON
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

/** The data of a member that other members can see. */
export interface OrganizationMembershipPublicUserDataJSON {
  user_id: string
  /** The primary e-mail address, else the primary phone number, the username or the wallet. Empty without any of these. */
  identifier: string
  first_name: string | null
  last_name: string | null
  username?: string | null
  /** @deprecated Use `image_url`. */
  profile_image_url: string | null
  image_url: string
  has_image: boolean
  banned?: boolean
  deprovisioned?: boolean
}

export interface OrganizationInvitationJSON extends ResourceJSON<'organization_invitation'> {
  email_address: string
  role: OrganizationMembershipRole
  role_name: string
  organization_id: string
  /** Id of a user. */
  inviter_id: string | null
  public_inviter_data: OrganizationInvitationPublicUserDataJSON | null
  /** Only in answers about a user's own invitations. */
  public_organization_data?: PublicOrganizationDataJSON | null
  status?: OrganizationInvitationStatus
  public_metadata: OrganizationInvitationPublicMetadata & Metadata
  private_metadata: OrganizationInvitationPrivateMetadata & Metadata
  url: string | null
  /** Unix milliseconds. */
  expires_at: number | null
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

export interface OrganizationInvitationPublicUserDataJSON {
  user_id: string
  first_name: string | null
  last_name: string | null
  image_url: string
  has_image: boolean
  identifier: string
}

export interface RoleJSON extends ResourceJSON<'role'> {
  /** Such as `org:admin`. */
  key: string
  name: string
  description: string | null
  /** Whether this can be the role of an organization's creator. */
  is_creator_eligible: boolean
  permissions: PermissionJSON[]
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

export interface PermissionJSON extends ResourceJSON<'permission'> {
  /** Such as `org:invoices:create`. */
  key: string
  name: string
  description: string
  /** `system` or `user`. */
  type: string
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

export interface RoleSetJSON extends ResourceJSON<'role_set'> {
  name: string
  /** Such as `role_set:default`. */
  key: string
  description: string | null
  roles: RoleSetItemJSON[]
  default_role?: RoleSetItemJSON | null
  creator_role?: RoleSetItemJSON | null
  type: 'initial' | 'custom'
  role_set_migration?: RoleSetMigrationJSON | null
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

export interface RoleSetItemJSON extends ResourceJSON<'role_set_item'> {
  name: string
  key: string
  description: string | null
  members_count?: number | null
  has_members?: boolean | null
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

/** A migration of members from one role set to another. */
export interface RoleSetMigrationJSON extends ResourceJSON<'role_set_migration'> {
  organization_id?: string | null
  instance_id: string
  source_role_set_id: string
  dest_role_set_id?: string | null
  trigger_type: string
  status: string
  migrated_members: number
  /** Maps the key of the old role to the key of the new one. */
  mappings?: Metadata | null
  /** Unix milliseconds. */
  started_at?: number | null
  /** Unix milliseconds. */
  completed_at?: number | null
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}
