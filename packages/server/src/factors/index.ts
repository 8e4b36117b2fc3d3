import type { InstanceContext } from '../instances/instance-context.js'
import type { EmailAddressService } from '../resources/email-addresses/email-addresses.service.js'
import type { EmailLinkService } from '../resources/email-links/email-links.service.js'
import type { PasskeyCeremonies } from '../resources/passkeys/passkey-ceremonies.service.js'
import type { PasskeyService } from '../resources/passkeys/passkeys.service.js'
import type { PhoneNumberService } from '../resources/phone-numbers/phone-numbers.service.js'
import type { UserCredentialService } from '../resources/user-credentials/user-credentials.service.js'
import type { UserFactorService } from '../resources/user-factors/user-factors.service.js'
import type { UserRecords } from '../resources/user-records/user-records.service.js'
import type { VerificationService } from '../resources/verifications/verifications.service.js'
import type { AttemptService } from './attempts.service.js'
import { BackupCodeFactor } from './backup-code.factor.js'
import { EmailCodeFactor } from './email-code.factor.js'
import { EmailLinkFactor } from './email-link.factor.js'
import type { FactorSet } from './factor.js'
import { PasskeyFactor } from './passkey.factor.js'
import { PasswordFactor } from './password.factor.js'
import { PhoneCodeFactor } from './phone-code.factor.js'
import { TotpFactor } from './totp.factor.js'

export { offersOf, type FactorSet } from './factor.js'

interface FactorServices {
  context: InstanceContext
  userRecords: UserRecords
  emailAddresses: EmailAddressService
  emailLinks: EmailLinkService
  phoneNumbers: PhoneNumberService
  passkeys: PasskeyService
  passkeyCeremonies: PasskeyCeremonies
  verifications: VerificationService
  userCredentials: UserCredentialService
  userFactors: UserFactorService
  attempts: AttemptService
}

/** The factors of an instance. */
export function createFactors(services: FactorServices) {
  const emailCode = new EmailCodeFactor({ ...services, strategy: 'email_code' })
  const emailLink = new EmailLinkFactor(services)
  const phoneCode = new PhoneCodeFactor({ ...services, strategy: 'phone_code', stage: 'first' })
  return {
    first: {
      passkey: new PasskeyFactor(services),
      password: new PasswordFactor(services),
      email_code: emailCode,
      email_link: emailLink,
      phone_code: phoneCode,
      reset_password_email_code: new EmailCodeFactor({ ...services, strategy: 'reset_password_email_code' }),
      reset_password_phone_code: new PhoneCodeFactor({
        ...services,
        strategy: 'reset_password_phone_code',
        stage: 'first',
      }),
    },
    second: {
      totp: new TotpFactor(services),
      phone_code: new PhoneCodeFactor({ ...services, strategy: 'phone_code', stage: 'second' }),
      backup_code: new BackupCodeFactor(services),
    },
    /** The factors for a user who has no second factor and signs in with a browser for the first time. */
    clientTrust: { email_code: emailCode, email_link: emailLink, phone_code: phoneCode },
  } satisfies Record<string, FactorSet>
}
