import type { VerifyTOTPJSON } from '@latchkey/types'
import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import type { Shape } from '../../kernel/component.js'
import { userId, verifiedTotp } from '../users/users.wire.js'
import type { UserFactorService } from './user-factors.service.js'

const verifyTotp = z.object({ code: z.string() } satisfies Shape<VerifyTOTPJSON>)

const endpoint = endpointFactory<{ userFactors: UserFactorService }>()
const access = 'secret_key'

export const userFactorEndpoints = [
  endpoint(
    'POST /users/:user_id/verify_totp',
    { operationId: 'VerifyTOTP', access, body: verifyTotp, answer: verifiedTotp },
    ({ params, body, caller, services }) => services.userFactors.verifyCode(params.userId, body.code, caller),
  ),

  endpoint(
    'DELETE /users/:user_id/totp',
    { operationId: 'DeleteTOTP', access, answer: userId },
    ({ params, caller, services }) => services.userFactors.deleteTotp(params.userId, caller),
  ),

  endpoint(
    'DELETE /users/:user_id/backup_code',
    { operationId: 'DeleteBackupCode', access, answer: userId },
    ({ params, caller, services }) => services.userFactors.deleteBackupCodes(params.userId, caller),
  ),

  endpoint(
    'DELETE /users/:user_id/mfa',
    { operationId: 'DisableMFA', access, answer: userId },
    ({ params, caller, services }) => services.userFactors.disable(params.userId, caller),
  ),
]
