import type { CreateOrganizationDomainJSON, UpdateOrganizationDomainJSON } from '@latchkey/types'
import type { InstanceContext } from '../../instances/instance-context.js'
import type { OrganizationSettings } from '../../instances/settings/organizations.js'
import type { Camelized } from '../../kernel/wire.js'
import { errors } from '../../kernel/errors/errors.js'
import { isCommonProvider, isDisposableDomain, registrableDomain } from '../../lib/email-domains/index.js'
import { domainName } from '../../lib/identifiers/index.js'
import type { Organization } from '../organization-records/organization-records.rules.js'
import { requireOrganizations } from '../organization-role-records/organization-role-records.rules.js'
import { organizationDomainErrors } from './organization-domains.errors.js'
import type {
  EnrollmentMode,
  OrganizationDomainRecord,
  OrganizationSuggestionRecord,
} from './organization-domains.table.js'

/** `id` is that of the new domain; default is a new one. */
export type CreateDomainInput = Camelized<CreateOrganizationDomainJSON> & {
  id?: string | undefined
  /** Verified at once by somebody who has verified this address at the domain. */
  affiliationEmailAddress?: string | undefined
}
export type UpdateDomainInput = Camelized<UpdateOrganizationDomainJSON> & {
  /** Revokes the pending invitations of the domain, and deletes its pending suggestions. */
  deletePending?: boolean | undefined
}

/** A domain with everything that is shown with one. */
export interface OrganizationDomain extends OrganizationDomainRecord {
  organization: Organization
  totalPendingInvitations: number
  totalPendingSuggestions: number
}

export interface OrganizationSuggestion extends OrganizationSuggestionRecord {
  organization: Organization
}

export const ENROLLMENT_MODES: readonly EnrollmentMode[] = [
  'manual_invitation',
  'automatic_invitation',
  'automatic_suggestion',
  'enterprise_sso',
]

/** An affiliation that the application vouches for. */
export const affiliatedByAdmin = {
  verified: true,
  affiliationStrategy: 'admin',
  affiliationAttempts: null,
  affiliationExpireAt: null,
} as const

/** An affiliation by an address at the domain. */
export const affiliatedBy = (emailAddress: string) =>
  ({
    verified: true,
    affiliationEmailAddress: emailAddress,
    affiliationStrategy: 'affiliation_email_code',
    affiliationExpireAt: null,
  }) as const

/** @throws {ApiError} 422 `organization_domain_enrollment_mode_invalid` */
export function parseMode(text: string): EnrollmentMode {
  const mode = ENROLLMENT_MODES.find((known) => known === text)
  if (!mode) throw organizationDomainErrors.modeInvalid(ENROLLMENT_MODES)
  return mode
}

export const unaffiliated = {
  verified: false,
  affiliationStrategy: null,
  affiliationAttempts: null,
  affiliationExpireAt: null,
} as const

/** Whether users with an address at the domain are asked to join. A mode that the instance no longer allows rests. */
export function enrols(
  { verified, enrollmentMode }: Pick<OrganizationDomainRecord, 'verified' | 'enrollmentMode'>,
  { domainsEnrollmentModes }: Pick<OrganizationSettings, 'domainsEnrollmentModes'>,
): boolean {
  const isAutomatic = enrollmentMode === 'automatic_invitation' || enrollmentMode === 'automatic_suggestion'
  return verified && isAutomatic && domainsEnrollmentModes.includes(enrollmentMode)
}

/** @throws {ApiError} 403 `organization_not_enabled_in_instance`, `organization_domains_not_enabled` */
export function requireDomains(context: Pick<InstanceContext, 'instance'>): void {
  requireOrganizations(context)
  if (!context.instance.settings.organizations.domainsEnabled) throw organizationDomainErrors.notEnabled()
}

/**
 * The name in its ASCII form, lower case: a domain that somebody registered, or one below it.
 *
 * @throws {ApiError} 422 `form_param_format_invalid`, `organization_domain_common`, `organization_domain_blocked`
 */
export function parseDomain(text: string): string {
  const name = domainName(text.trim())
  if (name === undefined || registrableDomain(name) === undefined) {
    throw errors.paramFormatInvalid('name', 'must be a domain name that somebody can register, such as example.com')
  }
  if (isCommonProvider(name)) throw organizationDomainErrors.common(name)
  if (isDisposableDomain(name)) throw organizationDomainErrors.blocked(name)
  return name
}

/**
 * A mode that the instance allows. Manual invitations always work; `enterprise_sso` comes with a connection only.
 *
 * @throws {ApiError} 403 `organization_domain_enrollment_mode_not_enabled`
 */
export function requireMode(mode: EnrollmentMode, { instance }: Pick<InstanceContext, 'instance'>): EnrollmentMode {
  const allowed: readonly EnrollmentMode[] = [
    'manual_invitation',
    ...instance.settings.organizations.domainsEnrollmentModes,
  ]
  if (!allowed.includes(mode)) throw organizationDomainErrors.modeNotEnabled(mode)
  return mode
}

/**
 * Reads the filter of lists: modes, each with `-` in front to leave it out; also several in one value, with commas.
 *
 * @throws {ApiError} 422 `form_param_value_invalid`
 */
export function parseModes(values: readonly string[]): { included: EnrollmentMode[]; excluded: EnrollmentMode[] } {
  const included: EnrollmentMode[] = []
  const excluded: EnrollmentMode[] = []
  for (const word of values.flatMap((value) => value.split(','))) {
    const name = word.startsWith('-') ? word.slice(1) : word
    const mode = ENROLLMENT_MODES.find((known) => known === name)
    if (!mode) {
      const why = `must be one of ${ENROLLMENT_MODES.join(', ')}, with - in front to leave it out`
      throw errors.paramValueInvalid('enrollment_mode', why)
    }
    if (word.startsWith('-')) excluded.push(mode)
    else included.push(mode)
  }
  return { included, excluded }
}

/**
 * What a list is searched for: an organization, or part of a name.
 *
 * @throws {ApiError} 422 `form_param_value_invalid` for a query of nothing
 */
export function parseQuery(text: string): { organizationId?: string; partOfName?: string } {
  const query = text.trim()
  if (query === '') throw errors.paramValueInvalid('query', 'must not be empty')
  return query.startsWith('org_') ? { organizationId: query } : { partOfName: query.toLowerCase() }
}

/** Where the TXT record that proves ownership stands. */
export function challengeName(domain: string): string {
  return `_latchkey-challenge.${domain}`
}

/** The name of an exact filter in the form in which it is stored. */
export function nameToFind(text: string): string {
  return domainName(text.trim()) ?? text
}
