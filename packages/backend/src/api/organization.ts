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

/** The data of a member that other members can see. */
export type OrganizationMembershipPublicUserData = Translated<OrganizationMembershipPublicUserDataJSON>

export interface OrganizationInvitation extends Omit<Resource<OrganizationInvitationJSON>, 'expiresAt'> {
  publicMetadata: OrganizationInvitationPublicMetadata & Metadata
  privateMetadata: OrganizationInvitationPrivateMetadata & Metadata
  /** Unix milliseconds. */
  expiresAt: number
  /** Named as on the wire, because `@clerk/backend` returns it that way. */
  publicOrganizationData?: PublicOrganizationDataJSON | null
}
