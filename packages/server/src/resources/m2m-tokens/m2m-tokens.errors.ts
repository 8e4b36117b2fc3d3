import { apiError } from '../../kernel/errors/api-error.js'

export const m2mTokenErrors = {
  reservedClaim: (name: string) =>
    apiError(
      400,
      'machine_token_reserved_claim',
      'Reserved claim',
      `The claim ${name} is of the token itself; give yours another name`,
    ),
  machineNeeded: () =>
    apiError(
      403,
      'authorization_invalid',
      'Unauthorized request',
      'A token is made for the machine whose secret key is sent. Send a machine secret key instead of the secret key',
    ),
  anotherMachine: () =>
    apiError(
      403,
      'authorization_invalid',
      'Unauthorized request',
      'A machine secret key lists the tokens of its own machine only. Send the secret key to list those of any machine',
    ),
  invalid: () =>
    apiError(
      404,
      'resource_not_found',
      'Resource not found',
      'The token is unknown, expired or revoked, or is not for the machine that asks',
    ),
}
