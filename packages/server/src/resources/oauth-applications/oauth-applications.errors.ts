import { apiError, paramError } from '../../kernel/errors/api-error.js'
import { quote } from '../../kernel/errors/errors.js'

export const oauthApplicationErrors = {
  duplicateRedirectUri: (uri: string) =>
    paramError(
      400,
      'duplicate_record',
      'redirect_uris',
      'Duplicate record',
      `redirect_uris has ${quote(uri)} more than once`,
    ),
  invalidScope: (why: string) => paramError(400, 'oauth_invalid_scope', 'scopes', 'Invalid scope', `scopes ${why}`),
  publicClientRequiresPkce: () =>
    paramError(
      422,
      'form_public_client_requires_pkce',
      'pkce_required',
      'Public clients require PKCE',
      'pkce_required cannot be false for a public client, which has no secret',
    ),
  consentCannotBeDisabled: () =>
    paramError(
      422,
      'oauth_application_consent_screen_cannot_be_disabled',
      'consent_screen_enabled',
      'The consent screen cannot be disabled',
      'An application that registered itself always asks its users for consent',
    ),
  clientIdTaken: (clientId: string) =>
    paramError(
      400,
      'duplicate_record',
      'client_id',
      'Duplicate record',
      `client_id ${quote(clientId)} belongs to another application`,
    ),
  /** Says nothing of the token itself. */
  tokenNotFound: () => apiError(404, 'resource_not_found', 'Resource not found', 'No such OAuth token was found'),
  tokenTaken: () =>
    paramError(400, 'duplicate_record', 'access_token', 'Duplicate record', 'This OAuth token exists already'),
  jwtCannotBeRevoked: () =>
    paramError(
      400,
      'form_param_value_invalid',
      'token',
      'is invalid',
      'token is a JWT access token, which cannot be revoked. Revoke the refresh token of the same grant',
    ),
}
