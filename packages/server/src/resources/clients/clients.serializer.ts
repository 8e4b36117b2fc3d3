import type { ClientJSON } from '@latchkey/types'
import type { ClientRecord, SessionRecord } from '../../storage/tables.js'
import type { InstanceContext } from '../instances/instance-context.js'
import { isSignedIn } from '../sessions/session.js'
import { toSessionJSON } from '../sessions/sessions.serializer.js'

/** @param sessions all the client ever held: those that are over are shown too, those removed from it are not */
export function toClientJSON(
  client: ClientRecord,
  sessions: readonly SessionRecord[],
  context: Pick<InstanceContext, 'clock'>,
): ClientJSON {
  const shown = sessions.filter(({ status }) => status !== 'removed')
  const lastActive = shown.find(({ id }) => id === client.lastActiveSessionId)
  return {
    object: 'client',
    id: client.id,
    session_ids: shown.map(({ id }) => id),
    sessions: shown.map((session) => toSessionJSON(session, context)),
    sign_in_id: client.signInId,
    sign_up_id: client.signUpId,
    last_active_session_id: lastActive && isSignedIn(lastActive, context.clock.now()) ? lastActive.id : null,
    last_authentication_strategy: client.lastAuthenticationStrategy,
    created_at: client.createdAt,
    updated_at: client.updatedAt,
  }
}
