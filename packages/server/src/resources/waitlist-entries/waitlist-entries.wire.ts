import type { WaitlistEntryJSON } from '@latchkey/types'
import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { component, milliseconds, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import { invitation, invitationSchema, type Invitation } from '../invitations/invitations.wire.js'
import type { WaitlistEntryRecord } from './waitlist-entries.table.js'

const schema = component(
  'WaitlistEntry',
  z.object({
    object: z.literal('waitlist_entry'),
    id: z.string(),
    email_address: z.string(),
    status: z.enum(['pending', 'invited', 'completed', 'rejected']),
    invitation: invitationSchema.nullable(),
    is_locked: z.boolean(),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<WaitlistEntryJSON>),
)

export interface WaitlistEntry extends WaitlistEntryRecord {
  invitation: Invitation | undefined
}

export const waitlistEntry = {
  schema,
  toJSON: (entry: WaitlistEntry, context: Pick<WireContext, 'clock'>): WaitlistEntryJSON =>
    toWire(schema, entry, {
      object: 'waitlist_entry',
      invitation: entry.invitation
        ? (invitation.toJSON(entry.invitation, context) as z.output<typeof invitationSchema>)
        : null,
      // Batches lock entries while they go through them; here each entry is changed in one transaction.
      is_locked: false,
    }),
}

/** What the person who joins is told: not how far others are with the entry. */
export const joinedWaitlistEntry = {
  schema: component('JoinedWaitlistEntry', z.object({ object: z.literal('waitlist_entry'), id: z.string() })),
  toJSON: ({ id }: WaitlistEntry) => ({ object: 'waitlist_entry', id }),
}

export const waitlistEntryInput = z.object({ email_address: z.string(), notify: z.boolean().nullish() })
