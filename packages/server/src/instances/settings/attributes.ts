export const ATTRIBUTE_NAMES = [
  'email_address',
  'phone_number',
  'username',
  'web3_wallet',
  'first_name',
  'last_name',
  'password',
  'authenticator_app',
  'ticket',
  'backup_code',
  'passkey',
] as const

/** How a text message with a code reaches its number. */
export const PHONE_CHANNELS = ['sms', 'whatsapp'] as const

export type PhoneChannel = (typeof PHONE_CHANNELS)[number]

export type AttributeName = (typeof ATTRIBUTE_NAMES)[number]

/** What people who sign up, sign in and keep their profile do with one attribute of a user. */
export interface Attribute {
  /** Whether people have it at all. The Backend API asks `identifiers` and `password` instead. */
  enabled: boolean
  required: boolean
  usedForFirstFactor: boolean
  firstFactors: string[]
  usedForSecondFactor: boolean
  secondFactors: string[]
  /** The strategies that verify it. */
  verifications: string[]
  verifyAtSignUp: boolean
  /** People cannot change it once they have it. */
  immutable: boolean
  /** Of a phone number: those that people can choose from, the usual one first. */
  channels: PhoneChannel[]
}

type Uses = Pick<Attribute, 'firstFactors' | 'secondFactors' | 'verifications'>

/** The strategies that are served. What cannot be used is not offered. */
export const SERVED_STRATEGIES: { [Name in AttributeName]?: Partial<Uses> } = {
  email_address: { firstFactors: ['email_code', 'email_link'], verifications: ['email_code', 'email_link'] },
  phone_number: { firstFactors: ['phone_code'], secondFactors: ['phone_code'], verifications: ['phone_code'] },
  authenticator_app: { secondFactors: ['totp'] },
  ticket: { firstFactors: ['ticket'] },
  backup_code: { secondFactors: ['backup_code'] },
  passkey: { firstFactors: ['passkey'], verifications: ['passkey'] },
}

/** What somebody changed of the attributes; the rest has its default. */
export type AttributeSettings = { [Name in AttributeName]?: Partial<Attribute> }

const off: Attribute = {
  enabled: false,
  required: false,
  usedForFirstFactor: false,
  firstFactors: [],
  usedForSecondFactor: false,
  secondFactors: [],
  verifications: [],
  verifyAtSignUp: false,
  immutable: false,
  channels: [],
}

/** As in a new application of the real service: an e-mail address with a code, a password, names if one likes. */
const defaults: Record<AttributeName, Attribute> = {
  email_address: {
    ...off,
    enabled: true,
    required: true,
    usedForFirstFactor: true,
    firstFactors: ['email_code'],
    verifications: ['email_code'],
    verifyAtSignUp: true,
  },
  phone_number: {
    ...off,
    usedForFirstFactor: true,
    firstFactors: ['phone_code'],
    usedForSecondFactor: true,
    secondFactors: ['phone_code'],
    verifications: ['phone_code'],
    verifyAtSignUp: true,
    channels: ['sms'],
  },
  username: { ...off, usedForFirstFactor: true },
  web3_wallet: off,
  first_name: { ...off, enabled: true },
  last_name: { ...off, enabled: true },
  password: { ...off, enabled: true, required: true },
  authenticator_app: { ...off, enabled: true, usedForSecondFactor: true, secondFactors: ['totp'] },
  ticket: { ...off, enabled: true, usedForFirstFactor: true, firstFactors: ['ticket'] },
  backup_code: { ...off, enabled: true, usedForSecondFactor: true, secondFactors: ['backup_code'] },
  passkey: { ...off, usedForFirstFactor: true, firstFactors: ['passkey'], verifications: ['passkey'] },
}

export const defaultAttributes: AttributeSettings = {}

/** The attribute as an instance has it now. What is not enabled is not required and no factor. */
export function attribute(
  { attributes, password }: { attributes: AttributeSettings; password: Pick<Attribute, 'enabled'> },
  name: AttributeName,
): Attribute {
  // Only the application gives users wallets: nobody can prove one.
  const switchedOff = name === 'web3_wallet' || (name === 'password' && !password.enabled)
  const given = { ...defaults[name], ...attributes[name] }
  return given.enabled && !switchedOff ? given : { ...off, immutable: given.immutable }
}
