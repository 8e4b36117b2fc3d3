import { endpoint, type Endpoint } from '../../endpoint.js'
import { deletedObject } from '../../http/components.js'

export const passkeyEndpoints: Endpoint[] = [
  endpoint(
    'DELETE /users/:user_id/passkeys/:passkey_identification_id',
    { operationId: 'UserPasskeyDelete', access: 'secret_key', response: deletedObject },
    async ({ params, services: { passkeys } }) => {
      await passkeys.delete(params.user_id, params.passkey_identification_id)
      return { object: 'passkey', id: params.passkey_identification_id, deleted: true }
    },
  ),
]
