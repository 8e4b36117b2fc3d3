import { ApiError, type ApiErrorItem } from './api-error.js'

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

/**
 * An error of the Frontend API. The components show its long message to people beside the field that it is about, unless
 * they have a sentence of their own: so it calls the field what people do. `email_address must be …` becomes
 * `Email address must be …`.
 */
export function inPlainWords(error: ApiError): ApiError {
  const { status, errors, headers, meta } = error
  return new ApiError(status, errors.map(itemInPlainWords), {
    cause: error,
    ...(headers ? { headers } : {}),
    ...(meta ? { meta } : {}),
  })
}

function itemInPlainWords(item: ApiErrorItem): ApiErrorItem {
  const param = item.meta?.['param_name']
  if (typeof param !== 'string' || !item.long_message.includes(param)) return item
  const words = param.replaceAll(/[_.]+/g, ' ')
  const text = item.long_message.replaceAll(param, words)
  return { ...item, long_message: text.charAt(0).toUpperCase() + text.slice(1) }
}
