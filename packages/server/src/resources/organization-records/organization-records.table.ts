import type { Metadata } from '../../kernel/metadata.js'
import { boolean, integer, json, nullable, reference, table, text, word } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

export const organizations = table(
  'organizations',
  { noun: 'organization', prefix: 'org', counted: true },
  {
    name: text,
    slug: text,
    imageId: nullable(text),
    /** 0: unlimited. */
    maxAllowedMemberships: integer,
    adminDeleteEnabled: boolean,
    publicMetadata: json<Metadata>(),
    privateMetadata: json<Metadata>(),
    createdBy: nullable(reference('users', 'set null')),
    roleSetId: nullable(reference('role_sets', 'set null')),
    /** When somebody last opened a session with it active. */
    lastActiveAt: nullable(integer),
    /** Kept with each change of the members, under the lock of this row. */
    membersCount: integer,
    /** Name and slug, folded: what a list's `query` searches. */
    search: text,
  },
  {
    organizations_slug: { on: ['instanceId', 'slug'], unique: true },
    organizations_by_created_at: { on: ['instanceId', 'createdAt', 'id'], nullsFirst: true },
    organizations_by_name: { on: ['instanceId', 'name', 'id'], nullsFirst: true },
    organizations_by_members_count: { on: ['instanceId', 'membersCount', 'id'], nullsFirst: true },
    organizations_creator: { on: ['createdBy'] },
    organizations_role_set: { on: ['roleSetId'] },
  },
)

/** Who is in which organization. */
export const organizationMemberships = table(
  'organization_memberships',
  { noun: 'organization membership', prefix: 'orgmem', counted: true },
  {
    organizationId: reference('organizations'),
    userId: reference('users'),
    roleId: reference('organization_roles'),
    publicMetadata: json<Metadata>(),
    privateMetadata: json<Metadata>(),
    /** The user's next session begins with this organization active. */
    startsActive: boolean,
  },
  {
    organization_memberships_pair: { on: ['organizationId', 'userId'], unique: true },
    organization_memberships_organization: { on: ['organizationId', 'createdAt', 'id'] },
    organization_memberships_user: { on: ['userId', 'createdAt', 'id'] },
    organization_memberships_by_created_at: { on: ['instanceId', 'createdAt', 'id'] },
    organization_memberships_role: { on: ['roleId'] },
  },
)

/** Who is asked to join which organization. */
export const organizationInvitations = table(
  'organization_invitations',
  {
    noun: 'organization invitation',
    prefix: 'orginv',
    // Lists leave out those that the enrolment of a domain made.
    counted: [{ where: 'domain_id is null' }, { by: ['organizationId'], where: 'domain_id is null' }],
  },
  {
    organizationId: reference('organizations'),
    /** As it was written; mail goes here. */
    emailAddress: text,
    /** What is compared. */
    canonical: text,
    /** Null once the role was deleted, which no pending invitation lets happen. */
    roleId: nullable(reference('organization_roles', 'set null')),
    /** Of the role, for when it was deleted. */
    roleKey: text,
    roleName: text,
    inviterId: nullable(reference('users', 'set null')),
    /** `expired` comes with time. */
    status: word<'pending' | 'accepted' | 'revoked'>(),
    expiresAt: integer,
    /** The pending one for its organization and address: at most one is. */
    isCurrent: boolean,
    redirectUrl: nullable(text),
    publicMetadata: json<Metadata>(),
    privateMetadata: json<Metadata>(),
    /** Who accepted it. */
    userId: nullable(reference('users', 'set null')),
    /** By whose enrolment it was made. Null for one that a person or an application made. */
    domainId: nullable(reference('organization_domains')),
  },
  {
    organization_invitations_current: { on: ['organizationId', 'canonical'], unique: true, where: 'is_current = 1' },
    organization_invitations_organization: { on: ['organizationId', 'createdAt', 'id'] },
    organization_invitations_status: { on: ['organizationId', 'status', 'expiresAt'] },
    organization_invitations_by_created_at: { on: ['instanceId', 'createdAt', 'id'] },
    organization_invitations_address: { on: ['instanceId', 'canonical', 'id'] },
    organization_invitations_role: { on: ['roleId'] },
    organization_invitations_inviter: { on: ['inviterId'] },
    organization_invitations_user: { on: ['userId'] },
    organization_invitations_domain: { on: ['domainId', 'status', 'expiresAt'] },
  },
)

/** Who has asked to join which organization. */
export const organizationMembershipRequests = table(
  'organization_membership_requests',
  {
    noun: 'organization membership request',
    prefix: 'orgmemreq',
    counted: [{ by: ['organizationId', 'status'] }],
  },
  {
    organizationId: reference('organizations'),
    userId: reference('users'),
    status: word<'pending' | 'accepted' | 'rejected'>(),
  },
  {
    organization_membership_requests_pending: {
      on: ['organizationId', 'userId'],
      unique: true,
      where: "status = 'pending'",
    },
    organization_membership_requests_organization: { on: ['organizationId', 'createdAt', 'id'] },
    organization_membership_requests_user: { on: ['userId'] },
  },
)

declare module '../../storage/schema.js' {
  interface Schema {
    organizations: RowOf<typeof organizations>
    organization_memberships: RowOf<typeof organizationMemberships>
    organization_invitations: RowOf<typeof organizationInvitations>
    organization_membership_requests: RowOf<typeof organizationMembershipRequests>
  }
}

export type OrganizationRecord = RecordOf<typeof organizations>
export type MembershipRecord = RecordOf<typeof organizationMemberships>
export type OrganizationInvitationRecord = RecordOf<typeof organizationInvitations>
export type MembershipRequestRecord = RecordOf<typeof organizationMembershipRequests>
