import { apiError } from '../../kernel/errors/api-error.js'

export const organizationErrors = {
  creatorNotFound: (userId: string) =>
    apiError(
      400,
      'organization_creator_not_found',
      'Creator not found',
      `created_by: the instance has no user with id ${userId}`,
    ),
  creationLimitExceeded: (limit: number) =>
    apiError(
      403,
      'org_creation_limit_exceeded',
      'Too many organizations',
      `The user has created ${limit} organizations, which is their limit; raise create_organizations_limit, or omit created_by`,
    ),
  slugsDisabled: () =>
    apiError(
      403,
      'organization_slugs_disabled',
      'Slugs are disabled',
      'Slugs are switched off in this instance; omit slug, or set slug_disabled to false in the organization settings',
    ),
  mappingsMissing: (roles: readonly string[]) =>
    apiError(
      422,
      'organization_role_set_reassignment_mappings_missing',
      'Members have roles that the role set lacks',
      `Members have the roles ${roles.join(', ')}, which are not in the role set; give these members other roles first`,
      { param_name: 'role_set_key' },
    ),
}
