import type { VerifyTOTPJSON } from '@latchkey/types'
import { z } from 'zod'
import { endpoint, type Endpoint } from '../../endpoint.js'
import type { Shape } from '../../http/validation.js'
import { userId, verifiedTOTP } from './users.schema.js'

const verifyTotp = z.object({ code: z.string() } satisfies Shape<VerifyTOTPJSON>)

export const userFactorEndpoints: Endpoint[] = [
  endpoint(
    'POST /users/:user_id/verify_totp',
    { operationId: 'VerifyTOTP', access: 'secret_key', response: verifiedTOTP, body: verifyTotp },
    async ({ params, body, services: { userFactors } }) => ({
      verified: true,
      code_type: await userFactors.verifyCode(params.user_id, body.code),
    }),
  ),

  endpoint(
    'DELETE /users/:user_id/totp',
    { operationId: 'DeleteTOTP', access: 'secret_key', response: userId },
    async ({ params, services: { userFactors } }) => {
      await userFactors.deleteTotp(params.user_id)
      return { user_id: params.user_id }
    },
  ),

  endpoint(
    'DELETE /users/:user_id/backup_code',
    { operationId: 'DeleteBackupCode', access: 'secret_key', response: userId },
    async ({ params, services: { userFactors } }) => {
      await userFactors.deleteBackupCodes(params.user_id)
      return { user_id: params.user_id }
    },
  ),

  endpoint(
    'DELETE /users/:user_id/mfa',
    { operationId: 'DisableMFA', access: 'secret_key', response: userId },
    async ({ params, services: { userFactors } }) => {
      await userFactors.disable(params.user_id)
      return { user_id: params.user_id }
    },
  ),
]
