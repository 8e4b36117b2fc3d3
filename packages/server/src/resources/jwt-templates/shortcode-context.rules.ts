import type { WireContext } from '../../instances/instance-context.js'
import type { Membership } from '../organization-records/organization-records.rules.js'
import { organization as organizationWire } from '../organizations/organizations.wire.js'
import type { SessionRecord } from '../sessions/sessions.table.js'
import type { User } from '../user-records/user-records.rules.js'
import { user as userWire } from '../users/users.wire.js'
import type { JsonObject, JsonValue, ShortcodeContext } from './shortcodes.rules.js'

/** Whom a token is about. */
export interface TokenSubject {
  user: User
  session: SessionRecord
}

/**
 * What the shortcodes of a template stand for in a token of this session.
 *
 * @param memberships all of the user's
 */
export function shortcodeContext(
  user: User,
  session: SessionRecord,
  memberships: readonly Membership[],
  context: WireContext,
): ShortcodeContext {
  const json = userWire.toJSON(user, context)
  const emailAddress = user.emailAddresses.find(({ id }) => id === user.primaryEmailAddressId)
  const phoneNumber = user.phoneNumbers.find(({ id }) => id === user.primaryPhoneNumberId)
  const web3Wallet = user.web3Wallets.find(({ id }) => id === user.primaryWeb3WalletId)
  return {
    user: {
      id: user.id,
      external_id: user.externalId,
      first_name: user.firstName,
      last_name: user.lastName,
      full_name: [user.firstName, user.lastName].filter(Boolean).join(' ') || null,
      username: user.username,
      image_url: json.image_url,
      has_image: json.has_image,
      primary_email_address: emailAddress?.emailAddress ?? null,
      email_verified: emailAddress?.verificationStatus === 'verified',
      primary_phone_number: phoneNumber?.phoneNumber ?? null,
      phone_number_verified: phoneNumber?.verificationStatus === 'verified',
      primary_web3_wallet: web3Wallet?.web3Wallet ?? null,
      two_factor_enabled: json.two_factor_enabled,
      created_at: seconds(user.createdAt),
      updated_at: seconds(user.updatedAt),
      last_sign_in_at: user.lastSignInAt === null ? null : seconds(user.lastSignInAt),
      public_metadata: user.publicMetadata as JsonObject,
      unsafe_metadata: user.unsafeMetadata as JsonObject,
      organizations: Object.fromEntries(memberships.map(({ organizationId, role }) => [organizationId, role.key])),
    },
    session: { actor: session.actor as JsonValue },
    ...activeOrganization(
      memberships.find(({ organizationId }) => organizationId === session.lastActiveOrganizationId),
      context,
    ),
  }
}

function activeOrganization(
  membership: Membership | undefined,
  context: WireContext,
): Pick<ShortcodeContext, 'org' | 'org_membership'> {
  if (!membership) return {}
  const { organization, role } = membership
  const json = organizationWire.toJSON(organization, context)
  return {
    org: {
      id: organization.id,
      slug: context.instance.settings.organizations.slugDisabled ? null : organization.slug,
      name: organization.name,
      role: role.key,
      image_url: json.image_url,
      has_image: json.has_image,
      public_metadata: organization.publicMetadata as JsonObject,
    },
    org_membership: {
      role: role.key,
      // As in session tokens, without those of the system.
      permissions: role.permissions.filter(({ type }) => type === 'user').map(({ key }) => key),
      public_metadata: membership.publicMetadata as JsonObject,
    },
  }
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000)
}
