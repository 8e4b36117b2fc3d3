import type { SignInTokenJSON } from '@latchkey/types'
import { z } from 'zod'
import { component, milliseconds, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import type { TicketOf } from '../tickets/tickets.table.js'
import { ticketStatus, type Shown } from '../tickets/tickets.wire.js'

type WhilePending = Pick<SignInTokenJSON, 'token' | 'url'>

const schema = component(
  'SignInToken',
  z.object({
    object: z.literal('sign_in_token'),
    id: z.string(),
    user_id: z.string(),
    status: ticketStatus,
    token: z.string().optional(),
    url: z.string().optional(),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<Omit<SignInTokenJSON, keyof WhilePending>> & Shape<Partial<Record<keyof WhilePending, string>>>),
)

export const signInToken = {
  schema,
  toJSON: (ticket: Shown<TicketOf<'sign_in_token'>>) =>
    toWire(schema, ticket, {
      object: 'sign_in_token',
      user_id: ticket.userId!,
      token: ticket.token,
      url: ticket.url,
    }),
}
