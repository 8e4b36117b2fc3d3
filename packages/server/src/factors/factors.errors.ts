import { apiError } from '../kernel/errors/api-error.js'
import { errors } from '../kernel/errors/errors.js'

export const factorErrors = {
  linkTargetMissing: () => errors.conditionalParamMissing('redirect_url', 'strategy "email_link"'),
  linkOnly: (strategy: string) =>
    apiError(
      400,
      'verification_strategy_invalid',
      'Invalid verification strategy',
      `${strategy} is proved by opening the link in the mail, not by an attempt`,
    ),
  passwordResetRequired: () =>
    apiError(
      422,
      'password_reset_required',
      'Password reset required',
      'The password of this account cannot be checked here. Reset it, or sign in another way',
    ),
  strategyForUserInvalid: (strategy: string) =>
    apiError(
      400,
      'strategy_for_user_invalid',
      'Invalid verification strategy',
      `This account cannot use the ${strategy} strategy. Use one of the strategies that are listed as supported`,
    ),
}
