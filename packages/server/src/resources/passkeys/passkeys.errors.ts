import { apiError, paramError } from '../../kernel/errors/api-error.js'

/** How many passkeys a user may have. */
export const MAX_PASSKEYS = 10

export const passkeyErrors = {
  credentialInvalid: () =>
    paramError(
      422,
      'passkey_invalid_public_key_credential',
      'public_key_credential',
      'is invalid',
      'public_key_credential must be the JSON of what navigator.credentials returned',
    ),
  notRegistered: () =>
    apiError(404, 'passkey_not_registered', 'Passkey not registered', 'No account of this instance has this passkey'),
  authenticationFailed: () =>
    apiError(
      400,
      'passkey_authentication_failure',
      'Passkey authentication failed',
      'The passkey could not be verified. Try again, or use another method',
    ),
  registrationFailed: (why: string) =>
    apiError(400, 'passkey_registration_failure', 'Passkey registration failed', why),
  verificationInvalid: () =>
    apiError(
      400,
      'passkey_invalid_verification',
      'Invalid verification',
      'This passkey is registered already, or was not added in time. Add a new one',
    ),
  notVerified: () =>
    apiError(
      422,
      'passkey_identification_not_verified',
      'Passkey not verified',
      'This passkey is not registered yet: it can be changed once it is',
    ),
  quotaExceeded: () =>
    apiError(
      403,
      'passkey_quota_exceeded',
      'Too many passkeys',
      `A user can have ${MAX_PASSKEYS} passkeys. Remove one first`,
    ),
  noneFound: () =>
    apiError(400, 'no_passkeys_found_for_user', 'No passkeys', 'This account has no passkey. Use another method'),
  noRelatedOrigins: () =>
    apiError(
      404,
      'resource_not_found',
      'Resource not found',
      "The passkeys of this instance belong to the application's domain: no other origins may use them",
    ),
  notEnabled: () => apiError(403, 'feature_not_enabled', 'Not enabled', 'Passkeys are switched off in this instance'),
}
