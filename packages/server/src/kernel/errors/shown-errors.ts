import type { ApiErrorItem } from './api-error.js'

/**
 * Errors whose `long_message` the sign-in and profile components show to people as it is: they have no sentence of
 * their own for these codes. Tests of applications look for such sentences, so each is written once.
 */
export const shownErrors = {
  codeIncorrect: (): ApiErrorItem => ({
    code: 'form_code_incorrect',
    message: 'is incorrect',
    long_message: 'Incorrect code. Compare it with the one that you got',
    meta: { param_name: 'code' },
  }),
  passwordIncorrect: (): ApiErrorItem => ({
    code: 'form_password_incorrect',
    message: 'is incorrect',
    long_message: 'Password is incorrect. Try again, or use another method',
    meta: { param_name: 'password' },
  }),
  /** Says nothing of which of the two. */
  passwordOrIdentifierIncorrect: (): ApiErrorItem => ({
    code: 'form_password_or_identifier_incorrect',
    message: 'Password or identifier incorrect',
    long_message: 'Password or identifier is incorrect. Try again, or use another method',
  }),
  identifierNotFound: (): ApiErrorItem => ({
    code: 'form_identifier_not_found',
    message: 'is invalid',
    long_message: "Couldn't find your account. Check what you typed, or sign up",
    meta: { param_name: 'identifier' },
  }),
  identifierExists: (param: string): ApiErrorItem => ({
    code: 'form_identifier_exists',
    message: 'That identifier is taken',
    long_message: `That ${param.replaceAll('_', ' ')} is taken. Please try another`,
    meta: { param_name: param },
  }),
}
