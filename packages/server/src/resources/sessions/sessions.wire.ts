import type {
  CookiesJSON,
  SessionActivityJSON,
  SessionEventJSON,
  SessionJSON,
  SessionTaskJSON,
  TokenJSON,
} from '@latchkey/types'
import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { anyObject, component, milliseconds, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import type { User } from '../user-records/user-records.rules.js'
import { user as userWire } from '../users/users.wire.js'
import type { Refreshed } from './session-cookies.rules.js'
import { tasksOf } from './session-tasks.rules.js'
import { statusAt } from './sessions.rules.js'
import type { SessionRecord } from './sessions.table.js'

export const sessionActivity = component(
  'SessionActivity',
  z.object({
    object: z.literal('session_activity'),
    id: z.string(),
    device_type: z.string().optional(),
    is_mobile: z.boolean(),
    browser_name: z.string().optional(),
    browser_version: z.string().optional(),
    ip_address: z.string().optional(),
    city: z.string().optional(),
    country: z.string().optional(),
  } satisfies Shape<SessionActivityJSON>),
)

const schema = component(
  'Session',
  z.object({
    object: z.literal('session'),
    id: z.string(),
    user_id: z.string(),
    client_id: z.string(),
    status: z.enum(['active', 'pending', 'revoked', 'ended', 'expired', 'removed', 'abandoned', 'replaced']),
    actor: anyObject.nullable(),
    last_active_organization_id: z.string().nullish(),
    latest_activity: sessionActivity.nullish(),
    tasks: z.array(z.object({ key: z.string() } satisfies Shape<SessionTaskJSON>)).nullish(),
    last_active_at: milliseconds,
    expire_at: milliseconds,
    abandon_at: milliseconds,
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<SessionJSON>),
)

export const session = {
  schema,
  toJSON: (record: SessionRecord, context: StatusContext): SessionJSON =>
    toWire(schema, record, { object: 'session', ...statusJSON(record, context) }),
  before: { '2025-04-10': withoutTasks },
}

type StatusContext = Pick<WireContext, 'clock' | 'instance'>

/** What every answer says of the state of a session. Without tasks `tasks` is null. */
export function statusJSON(record: SessionRecord, { clock, instance: { settings } }: StatusContext) {
  const status = statusAt(record, settings, clock.now())
  return { status, tasks: status === 'pending' ? tasksOf(record, settings).map((key) => ({ key })) : null }
}

/** Sessions had no tasks then. */
export function withoutTasks(json: SessionJSON): Omit<SessionJSON, 'tasks'> {
  const { tasks: _, ...before } = json
  return before
}

/** The `data` of events about a session, which has no tasks either. */
export function toSessionEventJSON(record: SessionRecord, user: User, context: WireContext): SessionEventJSON {
  return { ...withoutTasks(session.toJSON(record, context)), user: userWire.toJSON(user, context) }
}

const tokenSchema = component(
  'Token',
  z.object({ object: z.literal('token'), jwt: z.string() } satisfies Shape<TokenJSON>),
)

export const token = {
  schema: tokenSchema,
  toJSON: (jwt: string): TokenJSON => ({ object: 'token', jwt }),
}

const cookies = component(
  'Cookies',
  z.object({ object: z.literal('cookies'), cookies: z.array(z.string()) } satisfies Shape<CookiesJSON>),
)

/** A refreshed session: a token or the cookies that carry it. */
export const refreshed = {
  schema: z.union([tokenSchema, cookies]),
  toJSON: (value: Refreshed): TokenJSON | CookiesJSON =>
    'token' in value ? token.toJSON(value.token) : { object: 'cookies', cookies: value.cookies },
}
