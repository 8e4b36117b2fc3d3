import { apiError } from '../../kernel/errors/api-error.js'

export const roleSetErrors = {
  tooManySets: (limit: number) =>
    apiError(
      403,
      'organization_instance_role_sets_quota_exceeded',
      'Too many role sets',
      `The instance has ${limit} role sets, which is the most it can have. Replace one by another first`,
      { max_role_sets_allowed: limit },
    ),
  initialSet: (key: string) =>
    apiError(
      403,
      'cannot_delete_initial_role_set',
      'The initial role set cannot be deleted',
      `New organizations get ${key}. Make another role set the initial one first`,
    ),
  mappingsMissing: (roleKeys: readonly string[], setKey: string) =>
    apiError(
      422,
      'organization_role_set_reassignment_mappings_missing',
      'Reassignment mappings are missing',
      `Members have roles that ${setKey} lacks: ${roleKeys.join(', ')}. Say in reassignment_mappings what they become`,
      { param_name: 'reassignment_mappings', missing_role_keys: roleKeys },
    ),
  mappingsInvalid: (why: string) =>
    apiError(
      422,
      'organization_role_set_reassignment_mappings_invalid',
      'Reassignment mappings are invalid',
      `reassignment_mappings: ${why}`,
      { param_name: 'reassignment_mappings' },
    ),
}
