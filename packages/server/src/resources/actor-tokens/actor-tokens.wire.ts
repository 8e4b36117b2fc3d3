import type { ActorTokenJSON } from '@latchkey/types'
import { z } from 'zod'
import { anyObject, component, milliseconds, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import type { TicketOf } from '../tickets/tickets.table.js'
import { ticketStatus, type Shown } from '../tickets/tickets.wire.js'

const schema = component(
  'ActorToken',
  z.object({
    object: z.literal('actor_token'),
    id: z.string(),
    user_id: z.string(),
    actor: anyObject,
    status: ticketStatus,
    token: z.string().optional(),
    url: z.string().optional(),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<ActorTokenJSON>),
)

export const actorToken = {
  schema,
  toJSON: (ticket: Shown<TicketOf<'actor_token'>>) =>
    toWire(schema, ticket, {
      object: 'actor_token',
      user_id: ticket.userId!,
      actor: ticket.details.actor,
      token: ticket.token,
      url: ticket.url,
    }),
}
