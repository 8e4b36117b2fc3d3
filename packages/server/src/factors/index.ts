import type { InstanceContext } from '../instances/instance-context.js'
import type { InstanceSettings } from '../instances/settings/settings.js'
import type { EmailAddressService } from '../resources/email-addresses/email-addresses.service.js'
import type { PhoneNumberService } from '../resources/phone-numbers/phone-numbers.service.js'
import type { UserCredentialService } from '../resources/user-credentials/user-credentials.service.js'
import type { UserFactorService } from '../resources/user-factors/user-factors.service.js'
import type { User } from '../resources/user-records/user-records.rules.js'
import type { UserRecords } from '../resources/user-records/user-records.service.js'
import type { AttemptService } from './attempts.service.js'
import { BackupCodeFactor } from './backup-code.factor.js'
import { EmailCodeFactor } from './email-code.factor.js'
import type { Factor, Offer, Strategy } from './factor.js'
import { PasswordFactor } from './password.factor.js'
import { PhoneCodeFactor } from './phone-code.factor.js'
import { TotpFactor } from './totp.factor.js'

interface FactorServices {
  context: InstanceContext
  userRecords: UserRecords
  emailAddresses: EmailAddressService
  phoneNumbers: PhoneNumberService
  userCredentials: UserCredentialService
  userFactors: UserFactorService
  attempts: AttemptService
}

/** Factors by the strategy that a request names. */
export type FactorSet = { readonly [S in Strategy]?: Factor & { readonly strategy: S } }

/** The factors of an instance. */
export function createFactors(services: FactorServices) {
  const emailCode = new EmailCodeFactor(services)
  const phoneCode = new PhoneCodeFactor({ ...services, stage: 'first' })
  return {
    first: { password: new PasswordFactor(services), email_code: emailCode, phone_code: phoneCode },
    second: {
      totp: new TotpFactor(services),
      phone_code: new PhoneCodeFactor({ ...services, stage: 'second' }),
      backup_code: new BackupCodeFactor(services),
    },
    /** The factors for a user who has no second factor and signs in with a browser for the first time. */
    clientTrust: { email_code: emailCode, phone_code: phoneCode },
  } satisfies Record<string, FactorSet>
}

/** The offers that a user may choose from, in the order of the factors. See `Factor.supported`. */
export function offersOf(
  factors: FactorSet,
  user: User,
  settings: InstanceSettings,
  identifiedBy: string | null = null,
): Offer[] {
  return Object.values(factors).flatMap((factor) => factor.supported(user, settings, identifiedBy))
}
