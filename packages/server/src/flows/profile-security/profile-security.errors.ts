import { apiError } from '../../kernel/errors/api-error.js'

export const profileSecurityErrors = {
  noPassword: () => apiError(400, 'no_password_set', 'No password set', 'You have no password'),
  passwordRequired: () =>
    apiError(
      400,
      'password_required',
      'Password required',
      'The password cannot be removed: the application requires one, or there is no other way to sign in',
    ),
  totpAlreadyEnabled: () =>
    apiError(
      400,
      'totp_already_enabled',
      'TOTP already enabled',
      'There is an authenticator app already. Remove it before adding another',
    ),
  totpNotOffered: () =>
    apiError(403, 'feature_not_enabled', 'Not enabled', 'Authenticator apps are not enabled in this instance'),
  secondFactorRequired: () =>
    apiError(
      400,
      'second_factor_deletion_not_allowed',
      'Second factor required',
      'The application requires a second factor. Add another one before removing this one',
    ),
  backupCodesNotAvailable: () =>
    apiError(
      400,
      'backup_codes_not_available',
      'Backup codes not available',
      'Backup codes replace a second factor, and the application offers no backup codes or no second factor',
    ),
}
