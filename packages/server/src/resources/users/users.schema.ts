import type { UserIdJSON, UserJSON, VerifiedPasswordJSON, VerifiedTOTPJSON } from '@latchkey/types'
import { z } from 'zod'
import { anyObject, component, milliseconds } from '../../http/components.js'
import type { Shape } from '../../http/validation.js'
import { emailAddress } from '../email-addresses/email-addresses.schema.js'
import { externalAccount } from '../external-accounts/external-accounts.schema.js'
import { passkey } from '../passkeys/passkeys.schema.js'
import { phoneNumber } from '../phone-numbers/phone-numbers.schema.js'
import { web3Wallet } from '../web3-wallets/web3-wallets.schema.js'

/** Empty as long as the resource is not served. */
const none = z.array(z.never())

/** Fields that older servers left out of answers are required here: this one always sends them. */
export const user = component(
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
    email_addresses: z.array(emailAddress),
    phone_numbers: z.array(phoneNumber),
    web3_wallets: z.array(web3Wallet),
    passkeys: z.array(passkey),
    external_accounts: z.array(externalAccount),
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

export const verifiedPassword = component(
  'VerifiedPassword',
  z.object({ verified: z.boolean() } satisfies Shape<VerifiedPasswordJSON>),
)

export const verifiedTOTP = component(
  'VerifiedTOTP',
  z.object({ verified: z.boolean(), code_type: z.enum(['totp', 'backup_code']) } satisfies Shape<VerifiedTOTPJSON>),
)

export const userId = component('UserId', z.object({ user_id: z.string() } satisfies Shape<UserIdJSON>))
