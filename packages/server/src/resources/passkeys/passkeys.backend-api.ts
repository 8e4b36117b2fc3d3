import { endpointFactory } from '../../http/endpoint.js'
import { deleted } from '../../kernel/component.js'
import type { PasskeyService } from './passkeys.service.js'

const endpoint = endpointFactory<{ passkeys: PasskeyService }>()

export const passkeyEndpoints = [
  endpoint(
    'DELETE /users/:user_id/passkeys/:passkey_identification_id',
    { operationId: 'UserPasskeyDelete', access: 'secret_key', answer: deleted('passkey') },
    ({ params, caller, services }) => services.passkeys.delete(params.userId, params.passkeyIdentificationId, caller),
  ),
]
