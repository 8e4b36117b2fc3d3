import { apiError } from '../../kernel/errors/api-error.js'

export const signUpErrors = {
  cannotBeUpdated: () =>
    apiError(
      403,
      'sign_up_cannot_be_updated',
      'Sign-up cannot be updated',
      'A sign-up that is complete or abandoned cannot be updated',
    ),
}
