import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import { shortText } from '../../kernel/schemas.js'
import type { SignUpService } from './sign-ups.service.js'
import { signUp } from './sign-ups.wire.js'

const endpoint = endpointFactory<{ signUps: SignUpService }>()
const access = 'secret_key'

export const signUpEndpoints = [
  endpoint('GET /sign_ups/:id', { operationId: 'GetSignUp', access, answer: signUp }, ({ params, services }) =>
    services.signUps.get(params.id),
  ),

  endpoint(
    'PATCH /sign_ups/:id',
    {
      operationId: 'UpdateSignUp',
      access,
      body: z.object({ external_id: shortText.nullish(), custom_action: z.boolean().nullish() }),
      answer: signUp,
    },
    ({ params, body, caller, services }) => services.signUps.update(params.id, body, caller),
  ),
]
