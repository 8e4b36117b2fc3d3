import { z } from 'zod'
import type { Offer } from '../../factors/offers.rules.js'
import { PHONE_CHANNELS } from '../../instances/settings/attributes.js'
import type { WireContext } from '../../instances/instance-context.js'
import { component, milliseconds } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import type { User } from '../../resources/user-records/user-records.rules.js'
import type { VerificationRecord } from '../../resources/verifications/verifications.table.js'
import { statusAt, supportedIdentifiers } from './sign-ins.rules.js'
import type { SignInRecord } from './sign-ins.table.js'

export const factor = component(
  'SignInFactor',
  z.object({
    strategy: z.string(),
    email_address_id: z.string().optional(),
    phone_number_id: z.string().optional(),
    safe_identifier: z.string().optional(),
    primary: z.boolean().optional(),
    default: z.boolean().optional(),
  }),
)

export const verification = component(
  'SignInVerification',
  z.object({
    object: z.string(),
    status: z.enum(['unverified', 'verified', 'transferable', 'failed', 'expired']),
    strategy: z.string(),
    attempts: z.int().min(0).nullable(),
    expire_at: milliseconds.nullable(),
    channel: z.enum(PHONE_CHANNELS).optional(),
    verified_at_client: z.string().optional(),
    nonce: z.string().optional(),
  }),
)

const userData = component(
  'SignInUserData',
  z.object({
    first_name: z.string().nullable(),
    last_name: z.string().nullable(),
    image_url: z.string(),
    has_image: z.boolean(),
    profile_image_url: z.string(),
  }),
)

const schema = component(
  'SignIn',
  z.object({
    object: z.literal('sign_in_attempt'),
    id: z.string(),
    status: z.enum([
      'abandoned',
      'needs_identifier',
      'needs_first_factor',
      'needs_second_factor',
      'needs_client_trust',
      'needs_new_password',
      'complete',
    ]),
    supported_identifiers: z.array(z.enum(['email_address', 'phone_number', 'username', 'web3_wallet', 'passkey'])),
    supported_first_factors: z.array(factor).nullable(),
    supported_second_factors: z.array(factor).nullable(),
    first_factor_verification: verification.nullable(),
    second_factor_verification: verification.nullable(),
    identifier: z.string().nullable(),
    user_data: userData.nullable(),
    created_session_id: z.string().nullable(),
    abandon_at: milliseconds,
    client_trust_state: z.enum(['pending', 'new', 'known']).nullable(),
  }),
)

/** A sign-in with everything that its client shows of it. */
export interface SignInView {
  signIn: SignInRecord
  /** Null where it must not be known who this is. */
  user: User | null
  /** Null until somebody is identified. */
  firstFactors: Offer[] | null
  /** Null until the first factor is verified. */
  secondFactors: Offer[] | null
  firstVerification: VerificationRecord | null
  secondVerification: VerificationRecord | null
}

export const signIn = {
  schema,
  toJSON: (view: SignInView, context: WireContext) => {
    const now = context.clock.now()
    return toWire(schema, view.signIn, {
      object: 'sign_in_attempt',
      status: statusAt(view.signIn, now),
      supported_identifiers: supportedIdentifiers(context.instance.settings),
      supported_first_factors: view.firstFactors?.map(toFactorJSON) ?? null,
      supported_second_factors: view.secondFactors?.map(toFactorJSON) ?? null,
      first_factor_verification: toVerificationJSON(view.firstVerification, now, view.signIn.isTransferable),
      second_factor_verification: toVerificationJSON(view.secondVerification, now),
      user_data: view.user && toUserDataJSON(view.user, context),
    })
  },
  before: { '2026-05-12': withoutClientTrust },
}

export type SignInJSON = z.output<typeof schema>

/** Clients of earlier versions know one status only that asks for a code after the password. */
export function withoutClientTrust(json: SignInJSON): SignInJSON {
  return json.status === 'needs_client_trust' ? { ...json, status: 'needs_second_factor' } : json
}

export function toFactorJSON(offer: Offer): z.output<typeof factor> {
  return {
    strategy: offer.strategy,
    ...('emailAddressId' in offer ? { email_address_id: offer.emailAddressId } : {}),
    ...('phoneNumberId' in offer ? { phone_number_id: offer.phoneNumberId } : {}),
    ...('safeIdentifier' in offer ? { safe_identifier: offer.safeIdentifier, primary: offer.primary } : {}),
    ...('default' in offer ? { default: offer.default } : {}),
  }
}

/** What is proved without a code that was sent. */
const WITHOUT_CODE = ['password', 'ticket', 'totp', 'backup_code']
/** Whose verification has an object of its own. */
const NAMED = [...WITHOUT_CODE, 'email_link', 'passkey']

export function toVerificationJSON(
  record: VerificationRecord | null,
  now: number,
  isTransferable = false,
): z.output<typeof verification> | null {
  if (!record) return null
  const { status, strategy, attempts, expireAt, channel, verifiedAtClient, nonce } = record
  const isOver = status === 'unverified' && expireAt <= now
  return {
    object: NAMED.includes(strategy) ? `verification_${strategy}` : 'verification_otp',
    status: isTransferable ? 'transferable' : isOver ? 'expired' : status,
    strategy,
    attempts,
    expire_at: WITHOUT_CODE.includes(strategy) ? null : expireAt,
    ...(channel === null ? {} : { channel }),
    ...(verifiedAtClient === null ? {} : { verified_at_client: verifiedAtClient }),
    ...(nonce === null || status !== 'unverified' ? {} : { nonce }),
  }
}

function toUserDataJSON({ id, firstName, lastName, imageId }: User, { publicUrl }: WireContext) {
  const imageUrl = `${publicUrl()}/images/${imageId ?? `default/${id}`}`
  return {
    first_name: firstName,
    last_name: lastName,
    image_url: imageUrl,
    has_image: imageId !== null,
    profile_image_url: imageUrl,
  }
}
