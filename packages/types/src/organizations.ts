import type { ResourceJSON } from './resource.js'

/** Key of a role, such as `org:admin`. */
export type OrganizationMembershipRole = string
export type OrganizationEnrollmentMode = 'manual_invitation' | 'automatic_invitation' | 'automatic_suggestion'

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
  public_metadata: OrganizationPublicMetadata
  private_metadata?: OrganizationPrivateMetadata
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

/** What an organization shows to those who are not in it. */
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
  public_metadata: OrganizationMembershipPublicMetadata
  private_metadata?: OrganizationMembershipPrivateMetadata
  organization: OrganizationJSON
  public_user_data: OrganizationMembershipPublicUserDataJSON
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

/** What a member shows to the others. */
export interface OrganizationMembershipPublicUserDataJSON {
  user_id: string
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
