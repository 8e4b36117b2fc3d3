import { apiError } from '../../kernel/errors/api-error.js'
import { quote } from '../../kernel/errors/errors.js'

const SIGN_IN_AGAIN = 'The user has to sign in with the provider again'

export const externalAccountErrors = {
  notFound: (id: string) =>
    apiError(
      404,
      'external_account_not_found',
      'External account not found',
      `The user has no external account with id ${quote(id)}`,
    ),
  providerNotEnabled: (provider: string) =>
    apiError(
      404,
      'oauth_token_provider_not_enabled',
      'OAuth provider not enabled',
      `Signing in with ${quote(provider)} is not enabled in this instance`,
    ),
  missingAccessToken: (id: string) =>
    apiError(
      422,
      'oauth_missing_access_token',
      'Missing OAuth access token',
      `The provider has given no access token for the external account ${id}`,
    ),
  missingRefreshToken: (id: string) =>
    apiError(
      422,
      'oauth_missing_refresh_token',
      'Cannot refresh OAuth access token',
      `The access token of the external account ${id} has expired, and there is no refresh token to get another. ${SIGN_IN_AGAIN}`,
    ),
  retrievalFailed: (id: string) =>
    apiError(
      400,
      'oauth_token_retrieval_error',
      'Token retrieval failed',
      `The access token of the external account ${id} has expired, and this server has no client id and secret to get another with. ${SIGN_IN_AGAIN}`,
    ),
}
