import type { UserIdJSON, UserJSON, VerifiedPasswordJSON, VerifiedTOTPJSON } from '@latchkey/types'
import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { anyObject, component, milliseconds, type Shape } from '../../kernel/component.js'
import { emailAddress } from '../email-addresses/email-addresses.wire.js'
import { externalAccount } from '../external-accounts/external-accounts.wire.js'
import { passkey } from '../passkeys/passkeys.wire.js'
import { phoneNumber } from '../phone-numbers/phone-numbers.wire.js'
import { hasSecondFactor, isLocked, type User } from '../user-records/user-records.rules.js'
import { web3Wallet } from '../web3-wallets/web3-wallets.wire.js'

const DAY = 24 * 60 * 60 * 1000

/** Empty as long as the resource is not served. */
const none = z.array(z.never())

/** Fields that older servers left out of answers are required here: this one always sends them. */
const schema = component(
  'User',
  z.object({
    object: z.literal('user'),
    id: z.string(),
    external_id: z.string().nullable(),
    username: z.string().nullable(),
    first_name: z.string().nullable(),
    last_name: z.string().nullable(),
    locale: z.string().nullable(),
    timezone: z.never().nullish(),
    profile_image_url: z.string(),
    image_url: z.string(),
    has_image: z.boolean(),
    primary_email_address_id: z.string().nullable(),
    primary_phone_number_id: z.string().nullable(),
    primary_web3_wallet_id: z.string().nullable(),
    email_addresses: z.array(emailAddress.schema),
    phone_numbers: z.array(phoneNumber.schema),
    web3_wallets: z.array(web3Wallet.schema),
    passkeys: z.array(passkey.schema),
    external_accounts: z.array(externalAccount.schema),
    saml_accounts: none,
    enterprise_accounts: none,
    organization_memberships: none,
    public_metadata: anyObject,
    private_metadata: anyObject,
    unsafe_metadata: anyObject,
    password_enabled: z.boolean(),
    password_last_updated_at: milliseconds.nullable(),
    two_factor_enabled: z.boolean(),
    totp_enabled: z.boolean(),
    backup_code_enabled: z.boolean(),
    mfa_enabled_at: milliseconds.nullable(),
    mfa_disabled_at: milliseconds.nullable(),
    banned: z.boolean(),
    locked: z.boolean(),
    deprovisioned: z.boolean().optional(),
    lockout_expires_in_seconds: z.int().min(0).nullable(),
    verification_attempts_remaining: z.int().min(0).nullable(),
    create_organization_enabled: z.boolean(),
    create_organizations_limit: z.int().min(0).nullable(),
    delete_self_enabled: z.boolean(),
    bypass_client_trust: z.boolean(),
    scim: z.never().nullish(),
    last_active_at: milliseconds.nullable(),
    last_sign_in_at: milliseconds.nullable(),
    legal_accepted_at: milliseconds.nullable(),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<UserJSON>),
)

export const user = { schema, toJSON: toUserJSON }

/** Written out by hand for speed, since nothing else runs as often. */
function toUserJSON(user: User, context: WireContext): UserJSON {
  const { clock, publicUrl, instance } = context
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
    email_addresses: user.emailAddresses.map((row) => emailAddress.toJSON(row, context)),
    phone_numbers: user.phoneNumbers.map((row) => phoneNumber.toJSON(row, context)),
    web3_wallets: user.web3Wallets.map(web3Wallet.toJSON),
    passkeys: user.passkeys.map(passkey.toJSON),
    external_accounts: user.externalAccounts.map(externalAccount.toJSON),
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

export const verifiedPassword = {
  schema: component('VerifiedPassword', z.object({ verified: z.boolean() } satisfies Shape<VerifiedPasswordJSON>)),
  toJSON: (): VerifiedPasswordJSON => ({ verified: true }),
}

export const verifiedTotp = {
  schema: component(
    'VerifiedTOTP',
    z.object({ verified: z.boolean(), code_type: z.enum(['totp', 'backup_code']) } satisfies Shape<VerifiedTOTPJSON>),
  ),
  toJSON: (codeType: VerifiedTOTPJSON['code_type']): VerifiedTOTPJSON => ({ verified: true, code_type: codeType }),
}

export const userId = {
  schema: component('UserId', z.object({ user_id: z.string() } satisfies Shape<UserIdJSON>)),
  toJSON: ({ id }: { id: string }): UserIdJSON => ({ user_id: id }),
}
