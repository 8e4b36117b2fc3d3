import type {
  OrganizationInvitationJSON,
  OrganizationInvitationStatus,
  OrganizationJSON,
  OrganizationMembershipJSON,
  OrganizationMembershipPublicUserDataJSON,
  OrganizationMembershipRole,
  PublicOrganizationDataJSON,
} from '@latchkey/types'
import { withRaw } from '../core/raw.js'

export interface Organization {
  id: string
  name: string
  slug: string
  imageUrl: string
  hasImage: boolean
  /** Unix milliseconds. */
  createdAt: number
  /** Unix milliseconds. */
  updatedAt: number
  publicMetadata: OrganizationPublicMetadata
  privateMetadata: OrganizationPrivateMetadata
  /** 0 means no limit. */
  maxAllowedMemberships: number
  adminDeleteEnabled: boolean
  membersCount?: number
  /** Id of a user. */
  createdBy?: string
  /** The answer as it came. */
  readonly raw: OrganizationJSON
}

export interface OrganizationMembership {
  id: string
  role: OrganizationMembershipRole
  permissions: string[]
  publicMetadata: OrganizationMembershipPublicMetadata
  privateMetadata: OrganizationMembershipPrivateMetadata
  /** Unix milliseconds. */
  createdAt: number
  /** Unix milliseconds. */
  updatedAt: number
  organization: Organization
  publicUserData?: OrganizationMembershipPublicUserData | null
  /** The answer as it came. */
  readonly raw: OrganizationMembershipJSON
}

/** What a member shows to the others. */
export interface OrganizationMembershipPublicUserData {
  identifier: string
  firstName: string | null
  lastName: string | null
  imageUrl: string
  hasImage: boolean
  userId: string
}

export interface OrganizationInvitation {
  id: string
  emailAddress: string
  role: OrganizationMembershipRole
  roleName: string
  organizationId: string
  /** Unix milliseconds. */
  createdAt: number
  /** Unix milliseconds. */
  updatedAt: number
  /** Unix milliseconds. */
  expiresAt: number
  url: string | null
  status?: OrganizationInvitationStatus
  publicMetadata: OrganizationInvitationPublicMetadata
  privateMetadata: OrganizationInvitationPrivateMetadata
  /** As on the wire: that is how `@clerk/backend` hands it out. */
  publicOrganizationData?: PublicOrganizationDataJSON | null
  /** The answer as it came. */
  readonly raw: OrganizationInvitationJSON
}

export function toOrganization(json: OrganizationJSON): Organization {
  return withRaw(
    {
      id: json.id,
      name: json.name,
      slug: json.slug,
      imageUrl: json.image_url ?? '',
      hasImage: json.has_image,
      createdAt: json.created_at,
      updatedAt: json.updated_at,
      publicMetadata: json.public_metadata ?? {},
      privateMetadata: json.private_metadata ?? {},
      maxAllowedMemberships: json.max_allowed_memberships,
      adminDeleteEnabled: json.admin_delete_enabled,
      membersCount: json.members_count,
      createdBy: json.created_by,
    },
    json,
  )
}

export function toOrganizationMembership(json: OrganizationMembershipJSON): OrganizationMembership {
  return withRaw(
    {
      id: json.id,
      role: json.role,
      permissions: json.permissions,
      publicMetadata: json.public_metadata ?? {},
      privateMetadata: json.private_metadata ?? {},
      createdAt: json.created_at,
      updatedAt: json.updated_at,
      organization: toOrganization(json.organization),
      publicUserData: toPublicUserData(json.public_user_data),
    },
    json,
  )
}

function toPublicUserData(json: OrganizationMembershipPublicUserDataJSON): OrganizationMembershipPublicUserData {
  return {
    identifier: json.identifier,
    firstName: json.first_name,
    lastName: json.last_name,
    imageUrl: json.image_url,
    hasImage: json.has_image,
    userId: json.user_id,
  }
}

export function toOrganizationInvitation(json: OrganizationInvitationJSON): OrganizationInvitation {
  return withRaw(
    {
      id: json.id,
      emailAddress: json.email_address,
      role: json.role,
      roleName: json.role_name,
      organizationId: json.organization_id,
      createdAt: json.created_at,
      updatedAt: json.updated_at,
      // The API may answer null, which the type of `@clerk/backend` does not have.
      expiresAt: json.expires_at as number,
      url: json.url,
      status: json.status,
      publicMetadata: json.public_metadata ?? {},
      privateMetadata: json.private_metadata ?? {},
      publicOrganizationData: json.public_organization_data,
    },
    json,
  )
}
