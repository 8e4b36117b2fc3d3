import type { UserJSON } from '@latchkey/types'
import type { InstanceContext } from '../instances/instance-context.js'
import { toEmailAddressJSON } from '../email-addresses/email-addresses.serializer.js'
import { toExternalAccountJSON } from '../external-accounts/external-accounts.serializer.js'
import { toPasskeyJSON } from '../passkeys/passkeys.serializer.js'
import { toPhoneNumberJSON } from '../phone-numbers/phone-numbers.serializer.js'
import { toWeb3WalletJSON } from '../web3-wallets/web3-wallets.serializer.js'
import { hasSecondFactor, isLocked, type User } from './user.js'

const DAY = 24 * 60 * 60 * 1000

export function toUserJSON(
  user: User,
  { clock, publicUrl, instance }: Pick<InstanceContext, 'clock' | 'publicUrl' | 'instance'>,
): UserJSON {
  const now = clock.now()
  const locked = isLocked(user, now)
  const { lockout } = instance.settings
  const imageUrl = user.imageId ? `${publicUrl()}/images/${user.imageId}` : `${publicUrl()}/images/default/${user.id}`
  return {
    id: user.id,
    object: 'user',
    username: user.username,
    first_name: user.firstName,
    last_name: user.lastName,
    locale: user.locale,
    image_url: imageUrl,
    profile_image_url: imageUrl,
    has_image: user.imageId !== null,
    primary_email_address_id: user.primaryEmailAddressId,
    primary_phone_number_id: user.primaryPhoneNumberId,
    primary_web3_wallet_id: user.primaryWeb3WalletId,
    password_enabled: user.passwordDigest !== null,
    two_factor_enabled: hasSecondFactor(user),
    totp_enabled: user.totpSecret !== null,
    backup_code_enabled: user.backupCodes !== null && user.backupCodes.length > 0,
    email_addresses: user.emailAddresses.map(toEmailAddressJSON),
    phone_numbers: user.phoneNumbers.map((phoneNumber) => toPhoneNumberJSON(phoneNumber)),
    web3_wallets: user.web3Wallets.map(toWeb3WalletJSON),
    passkeys: user.passkeys.map(toPasskeyJSON),
    external_accounts: user.externalAccounts.map(toExternalAccountJSON),
    saml_accounts: [],
    enterprise_accounts: [],
    organization_memberships: [],
    password_last_updated_at: user.passwordUpdatedAt,
    mfa_enabled_at: user.mfaEnabledAt,
    mfa_disabled_at: user.mfaDisabledAt,
    public_metadata: user.publicMetadata,
    private_metadata: user.privateMetadata,
    unsafe_metadata: user.unsafeMetadata,
    external_id: user.externalId,
    last_sign_in_at: user.lastSignInAt,
    banned: user.banned,
    locked,
    lockout_expires_in_seconds:
      locked && user.lockoutExpiresAt !== null ? Math.ceil((user.lockoutExpiresAt - now) / 1000) : null,
    verification_attempts_remaining: lockout.enabled ? Math.max(0, lockout.maxAttempts - user.failedAttempts) : null,
    created_at: user.createdAt,
    updated_at: user.updatedAt,
    delete_self_enabled: user.deleteSelfEnabled,
    create_organization_enabled: user.createOrganizationEnabled,
    create_organizations_limit: user.createOrganizationsLimit,
    last_active_at: user.lastActiveAt === null ? null : user.lastActiveAt - (user.lastActiveAt % DAY),
    legal_accepted_at: user.legalAcceptedAt,
    bypass_client_trust: user.bypassClientTrust,
  }
}
