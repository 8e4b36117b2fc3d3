import { apiError } from '../../kernel/errors/api-error.js'
import { quote } from '../../kernel/errors/errors.js'

export const organizationRoleErrors = {
  tooManyRoles: (limit: number) =>
    apiError(
      403,
      'organization_instance_roles_quota_exceeded',
      'Too many roles',
      `The instance has ${limit} roles, which is the most it can have. Delete one first`,
      { max_allowed_roles: limit },
    ),
  creatorRole: (key: string, setKey: string) =>
    apiError(
      422,
      'organization_role_default_creator_role',
      'The role is a creator role',
      `${key} is the role of creators in ${setKey}. Give creators another role first`,
    ),
  defaultRole: (key: string, setKey: string) =>
    apiError(
      422,
      'organization_role_domain_default_role',
      'The role is a default role',
      `${key} is the role of new members in ${setKey}. Give them another role first`,
    ),
  assignedToMembers: (key: string) =>
    apiError(
      422,
      'organization_role_assigned_members',
      'The role is assigned to members',
      `Members of organizations have the role ${key}. Give them another role first`,
    ),
  existsInInvitations: (key: string) =>
    apiError(
      422,
      'organization_role_exists_in_invitations',
      'The role is in invitations',
      `Pending invitations to organizations promise the role ${key}. Revoke them first`,
    ),
  alreadyAssigned: (key: string, permissionKey: string) =>
    apiError(
      409,
      'organization_role_permission_association_exists',
      'The role has the permission already',
      `The role ${key} already has the permission ${permissionKey}`,
    ),
  notAssigned: (key: string, permissionId: string) =>
    apiError(
      404,
      'organization_role_permission_association_not_found',
      'The role does not have the permission',
      `The role ${key} has no permission with id ${quote(permissionId)}`,
    ),
}
