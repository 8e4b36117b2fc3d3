import { apiError } from '../../kernel/errors/api-error.js'

/** Codes that organizations, their roles and their role sets share. */
export const organizationRoleRecordErrors = {
  organizationsNotEnabled: () =>
    apiError(
      403,
      'organization_not_enabled_in_instance',
      'Organizations are not enabled',
      'Organizations are not enabled in this instance. PATCH /instance/organization_settings with enabled=true',
    ),
  missingCreatorPermissions: (roleKey: string, missing: readonly string[]) =>
    apiError(
      422,
      'organization_missing_creator_role_permissions',
      'Missing permissions of a creator role',
      `The role ${roleKey} is, or would be, the role of an organization's creator, and lacks ${missing.join(', ')}`,
      { missing_permissions: missing },
    ),
}
