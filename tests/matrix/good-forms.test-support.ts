import { Authenticator } from '../../packages/server/src/resources/passkeys/authenticator.test-support.js'
import type { Person } from './frontend-world.test-support.js'

/** In the form of one, for a challenge that nobody was given. */
const credential = new Authenticator().create(
  JSON.stringify({ challenge: 'bm9uZQ', rp: { id: 'localhost' }, user: { id: 'bm9ib2R5' } }),
)

/** A form with which an operation of the Frontend API succeeds for a person, for those that refuse an empty one. */
export const goodForms: Readonly<Record<string, (person: Person) => Record<string, string>>> = {
  createSignIn: ({ emailAddress }) => ({ identifier: emailAddress }),
  prepareSignInFactorOne: ({ emailId }) => ({ strategy: 'email_code', email_address_id: emailId }),
  attemptSignInFactorOne: () => ({ strategy: 'password', password: PASSWORD }),
  prepareSignInFactorTwo: () => ({ strategy: 'phone_code' }),
  attemptSignInFactorTwo: () => ({ strategy: 'totp', code: '000000' }),
  resetPassword: () => ({ password: 'difference engine' }),
  startSessionReverification: () => ({ level: 'first_factor' }),
  prepareSessionReverificationFirstFactor: ({ emailId }) => ({ strategy: 'email_code', email_address_id: emailId }),
  attemptSessionReverificationFirstFactor: () => ({ strategy: 'password', password: PASSWORD }),
  prepareSessionReverificationSecondFactor: () => ({ strategy: 'phone_code' }),
  attemptSessionReverificationSecondFactor: () => ({ strategy: 'totp', code: '000000' }),
  changePassword: () => ({ current_password: PASSWORD, new_password: 'difference engine' }),
  removePassword: () => ({ current_password: PASSWORD }),
  verifyTOTP: () => ({ code: '000000' }),
  createServiceToken: () => ({ service: 'firebase' }),
  attemptPasskeyVerification: () => ({ strategy: 'passkey', public_key_credential: credential }),
  patchPasskey: () => ({ name: 'Laptop' }),
  patchUser: () => ({ first_name: 'Augusta' }),
  patchUserMetadata: () => ({ unsafe_metadata: '{"theme":"dark"}' }),
  createEmailAddresses: ({ domain }) => ({ email_address: `third@${domain}` }),
  sendVerificationEmail: () => ({ strategy: 'email_code' }),
  verifyEmailAddress: () => ({ code: '000000' }),
  postPhoneNumbers: ({ nextPhoneNumber }) => ({ phone_number: nextPhoneNumber }),
  UpdatePhoneNumber: () => ({ reserved_for_second_factor: 'true' }),
  sendVerificationSMS: () => ({ strategy: 'phone_code' }),
  verifyPhoneNumber: () => ({ code: '000000' }),
  createOrganization: () => ({ name: 'New' }),
  updateOrganization: () => ({ name: 'New' }),
  CreateOrganizationMembership: ({ strangerId }) => ({ user_id: strangerId, role: 'org:member' }),
  UpdateOrganizationMembership: () => ({ role: 'org:admin' }),
  createOrganizationInvitations: ({ domain }) => ({ email_address: `next@${domain}`, role: 'org:member' }),
  bulkCreateOrganizationInvitations: ({ domain }) => ({ email_address: `next@${domain}`, role: 'org:member' }),
  CreateOrganizationDomain: ({ domain }) => ({ name: `next-${domain}`, enrollment_mode: 'manual_invitation' }),
  UpdateOrganizationDomainEnrollmentMode: () => ({ enrollment_mode: 'manual_invitation' }),
  prepareOrganizationDomainVerification: ({ company }) => ({ affiliation_email_address: `boss@${company}` }),
  attemptOrganizationDomainVerification: () => ({ code: '000000' }),
  createSignUps: ({ domain }) => ({ email_address: `fresh@${domain}` }),
  updateSignUps: () => ({ first_name: 'Augusta' }),
  prepareSignUpsVerification: () => ({ strategy: 'email_code' }),
  attemptSignUpsVerification: () => ({ strategy: 'email_code', code: '000000' }),
  joinWaitlist: ({ domain }) => ({ email_address: `waiting@${domain}` }),
}

export const PASSWORD = 'analytical engine'

/** The operations that lead back to a page. */
const LEADING_BACK = new Set(['handshakeClient', 'redirectToUrl', 'touchClient', 'syncClient'])

/** What stands in the query where an operation asks for something there. @param origin of the instance's pages */
export function goodQuery(operationId: string, origin: string): Record<string, string> {
  return LEADING_BACK.has(operationId) ? { redirect_url: `${origin}/` } : {}
}
