import { ATTRIBUTE_NAMES, attribute } from '../../instances/settings/attributes.js'
import type { InstanceSettings } from '../../instances/settings/settings.js'
import { emailAddress, hasIllegalText, phoneNumber } from '../../lib/identifiers/index.js'
import type { SignInRecord, SignInStatus } from './sign-ins.table.js'

/** Milliseconds until an unfinished sign-in is over. */
export const ABANDONED_AFTER = 24 * 60 * 60 * 1000

/** No username is longer, nor any address or number. */
const MAX_IDENTIFIER_LENGTH = 320

/** The status at this moment: an unfinished sign-in is abandoned without a write to the database. */
export function statusAt({ status, abandonAt }: SignInRecord, now: number): SignInStatus {
  return status !== 'complete' && abandonAt <= now ? 'abandoned' : status
}

/** Nobody is identified, and a passkey is asked for: whoever has one is whose sign-in it is. */
export function isOpen({ status, userId, identifier, isDecoy }: SignInRecord): boolean {
  return status === 'needs_first_factor' && userId === null && identifier === null && !isDecoy
}

/** A passkey is something that one has, unlocked with what one knows or is. */
export function standsForBoth(firstFactor: string, { passkey }: Pick<InstanceSettings, 'passkey'>): boolean {
  return firstFactor === 'passkey' && passkey.satisfiesSecondFactor
}

/** The strategies that the instance has for the first factor. */
export function firstStrategies(settings: InstanceSettings): ReadonlySet<string> {
  const isOn = (name: 'email_address' | 'phone_number' | 'password') => attribute(settings, name).enabled
  return new Set([
    ...ATTRIBUTE_NAMES.flatMap((name) => {
      const { usedForFirstFactor, firstFactors } = attribute(settings, name)
      return usedForFirstFactor ? firstFactors : []
    }),
    ...(isOn('password') ? ['password'] : []),
    ...(isOn('password') && isOn('email_address') ? ['reset_password_email_code'] : []),
    ...(isOn('password') && isOn('phone_number') ? ['reset_password_phone_code'] : []),
  ])
}

export function secondStrategies(settings: InstanceSettings): ReadonlySet<string> {
  return new Set(
    ATTRIBUTE_NAMES.flatMap((name) => {
      const { usedForSecondFactor, secondFactors } = attribute(settings, name)
      return usedForSecondFactor ? secondFactors : []
    }),
  )
}

/** The strategies that make a new client known: all that verify an address or a number. */
export function clientTrustStrategies(settings: InstanceSettings): ReadonlySet<string> {
  return new Set([
    ...attribute(settings, 'email_address').verifications,
    ...attribute(settings, 'phone_number').verifications,
  ])
}

const IDENTIFIERS = ['email_address', 'phone_number', 'username', 'web3_wallet'] as const
const READABLE = ['email_address', 'phone_number', 'username'] as const

export type SupportedIdentifier = (typeof IDENTIFIERS)[number] | 'passkey'

/** What users of the instance are found by. */
export function supportedIdentifiers(settings: InstanceSettings): SupportedIdentifier[] {
  const used = IDENTIFIERS.filter((name) => attribute(settings, name).usedForFirstFactor)
  return attribute(settings, 'passkey').enabled ? [...used, 'passkey'] : used
}

/** An identifier that somebody typed. */
export interface ReadIdentifier {
  type: (typeof READABLE)[number]
  /** For people: as it was typed, a number in E.164 form. */
  identifier: string
  canonical: string
}

/** @returns undefined for what no identifier of the instance can look like */
export function readIdentifier(text: string, settings: InstanceSettings): ReadIdentifier | undefined {
  const typed = text.trim()
  if (typed === '' || typed.length > MAX_IDENTIFIER_LENGTH || hasIllegalText(typed)) return undefined
  const isUsed = (name: (typeof READABLE)[number]) => attribute(settings, name).usedForFirstFactor
  if (isUsed('email_address') && typed.includes('@')) {
    const read = emailAddress(typed)
    if (read.ok) return { type: 'email_address', identifier: read.address, canonical: read.canonical }
  }
  if (isUsed('phone_number') && typed.startsWith('+')) {
    const read = phoneNumber(typed)
    if (read.ok) return { type: 'phone_number', identifier: read.number, canonical: read.number }
  }
  return isUsed('username') ? { type: 'username', identifier: typed, canonical: typed.toLowerCase() } : undefined
}

/** Forms send an empty text for what is not given. */
export function given(value: string | null | undefined): string | undefined {
  return value || undefined
}
