import { apiError } from '../../kernel/errors/api-error.js'
import { quote } from '../../kernel/errors/errors.js'

export const apiKeyErrors = {
  notEnabled: () =>
    apiError(422, 'api_keys_not_enabled', 'API keys are not enabled', 'API keys are switched off in this instance'),
  nameTaken: (name: string) =>
    apiError(409, 'conflict', 'Conflict', `The subject has a valid API key with the name ${quote(name)} already`),
  invalid: () =>
    apiError(
      404,
      'resource_not_found',
      'Resource not found',
      'The secret is that of no API key, or the key has expired or was revoked, or may not be used now',
    ),
}
