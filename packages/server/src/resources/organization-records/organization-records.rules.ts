import type { Metadata } from '../../kernel/metadata.js'
import { searchText } from '../../lib/identifiers/index.js'
import type { OrganizationRole } from '../organization-role-records/organization-role-records.rules.js'
import type { UserRecord } from '../user-records/user-records.table.js'
import type {
  MembershipRecord,
  MembershipRequestRecord,
  OrganizationInvitationRecord,
  OrganizationRecord,
} from './organization-records.table.js'

export interface Organization extends OrganizationRecord {
  roleSetKey: string | null
}

/** What an answer shows of an organization only if it is asked to. */
export interface OrganizationExtras {
  membersCount?: number | undefined
  missingMemberWithElevatedPermissions?: boolean | undefined
  pendingInvitationsCount?: number | undefined
}

export interface ShownOrganization extends Organization {
  extras?: OrganizationExtras
}

/** What the other members see of a member. */
export interface PublicUser extends Pick<
  UserRecord,
  'id' | 'firstName' | 'lastName' | 'username' | 'imageId' | 'banned'
> {
  /** The primary e-mail address, else the primary phone number, the username or the wallet. Empty without any of these. */
  identifier: string
}

/** A membership with everything that is shown with one. */
export interface Membership extends MembershipRecord {
  organization: Organization
  user: PublicUser
  role: OrganizationRole
}

export type InvitationStatus = OrganizationInvitationRecord['status'] | 'expired'

/** Lists in browsers may ask for two more, which no invitation here has. */
export type InvitationStatusFilter = InvitationStatus | 'invalid' | 'completed'

/** A request to join with everything that is shown with one. */
export interface MembershipRequest extends MembershipRequestRecord {
  user: PublicUser
}

/** An invitation with everything that is shown with one. */
export interface OrganizationInvitation extends OrganizationInvitationRecord {
  organization: Organization
  inviter: PublicUser | null
  /** The link to accept it. Null unless it is pending, and for one that a domain made. */
  url: string | null
}

/** Expiry is not stored: it comes with time. */
export function invitationStatus(
  { status, expiresAt }: Pick<OrganizationInvitationRecord, 'status' | 'expiresAt'>,
  now: number,
): InvitationStatus {
  return status === 'pending' && expiresAt <= now ? 'expired' : status
}

/** Of a new organization. */
export interface NewOrganization {
  /** Default is a new one. */
  id?: string | undefined
  name: string
  /** Default is one that is made of the name. */
  slug?: string | undefined
  maxAllowedMemberships: number
  adminDeleteEnabled: boolean
  publicMetadata: Metadata
  privateMetadata: Metadata
  createdBy: string | null
  roleSetId: string
  /** Unix milliseconds. Default is now. */
  createdAt?: number | undefined
}

/** Of a new member. */
export interface NewMembership {
  /** Default is a new one. */
  id?: string | undefined
  userId: string
  roleId: string
  publicMetadata?: Metadata | undefined
  privateMetadata?: Metadata | undefined
  /** Whether the member's next session begins with the organization. Default is true. */
  startsActive?: boolean | undefined
  /** Unix milliseconds. Default is now. */
  createdAt?: number | undefined
}

const LONGEST_SLUG_OF_NAME = 64

/** A slug made of a name: letters without accents and digits, joined by dashes. `org` where the name has none of them. */
export function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{Mark}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_SLUG_OF_NAME)
    .replaceAll(/^-+|-+$/g, '')
  return slug === '' ? 'org' : slug
}

/** The folded text that searches look into. */
export function searchOf({ name, slug }: { name: string; slug: string }): string {
  return searchText(name, slug)
}

/**
 * Whether an organization has room for so many more. Pending invitations hold a seat as members do.
 *
 * @param limit 0: unlimited
 */
export function hasRoom(limit: number, seatsTaken: number, joining = 1): boolean {
  return limit === 0 || seatsTaken + joining <= limit
}
