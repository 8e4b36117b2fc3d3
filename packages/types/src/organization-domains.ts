import type { PublicOrganizationDataJSON } from './organizations.js'
import type { ResourceJSON } from './resource.js'

/** The ways to join an organization by e-mail domain that an instance may allow. */
export type DomainsEnrollmentModes = 'manual_invitation' | 'automatic_invitation' | 'automatic_suggestion'
export type OrganizationEnrollmentMode = DomainsEnrollmentModes | 'enterprise_sso'
export type OrganizationDomainVerificationStatus = 'unverified' | 'verified'
export type OrganizationDomainVerificationStrategy = 'email_code'

export interface OrganizationDomainJSON extends ResourceJSON<'organization_domain'> {
  name: string
  organization_id: string
  enrollment_mode: OrganizationEnrollmentMode
  affiliation_email_address: string | null
  affiliation_verification: OrganizationDomainVerificationJSON | null
  ownership_verification: OrganizationDomainVerificationJSON | null
  /** @deprecated The same as `affiliation_verification`. */
  verification: OrganizationDomainVerificationJSON | null
  total_pending_invitations: number
  total_pending_suggestions: number
  public_organization_data?: PublicOrganizationDataJSON | null
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

export interface CreateOrganizationDomainJSON {
  name: string
  /** Default is `manual_invitation`. */
  enrollment_mode?: OrganizationEnrollmentMode
  /** Default is true. */
  verified?: boolean | null
}

export interface UpdateOrganizationDomainJSON {
  enrollment_mode?: OrganizationEnrollmentMode | null
  verified?: boolean | null
}

export interface OrganizationDomainVerificationJSON {
  status: OrganizationDomainVerificationStatus | 'failed' | 'expired'
  /** `email_code` for an affiliation, `txt` for ownership. */
  strategy: OrganizationDomainVerificationStrategy | (string & {})
  attempts: number | null
  /** Unix milliseconds. */
  expire_at: number | null
  /** The same as `expire_at`, under the name that the official SDK reads. */
  expires_at?: number | null
  /** Unix milliseconds. */
  verified_at: number | null
}
