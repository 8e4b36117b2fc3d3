import type { OrganizationDomainJSON, OrganizationDomainVerificationJSON } from '@latchkey/types'
import type { Resource, Translated } from './resource.js'

/** A domain whose e-mail addresses may join an organization. */
export interface OrganizationDomain extends Resource<OrganizationDomainJSON> {
  /** @deprecated The same as `affiliationVerification`. */
  verification: OrganizationDomainVerification | null
}

export interface OrganizationDomainVerification extends Omit<
  Translated<OrganizationDomainVerificationJSON>,
  'strategy'
> {
  strategy: 'email_code'
  attempts: number
  /** Unix milliseconds. */
  expiresAt: number
}
