/** The code that verifies a test identity; nothing is sent for it. Only where the instance's test mode is on. */
export const TEST_CODE = '424242'

/** Whether e-mail codes to this address are not sent: `ada+clerk_test@example.com`. */
export function isTestEmailAddress(address: string): boolean {
  return /\+clerk_test@[^@]+$/i.test(address)
}

/** Whether codes to this number are not sent: +1, any area code, and 555 0100 to 555 0199, which are never assigned. */
export function isTestPhoneNumber(number: string): boolean {
  return /^\+1\d{3}55501\d{2}$/.test(number)
}
