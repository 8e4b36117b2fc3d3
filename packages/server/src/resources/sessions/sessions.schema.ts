import type { CookiesJSON, SessionActivityJSON, SessionJSON, SessionTaskJSON, TokenJSON } from '@latchkey/types'
import { z } from 'zod'
import { anyObject, component, milliseconds } from '../../http/components.js'
import type { Shape } from '../../http/validation.js'

const sessionActivity = component(
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

export const session = component(
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

export const token = component(
  'Token',
  z.object({ object: z.literal('token'), jwt: z.string() } satisfies Shape<TokenJSON>),
)

export const cookies = component(
  'Cookies',
  z.object({ object: z.literal('cookies'), cookies: z.array(z.string()) } satisfies Shape<CookiesJSON>),
)
