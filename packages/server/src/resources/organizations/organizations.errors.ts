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
  creationNotEnabled: () =>
    apiError(
      403,
      'user_create_organization_not_enabled',
      'Not allowed to create organizations',
      'The user may not create organizations; set create_organization_enabled of the user to change that',
    ),
  quotaExceeded: (limit: number) =>
    apiError(
      403,
      'organization_quota_exceeded',
      'Too many organizations',
      `The user has created ${limit} organizations, which is their limit`,
    ),
  adminDeleteNotEnabled: () =>
    apiError(
      403,
      'organization_admin_delete_not_enabled',
      'Deleting is not enabled',
      'Members cannot delete this organization: admin_delete_enabled is off, in the organization or in the instance',
    ),
  impersonated: () =>
    apiError(
      403,
      'resource_forbidden',
      'Not while impersonating',
      'Whoever acts for another user cannot delete an organization',
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
