import type { CreateOrganizationInvitationJSON } from '@latchkey/types'
import type { Camelized } from '../../kernel/wire.js'
import { errors } from '../../kernel/errors/errors.js'
import { checkMetadata, type Metadata } from '../../kernel/metadata.js'
import { emailAddress as readEmailAddress } from '../../lib/identifiers/index.js'
import { checkRedirectUrl, parseAddress, type Address } from '../invitations/invitations.rules.js'
import type { Membership } from '../organization-records/organization-records.rules.js'
import { organizationInvitationErrors } from './organization-invitations.errors.js'

/** `id` is that of the new invitation; default is a new one. */
export type OrganizationInvitationInput = Camelized<CreateOrganizationInvitationJSON> & {
  id?: string | undefined
}

/** An input that was checked. */
export interface CheckedInvitation extends Address {
  publicMetadata: Metadata
  privateMetadata: Metadata
  input: OrganizationInvitationInput
}

export const MAX_BULK = 10
export const DEFAULT_DAYS = 30
/** Milliseconds. */
export const DAY = 24 * 60 * 60 * 1000

/** What inviting to an organization, and revoking that, takes. */
export const MANAGE_MEMBERS = 'org:sys_memberships:manage'

/** @throws {ApiError} 422 for each parameter against the rules */
export function checkInvitation(input: OrganizationInvitationInput): CheckedInvitation {
  if (input.redirectUrl != null) checkRedirectUrl(input.redirectUrl)
  const { publicMetadata = {}, privateMetadata = {} } = checkMetadata({
    publicMetadata: input.publicMetadata ?? {},
    privateMetadata: input.privateMetadata ?? {},
  })
  return { ...parseAddress(input.emailAddress), publicMetadata, privateMetadata, input }
}

/** @throws {ApiError} 400 `bulk_size_exceeded`, 422 `form_param_missing`, 400 `organization_invitation_not_unique` */
export function checkBulk(invitations: readonly CheckedInvitation[]): void {
  if (invitations.length > MAX_BULK) throw organizationInvitationErrors.bulkTooLarge(MAX_BULK, invitations.length)
  if (invitations.length === 0) throw errors.paramMissing('email_address')
  const seen = new Set<string>()
  for (const { address, canonical } of invitations) {
    if (seen.has(canonical)) throw organizationInvitationErrors.notUnique(address)
    seen.add(canonical)
  }
}

/** The form in which an address is compared; a text that is no address finds nothing. */
export function canonicalOf(text: string): string {
  const result = readEmailAddress(text)
  return result.ok ? result.canonical : text
}

/**
 * Whoever invites or revokes in the name of a person.
 *
 * @throws {ApiError} 403 `not_a_member_in_organization`, `missing_organization_permission`
 */
export function requireManager(userId: string, membership: Membership | undefined): void {
  if (!membership) throw organizationInvitationErrors.notAMember(userId)
  if (!membership.role.permissions.some(({ key }) => key === MANAGE_MEMBERS)) {
    throw organizationInvitationErrors.missingPermission(userId, MANAGE_MEMBERS)
  }
}
