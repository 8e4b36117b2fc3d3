import type { SessionJSON } from '@latchkey/types'
import type { SessionRecord } from '../../storage/tables.js'
import type { InstanceContext } from '../instances/instance-context.js'
import { statusAt } from './session.js'

export function toSessionJSON(session: SessionRecord, { clock }: Pick<InstanceContext, 'clock'>): SessionJSON {
  return {
    object: 'session',
    id: session.id,
    user_id: session.userId,
    client_id: session.clientId,
    status: statusAt(session, clock.now()),
    actor: session.actor,
    last_active_organization_id: session.lastActiveOrganizationId,
    latest_activity: session.latestActivity as SessionJSON['latest_activity'] & null,
    last_active_at: session.lastActiveAt,
    expire_at: session.expireAt,
    abandon_at: session.abandonAt,
    created_at: session.createdAt,
    updated_at: session.updatedAt,
  }
}
