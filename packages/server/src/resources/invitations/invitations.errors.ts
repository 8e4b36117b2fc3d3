import { apiError } from '../../kernel/errors/api-error.js'

export const invitationErrors = {
  notSupported: () =>
    apiError(
      400,
      'invitations_not_supported',
      'Invitations are not supported',
      'Invitations go to email addresses, which are not enabled in this instance',
    ),
  duplicate: (address: string) =>
    apiError(
      400,
      'duplicate_record',
      'Duplicate invitation',
      `There is a pending invitation for ${JSON.stringify(address)} already. Revoke it first, or set ignore_existing`,
      { email_addresses: [address] },
    ),
  accountExists: () =>
    apiError(
      400,
      'invitation_account_exists',
      'Account exists',
      'A user has the email address of this invitation. Sign in instead',
    ),
}
