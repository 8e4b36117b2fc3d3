import type { InvitationJSON } from '@latchkey/types'
import { z } from 'zod'
import { anyObject, component, milliseconds, type Shape } from '../../kernel/component.js'
import { metadata } from '../../kernel/schemas.js'
import { toWire } from '../../kernel/wire.js'
import type { WireContext } from '../../instances/instance-context.js'
import { invitationStatus } from '../tickets/tickets.rules.js'
import type { TicketOf } from '../tickets/tickets.table.js'
import type { Shown } from '../tickets/tickets.wire.js'

export const invitationSchema = component(
  'Invitation',
  z.object({
    object: z.literal('invitation'),
    id: z.string(),
    email_address: z.string(),
    public_metadata: anyObject,
    revoked: z.boolean(),
    status: z.enum(['pending', 'accepted', 'revoked', 'expired']),
    url: z.string().optional(),
    expires_at: milliseconds,
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<InvitationJSON>),
)

export type Invitation = Shown<TicketOf<'invitation'>>

export const invitation = {
  schema: invitationSchema,
  toJSON: (ticket: Invitation, { clock }: Pick<WireContext, 'clock'>): InvitationJSON =>
    toWire(invitationSchema, ticket, {
      object: 'invitation',
      email_address: ticket.emailAddress!,
      public_metadata: ticket.details.publicMetadata,
      revoked: ticket.status === 'revoked',
      status: invitationStatus(ticket, clock.now()),
      url: ticket.url,
    }),
}

/** What creating one takes. In a list of several also metadata and redirect URL can be null. */
export const invitationInput = z.object({
  email_address: z.string(),
  public_metadata: metadata.optional(),
  redirect_url: z.string().max(2048).optional(),
  notify: z.boolean().nullish(),
  ignore_existing: z.boolean().nullish(),
  expires_in_days: z.int().min(1).max(365).nullish(),
  template_slug: z.enum(['invitation', 'waitlist_invitation']).optional(),
})

export const bulkInvitationInput = invitationInput.extend({
  public_metadata: metadata.nullish(),
  redirect_url: z.string().max(2048).nullish(),
})
