import { createHash } from 'node:crypto'
import type { EmailStrategy, Offer, PhoneCodeStrategy } from '../../factors/offers.rules.js'
import type { InstanceSettings } from '../../instances/settings/settings.js'
import { ksuid } from '../../kernel/runtime.js'
import { firstStrategies, type ReadIdentifier } from './sign-ins.rules.js'

/** Of the ids of decoys, in seconds after the instance was made. */
const SPREAD = 60 * 60

interface DecoyInput {
  /** Of the identifier, with a key that nobody knows: the same identifier has the same decoys. */
  digest: string
  /** Unix milliseconds: no id may look older. */
  instanceCreatedAt: number
}

/** The id that the typed address or number would have. */
export function decoyIdentificationId({ digest, instanceCreatedAt }: DecoyInput): string {
  const bytes = createHash('sha256').update(digest).digest()
  const seconds = Math.floor(instanceCreatedAt / 1000) + (bytes.readUInt16BE(16) % SPREAD)
  return `idn_${ksuid(seconds, bytes.subarray(0, 16))}`
}

/** The factors of a user who does not exist, as a user with this identifier has them most often. */
export function decoyOffers(
  { type, identifier }: ReadIdentifier,
  input: DecoyInput,
  settings: InstanceSettings,
): Offer[] {
  const strategies = firstStrategies(settings)
  const id = decoyIdentificationId(input)
  const email = (strategy: EmailStrategy, safeIdentifier: string): Offer => ({
    strategy,
    emailAddressId: id,
    safeIdentifier,
    primary: true,
  })
  const phone = (strategy: PhoneCodeStrategy): Offer => ({
    strategy,
    phoneNumberId: id,
    safeIdentifier: identifier,
    primary: true,
    default: false,
  })
  const address = type === 'email_address' ? identifier : maskedAddress(input.digest)
  const offers: Offer[] =
    type === 'phone_number'
      ? [{ strategy: 'password' }, phone('phone_code'), phone('reset_password_phone_code')]
      : [
          { strategy: 'password' },
          email('email_code', address),
          email('email_link', address),
          email('reset_password_email_code', address),
        ]
  return offers.filter(({ strategy }) => strategies.has(strategy))
}

function maskedAddress(digest: string): string {
  const letter = createHash('sha256').update(`letter ${digest}`).digest()[0]! % 26
  return `${String.fromCharCode(97 + letter)}***@gmail.com`
}
