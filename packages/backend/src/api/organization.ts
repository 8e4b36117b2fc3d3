import type {
  Metadata,
  OrganizationInvitationJSON,
  OrganizationJSON,
  OrganizationMembershipJSON,
  OrganizationMembershipPublicUserDataJSON,
  PublicOrganizationDataJSON,
} from '@latchkey/types'
import type { Resource, Translated } from './resource.js'

export interface Organization extends Resource<OrganizationJSON> {
  imageUrl: string
  publicMetadata: OrganizationPublicMetadata & Metadata
  privateMetadata: OrganizationPrivateMetadata & Metadata
  /** 0 means no limit. */
  maxAllowedMemberships: number
  /** Unix milliseconds. */
  createdAt: number
  /** Unix milliseconds. */
  updatedAt: number
}

export interface OrganizationMembership extends Resource<OrganizationMembershipJSON> {
  publicMetadata: OrganizationMembershipPublicMetadata & Metadata
  privateMetadata: OrganizationMembershipPrivateMetadata & Metadata
  organization: Organization
  publicUserData: OrganizationMembershipPublicUserData
}

/** What a member shows to the others. */
export type OrganizationMembershipPublicUserData = Translated<OrganizationMembershipPublicUserDataJSON>

export interface OrganizationInvitation extends Omit<Resource<OrganizationInvitationJSON>, 'expiresAt'> {
  publicMetadata: OrganizationInvitationPublicMetadata & Metadata
  privateMetadata: OrganizationInvitationPrivateMetadata & Metadata
  /** Unix milliseconds. */
  expiresAt: number
  /** As on the wire: that is how `@clerk/backend` hands it out. */
  publicOrganizationData?: PublicOrganizationDataJSON | null
}
