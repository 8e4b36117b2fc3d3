import { apiError } from '../../kernel/errors/api-error.js'

export const stepUpErrors = {
  reverificationRequired: () =>
    apiError(
      403,
      'session_reverification_required',
      'Additional verification required',
      'No factor was verified in the last ten minutes. Verify the session again, then repeat the request',
    ),
  impersonated: () =>
    apiError(403, 'resource_forbidden', 'Not allowed', 'Somebody who acts for a user cannot do this in their name'),
}
