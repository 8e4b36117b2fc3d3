import { apiError } from '../kernel/errors/api-error.js'

export const factorErrors = {
  strategyForUserInvalid: (strategy: string) =>
    apiError(
      400,
      'strategy_for_user_invalid',
      'Invalid verification strategy',
      `This account cannot use the ${strategy} strategy. Use one of the strategies that are listed as supported`,
    ),
}
