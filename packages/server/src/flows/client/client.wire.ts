import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { component, milliseconds } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import type { ClientRecord } from '../../resources/client-records/client-records.table.js'
import { withoutClientTrust, type SignInJSON } from '../sign-in/sign-ins.wire.js'
import { frontendSession, type SessionView } from '../../resources/sessions/frontend-sessions.wire.js'

const schema = component(
  'FrontendClient',
  z.object({
    object: z.literal('client'),
    id: z.string(),
    sessions: z.array(frontendSession.schema),
    sign_in: z.unknown().nullable(),
    sign_up: z.unknown().nullable(),
    last_active_session_id: z.string().nullable(),
    last_authentication_strategy: z.string().nullable(),
    cookie_expires_at: milliseconds.nullable(),
    captcha_bypass: z.boolean(),
    created_at: milliseconds,
    updated_at: milliseconds,
  }),
)

/** A browser with what it holds: its signed-in sessions, and a sign-in or sign-up that has begun. */
export interface ClientView {
  client: ClientRecord
  sessions: readonly SessionView[]
  /** Unix milliseconds. Null where no cookie keeps the client. */
  cookieExpiresAt: number | null
  /** As on the wire. */
  signIn: unknown
  signUp: unknown
}

export const frontendClient = {
  schema,
  toJSON: (view: ClientView | null, context: WireContext) => {
    if (view === null) return null
    const { client, sessions, signIn, signUp, cookieExpiresAt } = view
    const lastActive = sessions.find(({ session }) => session.id === client.lastActiveSessionId)
    return toWire(schema, client, {
      object: 'client',
      sessions: sessions.map((session) => frontendSession.toJSON(session, context)),
      sign_in: signIn ?? null,
      sign_up: signUp ?? null,
      last_active_session_id: lastActive?.session.id ?? null,
      cookie_expires_at: cookieExpiresAt,
      // No captcha is ever asked for.
      captcha_bypass: true,
    })
  },
  before: {
    '2026-05-12': (json: { sign_in: SignInJSON | null } | null) =>
      json?.sign_in ? { ...json, sign_in: withoutClientTrust(json.sign_in) } : json,
  },
}
