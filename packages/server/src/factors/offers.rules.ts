export type Strategy = Offer['strategy']

/**
 * One way to prove who somebody is, in the form that the user is shown. Contains no secret, so it may be sent as it is.
 */
export type Offer =
  | { strategy: 'password' | 'totp' | 'backup_code' | 'passkey' }
  | { strategy: EmailStrategy; emailAddressId: string; safeIdentifier: string; primary: boolean }
  | { strategy: PhoneCodeStrategy; phoneNumberId: string; safeIdentifier: string; primary: boolean; default: boolean }

/** What is sent to an address. */
export type EmailStrategy = EmailCodeStrategy | 'email_link'

/** A code to an address: to sign in, or to set a new password on the way. */
export type EmailCodeStrategy = 'email_code' | 'reset_password_email_code'
export type PhoneCodeStrategy = 'phone_code' | 'reset_password_phone_code'

/** The address or number that an offer's code is sent to. */
export function identificationOf(offer: Offer): string | undefined {
  if ('emailAddressId' in offer) return offer.emailAddressId
  return 'phoneNumberId' in offer ? offer.phoneNumberId : undefined
}
