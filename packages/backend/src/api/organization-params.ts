import type {
  OrganizationEnrollmentMode,
  OrganizationInvitationStatus,
  OrganizationMembershipRole,
} from '@latchkey/types'
import type { PageParams } from '../core/pages.js'

export interface OrganizationMetadataParams {
  /** Readable by the members, writable by backends. */
  publicMetadata?: OrganizationPublicMetadata
  /** Readable and writable by backends only. */
  privateMetadata?: OrganizationPrivateMetadata
}

interface OrganizationExtras {
  includeMembersCount?: boolean
  /** Also returns whether the organization has no member left who may manage it. */
  includeMissingMemberWithElevatedPermissions?: boolean
}

export interface GetOrganizationListParams extends PageParams, OrganizationExtras {
  /** An id, or part of a name or slug. */
  query?: string
  /** `-` sorts in descending order. Default is `-created_at`. */
  orderBy?: `${'' | '+' | '-'}${'name' | 'created_at' | 'members_count'}`
  /** At most 100; prefix `-` to exclude one. */
  organizationId?: string[]
  /**
   * Lists the organizations that any of these users, at most 100, is a member of; prefix `-` to exclude those of a
   * user.
   */
  userId?: string[]
}

export interface CreateOrganizationParams extends OrganizationMetadataParams {
  /** At most 256 characters, no URL and no HTML. */
  name: string
  slug?: string
  /** Id of the user who becomes its administrator. */
  createdBy?: string
  /** 0 means no limit. Default is the instance's. */
  maxAllowedMemberships?: number
  createdAt?: Date
  roleSetKey?: string
}

export type GetOrganizationParams = ({ organizationId: string } | { slug: string }) & OrganizationExtras

export interface UpdateOrganizationParams extends OrganizationMetadataParams {
  /** At most 256 characters, no URL and no HTML. */
  name?: string
  slug?: string
  /** Allows its administrators to delete it. */
  adminDeleteEnabled?: boolean
  /** 0 means no limit. */
  maxAllowedMemberships?: number
  createdAt?: Date
  roleSetKey?: string
}

export interface UpdateOrganizationLogoParams {
  file: Blob | File
  /** Id of the user who uploads it. */
  uploaderUserId?: string
}

type MembershipOrder = 'phone_number' | 'email_address' | 'created_at' | 'first_name' | 'last_name' | 'username'

export interface GetInstanceOrganizationMembershipListParams extends PageParams {
  /** `-` sorts in descending order. Default is `-created_at`. */
  orderBy?: `${'' | '+' | '-'}${MembershipOrder}`
}

/**
 * All given filters must match. A list, of at most 100 values, matches if any of its values does. An empty list matches
 * no member.
 */
export interface GetMembersParams extends GetInstanceOrganizationMembershipListParams {
  organizationId: string
  /** Prefix `-` to exclude one. */
  userId?: string[]
  emailAddress?: string[]
  phoneNumber?: string[]
  username?: string[]
  web3Wallet?: string[]
  role?: OrganizationMembershipRole[]
  /** Part of an address, number, username, wallet, id or name. */
  query?: string
  emailAddressQuery?: string
  phoneNumberQuery?: string
  usernameQuery?: string
  nameQuery?: string
  /** This and the following are in Unix milliseconds. */
  lastActiveAtBefore?: number
  lastActiveAtAfter?: number
  createdAtBefore?: number
  createdAtAfter?: number
}

export interface OrganizationMembershipParams {
  organizationId: string
  userId: string
}

export interface CreateOrganizationMembershipParams extends OrganizationMembershipParams {
  /** Key of a role, such as `org:member`. */
  role: OrganizationMembershipRole
}

export interface UpdateOrganizationMembershipMetadataParams extends OrganizationMembershipParams {
  publicMetadata?: OrganizationMembershipPublicMetadata
  privateMetadata?: OrganizationMembershipPrivateMetadata
}

export interface OrganizationInvitationParams {
  emailAddress: string
  /** Key of a role, such as `org:member`. */
  role: OrganizationMembershipRole
  /** 1 to 365. Default is 30. */
  expiresInDays?: number
  /** Id of an administrator of the organization. */
  inviterUserId?: string
  privateMetadata?: OrganizationInvitationPrivateMetadata
  publicMetadata?: OrganizationInvitationPublicMetadata
  /** Target of the link in the mail. */
  redirectUrl?: string
  /** Sends a mail. Default is true. */
  notify?: boolean
}

export interface CreateOrganizationInvitationParams extends OrganizationInvitationParams {
  organizationId: string
}

export interface GetInvitationsOfOrganizationParams extends PageParams {
  organizationId: string
  status?: OrganizationInvitationStatus[]
}

export interface GetInstanceOrganizationInvitationListParams extends PageParams {
  /** `-` sorts in descending order. Default is `-created_at`. */
  orderBy?: `${'' | '+' | '-'}${'created_at' | 'email_address'}`
  status?: OrganizationInvitationStatus
  /** An id, or part of an address. */
  query?: string
}

export interface GetOrganizationInvitationParams {
  organizationId: string
  invitationId: string
}

export interface RevokeOrganizationInvitationParams extends GetOrganizationInvitationParams {
  /** Id of an administrator of the organization. */
  requestingUserId?: string
}

export interface GetOrganizationDomainListParams extends PageParams {
  organizationId: string
}

export interface GetInstanceOrganizationDomainListParams extends PageParams {
  organizationId?: string
  verified?: boolean
  /** Prefix `-` to exclude one. */
  enrollmentMode?: `${'' | '-'}${OrganizationEnrollmentMode}`[]
  /** An id, or part of a name. */
  query?: string
  domains?: string[]
  /** `-` sorts in descending order. Default is `-created_at`. */
  orderBy?: `${'' | '+' | '-'}${'name' | 'created_at'}`
}

export interface CreateOrganizationDomainParams {
  organizationId: string
  /** Such as `example.com`. */
  name: string
  enrollmentMode: OrganizationEnrollmentMode
  /** Default is true. */
  verified?: boolean
}

export interface OrganizationDomainParams {
  organizationId: string
  domainId: string
}

export interface UpdateOrganizationDomainParams
  extends OrganizationDomainParams, Partial<CreateOrganizationDomainParams> {
  organizationId: string
}
