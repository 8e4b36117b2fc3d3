import type { RemoveUserPasswordJSON, SetPasswordCompromisedJSON, VerifyPasswordJSON } from '@latchkey/types'
import { z } from 'zod'
import { endpoint, type Endpoint } from '../../endpoint.js'
import type { Shape } from '../../http/validation.js'
import { user, verifiedPassword } from './users.schema.js'
import { toUserJSON } from './users.serializer.js'

const verifyPassword = z.object({ password: z.string() } satisfies Shape<VerifyPasswordJSON>)

const removePassword = z.object({
  sign_out_of_other_sessions: z.boolean().optional(),
} satisfies Shape<RemoveUserPasswordJSON>)

const setCompromised = z.object({
  revoke_all_sessions: z.boolean().nullish(),
} satisfies Shape<SetPasswordCompromisedJSON>)

export const userCredentialEndpoints: Endpoint[] = [
  endpoint(
    'POST /users/:user_id/verify_password',
    { operationId: 'VerifyPassword', access: 'secret_key', response: verifiedPassword, body: verifyPassword },
    async ({ params, body, services: { userCredentials } }) => {
      await userCredentials.verifyPassword(params.user_id, body.password)
      return { verified: true }
    },
  ),

  endpoint(
    'POST /users/:user_id/remove_password',
    { operationId: 'RemoveUserPassword', access: 'secret_key', response: user, body: removePassword },
    async ({ params, body, services: { userCredentials, context } }) =>
      toUserJSON(
        await userCredentials.removePassword(params.user_id, {
          signOutOfOtherSessions: body.sign_out_of_other_sessions === true,
        }),
        context,
      ),
  ),

  endpoint(
    'POST /users/:user_id/password/set_compromised',
    { operationId: 'SetUserPasswordCompromised', access: 'secret_key', response: user, body: setCompromised },
    async ({ params, body, services: { userCredentials, context } }) =>
      toUserJSON(
        await userCredentials.setCompromised(params.user_id, { revokeAllSessions: body.revoke_all_sessions === true }),
        context,
      ),
  ),

  endpoint(
    'POST /users/:user_id/password/unset_compromised',
    { operationId: 'UnsetUserPasswordCompromised', access: 'secret_key', response: user },
    async ({ params, services: { userCredentials, context } }) =>
      toUserJSON(await userCredentials.unsetCompromised(params.user_id), context),
  ),
]
