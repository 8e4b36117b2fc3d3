import { z } from 'zod'
import { perCaller } from '../../kernel/limits.js'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import { me } from '../../resources/me/me.wire.js'
import { frontendSession } from '../../resources/sessions/frontend-sessions.wire.js'
import { token } from '../../resources/sessions/sessions.wire.js'
import type { OwnFactorService } from './own-factors.service.js'
import type { OwnPasswordService } from './own-passwords.service.js'
import type { OwnSessionService } from './own-sessions.service.js'
import { activeSession, backupCodes, removedTotp, totp } from './profile-security.wire.js'

interface Needs {
  ownPasswords: OwnPasswordService
  ownFactors: OwnFactorService
  ownSessions: OwnSessionService
}

/** Nothing is sent as an empty text. */
const password = z.string().max(4096).nullish()

const changePassword = z.object({
  current_password: password,
  new_password: z.string().max(4096),
  sign_out_of_other_sessions: z.boolean().nullish(),
})

const endpoint = frontendEndpointFactory<Needs>()
const access = 'session'

export const profileSecurityEndpoints = [
  endpoint(
    'POST /me/change_password',
    { operationId: 'changePassword', access, body: changePassword, answer: me, limit: perCaller(5, 60) },
    ({ body, caller, services }) =>
      services.ownPasswords.change(
        {
          currentPassword: body.currentPassword || undefined,
          newPassword: body.newPassword,
          signOutOfOtherSessions: body.signOutOfOtherSessions ?? false,
        },
        caller,
      ),
  ),

  endpoint(
    'POST /me/remove_password',
    { operationId: 'removePassword', access, body: z.object({ current_password: password }), answer: me },
    ({ body, caller, services }) => services.ownPasswords.remove(body.currentPassword || undefined, caller),
  ),

  endpoint('POST /me/totp', { operationId: 'postTOTP', access, answer: totp }, ({ caller, services }) =>
    services.ownFactors.beginTotp(caller),
  ),

  endpoint(
    'POST /me/totp/attempt_verification',
    { operationId: 'verifyTOTP', access, body: z.object({ code: z.string() }), answer: totp },
    ({ body, caller, services }) => services.ownFactors.confirmTotp(body.code, caller),
  ),

  endpoint('DELETE /me/totp', { operationId: 'deleteTOTP', access, answer: removedTotp }, ({ caller, services }) =>
    services.ownFactors.removeTotp(caller),
  ),

  endpoint(
    'POST /me/backup_codes',
    { operationId: 'createBackupCodes', access, answer: backupCodes, limit: perCaller(5, 60) },
    ({ caller, services }) => services.ownFactors.createBackupCodes(caller),
  ),

  endpoint(
    'GET /me/sessions/active',
    { operationId: 'getSessions', access, answer: activeSession, list: 'array', bare: true },
    ({ caller, services }) => services.ownSessions.listActive(caller),
  ),

  endpoint(
    'GET /me/sessions',
    { operationId: 'getUsersSessions', access, answer: frontendSession, list: 'array', bare: true },
    ({ caller, services }) => services.ownSessions.list(caller),
  ),

  endpoint(
    'POST /me/sessions/:session_id/revoke',
    { operationId: 'revokeSession', access, answer: frontendSession },
    ({ params, caller, services }) => services.ownSessions.revoke(params.sessionId, caller),
  ),

  endpoint(
    'POST /me/tokens',
    { operationId: 'createServiceToken', access, body: z.object({ service: z.string() }), answer: token, bare: true },
    ({ body, caller, services }) => services.ownSessions.createServiceToken(body.service, caller),
  ),
]
