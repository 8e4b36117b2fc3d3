import { apiError } from '../../kernel/errors/api-error.js'
import { quote } from '../../kernel/errors/errors.js'

export const machineErrors = {
  alreadyScoped: (from: string, to: string) =>
    apiError(409, 'conflict', 'Conflict', `The machine ${from} can already call the machine ${to}`),
  notScoped: (from: string, to: string) =>
    apiError(404, 'resource_not_found', 'Resource not found', `The machine ${from} cannot call a machine ${quote(to)}`),
}
