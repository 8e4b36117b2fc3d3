import type { ClientJSON, HandshakePayloadJSON } from '@latchkey/types'
import { z } from 'zod'
import { component, milliseconds } from '../../http/components.js'
import type { Shape } from '../../http/validation.js'
import { session } from '../sessions/sessions.schema.js'

export const client = component(
  'Client',
  z.object({
    object: z.literal('client'),
    id: z.string(),
    session_ids: z.array(z.string()),
    sessions: z.array(session),
    sign_in_id: z.string().nullable(),
    sign_up_id: z.string().nullable(),
    last_active_session_id: z.string().nullable(),
    last_authentication_strategy: z.string().nullable(),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<ClientJSON>),
)

export const handshakePayload = component(
  'HandshakePayload',
  z.object({ directives: z.array(z.string()) } satisfies Shape<HandshakePayloadJSON>),
)
