import { apiError, paramError } from '../../kernel/errors/api-error.js'
import { quote } from '../../kernel/errors/errors.js'

export const accessErrors = {
  duplicate: (param: string, value: string) =>
    paramError(400, 'duplicate_record', param, 'Duplicate record', `${quote(value)} is on the list already`),
  notAllowed: (identifiers: string[]) =>
    apiError(
      403,
      'not_allowed_access',
      'Access not allowed',
      `${named(identifiers)} is not allowed to access this application`,
      { identifiers },
    ),
  mailboxTaken: (identifiers: string[]) =>
    apiError(
      403,
      'not_allowed_access',
      'Access not allowed',
      `${named(identifiers)} belongs to a mailbox that another user has an address of. The restrictions of this instance allow one user for each`,
      { identifiers },
    ),
  disposable: (identifiers: string[]) =>
    apiError(
      403,
      'form_email_address_blocked',
      'Email address not allowed',
      `${named(identifiers)} is at a provider of disposable addresses. Use a permanent address`,
      { identifiers },
    ),
  modeRestricted: () =>
    apiError(
      403,
      'sign_up_mode_restricted',
      'Sign-ups are restricted',
      'Only people with an invitation can sign up to this application',
    ),
  modeWaitlist: () =>
    apiError(
      403,
      'sign_up_restricted_waitlist',
      'Sign-ups are restricted',
      'Only people with an invitation can sign up to this application. Join the waitlist to get one',
    ),
  allowlistNeedsPublicMode: (param: string, mode: string) =>
    paramError(
      422,
      'sign_up_mode_restricted_invalid_value',
      param,
      'is invalid',
      `${param} cannot be switched on while the sign-up mode is ${quote(mode)}: only in the mode "public" are people asked for that the list could name`,
    ),
}

function named(identifiers: string[]): string {
  return identifiers.length === 0
    ? 'A user without an email address, phone number or wallet'
    : identifiers.map(quote).join(', ')
}
