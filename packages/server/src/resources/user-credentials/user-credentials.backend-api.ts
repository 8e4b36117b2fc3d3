import type { RemoveUserPasswordJSON, SetPasswordCompromisedJSON, VerifyPasswordJSON } from '@latchkey/types'
import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import type { Shape } from '../../kernel/component.js'
import { user, verifiedPassword } from '../users/users.wire.js'
import type { UserCredentialService } from './user-credentials.service.js'

const verifyPassword = z.object({ password: z.string() } satisfies Shape<VerifyPasswordJSON>)

const removePassword = z.object({
  sign_out_of_other_sessions: z.boolean().optional(),
} satisfies Shape<RemoveUserPasswordJSON>)

const setCompromised = z.object({
  revoke_all_sessions: z.boolean().nullish(),
} satisfies Shape<SetPasswordCompromisedJSON>)

const endpoint = endpointFactory<{ userCredentials: UserCredentialService }>()
const access = 'secret_key'

export const userCredentialEndpoints = [
  endpoint(
    'POST /users/:user_id/verify_password',
    { operationId: 'VerifyPassword', access, body: verifyPassword, answer: verifiedPassword },
    ({ params, body, caller, services }) =>
      services.userCredentials.verifyPassword(params.userId, body.password, caller),
  ),

  endpoint(
    'POST /users/:user_id/remove_password',
    { operationId: 'RemoveUserPassword', access, body: removePassword, answer: user },
    ({ params, body, caller, services }) => services.userCredentials.removePassword(params.userId, body, caller),
  ),

  endpoint(
    'POST /users/:user_id/password/set_compromised',
    { operationId: 'SetUserPasswordCompromised', access, body: setCompromised, answer: user },
    ({ params, body, caller, services }) => services.userCredentials.setCompromised(params.userId, body, caller),
  ),

  endpoint(
    'POST /users/:user_id/password/unset_compromised',
    { operationId: 'UnsetUserPasswordCompromised', access, answer: user },
    ({ params, caller, services }) => services.userCredentials.unsetCompromised(params.userId, caller),
  ),
]
