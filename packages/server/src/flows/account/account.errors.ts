import { apiError, paramError } from '../../kernel/errors/api-error.js'

export const accountErrors = {
  impersonated: () =>
    apiError(
      403,
      'resource_forbidden',
      'Not allowed',
      'This session acts for the user. What the account can be taken over with is for the user alone to change',
    ),
  deleteSelfNotEnabled: () =>
    apiError(
      403,
      'user_delete_self_not_enabled',
      'Not allowed',
      'This user cannot delete their own account. The application can allow it, or delete the user itself',
    ),
  immutable: (name: string) =>
    apiError(
      403,
      'immutable_attribute_modification_not_allowed',
      'Not allowed',
      `Users of this instance cannot change their ${name} once they have one`,
      { param_name: name },
    ),
  lastFirstFactor: () =>
    apiError(
      400,
      'identification_deletion_failed',
      'Deletion failed',
      'The user could no longer sign in without it; add another way to sign in first',
    ),
  disablesDefaultSecondFactor: () =>
    paramError(
      422,
      'form_disable_default_second_factor_not_allowed',
      'default_second_factor',
      'is not allowed here',
      'One second factor is always the default. Make another number the default instead',
    ),
}
