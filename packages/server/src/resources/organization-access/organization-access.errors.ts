import { apiError } from '../../kernel/errors/api-error.js'

export const organizationAccessErrors = {
  /** The same for both, so that nobody learns which organizations there are. */
  notFoundOrUnauthorized: () =>
    apiError(
      404,
      'organization_not_found_or_unauthorized',
      'Organization not found',
      'There is no such organization, or the user is not a member of it',
    ),
  missingPermission: (permissions: readonly string[]) =>
    apiError(
      403,
      'missing_organization_permission',
      'Missing permission',
      `The role of the user in this organization lacks ${permissions.join(' or ')}`,
      { permissions },
    ),
}
