import type { ClientJSON } from '@latchkey/types'
import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { component, milliseconds, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import type { ClientRecord } from '../client-records/client-records.table.js'
import { isSignedIn } from '../sessions/sessions.rules.js'
import type { SessionRecord } from '../sessions/sessions.table.js'
import { session, withoutTasks } from '../sessions/sessions.wire.js'

const schema = component(
  'Client',
  z.object({
    object: z.literal('client'),
    id: z.string(),
    session_ids: z.array(z.string()),
    sessions: z.array(session.schema),
    sign_in_id: z.string().nullable(),
    sign_up_id: z.string().nullable(),
    last_active_session_id: z.string().nullable(),
    last_authentication_strategy: z.string().nullable(),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<ClientJSON>),
)

/** A client with every session it ever held. */
export interface Client extends ClientRecord {
  sessions: SessionRecord[]
}

/** Ended sessions are shown too; those removed from the client are not. */
export const client = {
  schema,
  toJSON: (record: Client, context: WireContext): ClientJSON => {
    const shown = record.sessions.filter(({ status }) => status !== 'removed')
    const lastActive = shown.find(({ id }) => id === record.lastActiveSessionId)
    return toWire(schema, record, {
      object: 'client',
      session_ids: shown.map(({ id }) => id),
      sessions: shown.map((held) => session.toJSON(held, context)),
      last_active_session_id: lastActive && isSignedIn(lastActive, context.clock.now()) ? lastActive.id : null,
    })
  },
  before: {
    '2025-04-10': (json: ClientJSON) => ({ ...json, sessions: json.sessions.map(withoutTasks) }),
  },
}
