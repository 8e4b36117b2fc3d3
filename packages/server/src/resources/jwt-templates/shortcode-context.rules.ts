import type { WireContext } from '../../instances/instance-context.js'
import type { SessionRecord } from '../sessions/sessions.table.js'
import type { User } from '../user-records/user-records.rules.js'
import { user as userWire } from '../users/users.wire.js'
import type { JsonObject, JsonValue, ShortcodeContext } from './shortcodes.rules.js'

/** The values of a template's shortcodes in a token of this session. */
export function shortcodeContext(user: User, session: SessionRecord, context: WireContext): ShortcodeContext {
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
      organizations: {},
    },
    session: { actor: session.actor as JsonValue },
  }
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000)
}
