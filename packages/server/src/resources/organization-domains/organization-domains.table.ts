import { boolean, integer, nullable, reference, sealed, table, text, word } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

export type EnrollmentMode = 'manual_invitation' | 'automatic_invitation' | 'automatic_suggestion' | 'enterprise_sso'
export type AffiliationStrategy = 'admin' | 'affiliation_email_code'
export type OwnershipStrategy = 'txt' | 'manual_override'

/** Domains whose e-mail addresses belong to an organization. */
export const organizationDomains = table(
  'organization_domains',
  { noun: 'organization domain', prefix: 'orgdmn', counted: true },
  {
    organizationId: reference('organizations'),
    /** In its ASCII form, lower case. */
    name: text,
    enrollmentMode: word<EnrollmentMode>(),
    /** The affiliation: one organization of the instance can have a name verified. */
    verified: boolean,
    affiliationEmailAddress: nullable(text),
    /** Null until somebody has begun to verify it. */
    affiliationStrategy: nullable(word<AffiliationStrategy>()),
    affiliationAttempts: nullable(integer),
    affiliationExpireAt: nullable(integer),
    /** Null until somebody has begun to prove it. */
    ownershipStrategy: nullable(word<OwnershipStrategy>()),
    ownershipAttempts: nullable(integer),
    ownershipExpireAt: nullable(integer),
    ownershipVerifiedAt: nullable(integer),
    /** The value that the TXT record must have. */
    ownershipChallenge: nullable(sealed),
    /**
     * Users who have been enrolled since the mode became automatic: the id of the last address that was looked at. Null
     * when all have been.
     */
    enrolledUntil: nullable(text),
  },
  {
    organization_domains_pair: { on: ['organizationId', 'name'], unique: true },
    organization_domains_verified: { on: ['instanceId', 'name'], unique: true, where: 'verified = 1' },
    organization_domains_by_created_at: { on: ['instanceId', 'createdAt', 'id'] },
    organization_domains_enrolling: { on: ['id'], where: 'enrolled_until is not null' },
    organization_domains_by_name: { on: ['instanceId', 'name', 'id'] },
  },
)

/** Organizations that users are told they could ask to join, as their address is at a domain of these. */
export const organizationSuggestions = table(
  'organization_suggestions',
  { noun: 'organization suggestion', prefix: 'orgsug' },
  {
    organizationId: reference('organizations'),
    domainId: reference('organization_domains'),
    userId: reference('users'),
    /** The user has asked to join: `accepted`. */
    status: word<'pending' | 'accepted'>(),
  },
  {
    organization_suggestions_pair: { on: ['organizationId', 'userId'], unique: true },
    organization_suggestions_user: { on: ['userId', 'createdAt', 'id'] },
    organization_suggestions_domain: { on: ['domainId', 'status'] },
  },
)

declare module '../../storage/schema.js' {
  interface Schema {
    organization_domains: RowOf<typeof organizationDomains>
    organization_suggestions: RowOf<typeof organizationSuggestions>
  }
}

export type OrganizationDomainRecord = RecordOf<typeof organizationDomains>
export type OrganizationSuggestionRecord = RecordOf<typeof organizationSuggestions>
