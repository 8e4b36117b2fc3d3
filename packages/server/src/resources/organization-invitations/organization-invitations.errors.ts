import { apiError } from '../../kernel/errors/api-error.js'
import { quote } from '../../kernel/errors/errors.js'

export const organizationInvitationErrors = {
  notUnique: (address: string) =>
    apiError(
      400,
      'organization_invitation_not_unique',
      'Duplicate invitation',
      `There is a pending invitation for ${quote(address)} to this organization already. Revoke it first`,
      { email_addresses: [address] },
    ),
  alreadyMember: (address: string) =>
    apiError(
      400,
      'already_a_member_in_organization',
      'Already a member',
      `A member of the organization has the email address ${quote(address)}`,
      { email_addresses: [address] },
    ),
  bulkTooLarge: (limit: number, given: number) =>
    apiError(
      400,
      'bulk_size_exceeded',
      'Too many invitations at once',
      `One request can have ${limit} invitations, got ${given}. Send several requests`,
    ),
  notPending: (id: string) =>
    apiError(
      404,
      'organization_invitation_not_pending',
      'The invitation is not pending',
      `The invitation ${id} was accepted or revoked, or has expired`,
    ),
  notFound: (id: string) =>
    apiError(
      404,
      'organization_invitation_not_found',
      'Not found',
      `The user was sent no invitation with id ${quote(id)}`,
    ),
  notAMember: (userId: string) =>
    apiError(
      403,
      'not_a_member_in_organization',
      'Not a member',
      `The user ${userId} is not a member of the organization`,
    ),
  missingPermission: (userId: string, permission: string) =>
    apiError(
      403,
      'missing_organization_permission',
      'Missing permission',
      `The role of the user ${userId} lacks the permission ${permission}`,
      { permissions: [permission] },
    ),
  /** When it is used by somebody who has no account with the address: they sign up. */
  identificationNotExist: (address: string) =>
    apiError(
      400,
      'organization_invitation_identification_not_exist',
      'No such account',
      `No user has the email address ${quote(address)} of this invitation. Sign up with it`,
    ),
}
