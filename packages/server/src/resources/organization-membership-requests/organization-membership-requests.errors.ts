import { apiError } from '../../kernel/errors/api-error.js'
import { quote } from '../../kernel/errors/errors.js'

export const membershipRequestErrors = {
  notPending: (id: string) =>
    apiError(
      404,
      'resource_not_found',
      'The request is not pending',
      `The membership request ${quote(id)} was accepted or rejected already`,
    ),
}
