import { apiError } from '../../kernel/errors/api-error.js'

export const organizationPermissionErrors = {
  systemPermission: (key: string) =>
    apiError(
      403,
      'organization_system_permission_not_modifiable',
      'System permissions cannot be changed',
      `${key} is a system permission: it can be given to roles, but not changed or deleted`,
    ),
}
