import { attribute, type AttributeName } from '../../instances/settings/attributes.js'
import type { InstanceSettings } from '../../instances/settings/settings.js'

/** What somebody has given and proved so far. A blank text counts as not given. */
export interface SignUpFacts {
  emailAddress: string | null
  phoneNumber: string | null
  username: string | null
  web3Wallet: string | null
  firstName: string | null
  lastName: string | null
  hasPassword: boolean
  legalAccepted: boolean
  /** Whether what is given is proved to be theirs. */
  emailAddressVerified: boolean
  phoneNumberVerified: boolean
  web3WalletVerified: boolean
  /** Another provider, or an enterprise's, vouches for the person: no password is needed to come back. */
  externalAccountVerified: boolean
}

/** The four lists of a sign-up, in the words of the API. */
export interface SignUpFields {
  required: string[]
  optional: string[]
  missing: string[]
  unverified: string[]
}

const IDENTIFIERS = ['email_address', 'phone_number', 'username', 'web3_wallet'] as const
const FIELDS = [...IDENTIFIERS, 'first_name', 'last_name', 'password'] as const satisfies readonly AttributeName[]
const VERIFIABLE = ['email_address', 'phone_number', 'web3_wallet'] as const

type Field = (typeof FIELDS)[number]

/**
 * - Required is what the instance requires of everybody. If it requires no identifier, the first one that is enabled is
 *   required of whoever has given none: nobody could be found again without one.
 * - Somebody for whom a provider vouches, or who has a verified wallet, needs no password and no other identifier but
 *   those that the instance requires.
 * - Unverified is what was given, must be verified at sign-up, and is not.
 *
 * @param connections other ways to sign up that are enabled, such as `oauth_google`
 */
export function signUpFields(
  facts: SignUpFacts,
  settings: InstanceSettings,
  connections: readonly string[] = [],
): SignUpFields {
  const enabled = FIELDS.filter((name) => attribute(settings, name).enabled)
  const required: string[] = enabled.filter((name) => isRequired(name, facts, settings))
  if (!required.some(isIdentifier) && !hasIdentifier(facts)) {
    const first = enabled.find(isIdentifier)
    if (first) required.unshift(first)
  }
  const optional = [...enabled.filter((name) => !required.includes(name)), ...connections]
  if (settings.signUp.legalConsentEnabled) required.push('legal_accepted')
  return {
    required,
    optional,
    missing: required.filter((name) => !isGiven(name, facts)),
    unverified: VERIFIABLE.filter(
      (name) => isGiven(name, facts) && !isVerified(name, facts) && attribute(settings, name).verifyAtSignUp,
    ),
  }
}

/** Whether there is a user in it: nothing is missing or unverified, and somebody could be found again. */
export function isComplete({ missing, unverified }: Pick<SignUpFields, 'missing' | 'unverified'>, facts: SignUpFacts) {
  return missing.length === 0 && unverified.length === 0 && hasIdentifier(facts)
}

function isRequired(name: Field, facts: SignUpFacts, settings: InstanceSettings): boolean {
  if (name === 'password' && (facts.externalAccountVerified || facts.web3WalletVerified)) return false
  return attribute(settings, name).required
}

function isIdentifier(name: string): boolean {
  return (IDENTIFIERS as readonly string[]).includes(name)
}

function hasIdentifier(facts: SignUpFacts): boolean {
  return facts.externalAccountVerified || IDENTIFIERS.some((name) => isGiven(name, facts))
}

function isGiven(name: string, facts: SignUpFacts): boolean {
  switch (name) {
    case 'email_address':
      return !isBlank(facts.emailAddress)
    case 'phone_number':
      return !isBlank(facts.phoneNumber)
    case 'username':
      return !isBlank(facts.username)
    case 'web3_wallet':
      return !isBlank(facts.web3Wallet)
    case 'first_name':
      return !isBlank(facts.firstName)
    case 'last_name':
      return !isBlank(facts.lastName)
    case 'password':
      return facts.hasPassword
    case 'legal_accepted':
      return facts.legalAccepted
    default:
      return false
  }
}

function isVerified(name: (typeof VERIFIABLE)[number], facts: SignUpFacts): boolean {
  switch (name) {
    case 'email_address':
      return facts.emailAddressVerified
    case 'phone_number':
      return facts.phoneNumberVerified
    case 'web3_wallet':
      return facts.web3WalletVerified
  }
}

function isBlank(text: string | null): boolean {
  return text === null || text.trim() === ''
}
