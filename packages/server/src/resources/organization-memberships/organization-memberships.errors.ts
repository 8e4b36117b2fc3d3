import { apiError } from '../../kernel/errors/api-error.js'

export const membershipErrors = {
  alreadyMember: (userId: string) =>
    apiError(
      400,
      'already_a_member_in_organization',
      'Already a member',
      `The user ${userId} is already a member of the organization`,
    ),
  quotaExceeded: (limit: number) =>
    apiError(
      403,
      'organization_membership_quota_exceeded',
      'The organization is full',
      `The organization has reached its limit of ${limit} memberships, pending invitations included; raise max_allowed_memberships`,
    ),
  minimumPermissionsNeeded: (permissions: readonly string[]) =>
    apiError(
      400,
      'organization_minimum_permissions_needed',
      'The last member who can manage the organization',
      `An organization needs at least one member with ${permissions.join(', ')}; give another member such a role first`,
    ),
  exclusive: () =>
    apiError(
      422,
      'exclusive_organization_membership',
      'A member of another organization',
      'In this instance a user can be a member of one organization only',
    ),
  personalAccountsNotAllowed: () =>
    apiError(
      422,
      'personal_accounts_not_allowed',
      'The last organization of the user',
      'In this instance a user needs an organization; add the user to another one first, or delete the user',
    ),
}
