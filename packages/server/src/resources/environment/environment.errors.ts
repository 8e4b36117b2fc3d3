import { apiError } from '../../kernel/errors/api-error.js'

export const environmentErrors = {
  developmentOnly: () =>
    apiError(
      403,
      'request_invalid_for_environment',
      'Invalid request for environment',
      'Only the settings of a development instance can be changed from a browser',
    ),
}
