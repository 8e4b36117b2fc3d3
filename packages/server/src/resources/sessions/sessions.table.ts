import type { SessionActivityJSON } from '@latchkey/types'
import { boolean, integer, json, nullable, reference, table, text, word } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

export type SessionStatus =
  | 'active'
  | 'pending'
  | 'revoked'
  | 'ended'
  | 'expired'
  | 'removed'
  | 'abandoned'
  | 'replaced'

/** Whoever has such a session is signed in, until it expires or is abandoned. */
export const SIGNED_IN: readonly SessionStatus[] = ['active', 'pending']

export const sessions = table(
  'sessions',
  { noun: 'session', prefix: 'sess', counted: true },
  {
    clientId: reference('clients'),
    userId: reference('users'),
    /** As last written and told; it changes with time and settings without a write, see `sessions.rules.ts`. */
    status: word<SessionStatus>(),
    /** Copies of what the user has, see `session-tasks.rules.ts`. */
    passwordCompromised: boolean,
    hasSecondFactor: boolean,
    actor: nullable(json<Record<string, unknown>>()),
    lastActiveOrganizationId: nullable(text),
    lastActiveAt: integer,
    latestActivity: nullable(json<SessionActivityJSON>()),
    /** When the first and the second factor were last checked. */
    firstFactorVerifiedAt: nullable(integer),
    secondFactorVerifiedAt: nullable(integer),
    expireAt: integer,
    abandonAt: integer,
  },
  {
    sessions_by_created_at: { on: ['instanceId', 'createdAt', 'id'] },
    sessions_client: { on: ['clientId', 'createdAt', 'id'] },
    sessions_user: { on: ['userId', 'createdAt', 'id'] },
    sessions_organization: { on: ['lastActiveOrganizationId'], where: 'last_active_organization_id is not null' },
  },
)

declare module '../../storage/schema.js' {
  interface Schema {
    sessions: RowOf<typeof sessions>
  }
}

export type SessionRecord = RecordOf<typeof sessions>
