import type { Metadata } from '../../kernel/metadata.js'
import { boolean, integer, json, nullable, reference, table, text, word } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

export type TicketStatus = 'pending' | 'accepted' | 'revoked'

/** What a ticket of each kind brings beside whom it is for. */
export interface TicketDetails {
  sign_in_token: {
    /** Becomes active with the session. */
    organizationId: string | null
  }
  actor_token: {
    /** Goes into the session, whole. */
    actor: Record<string, unknown>
    /** Of the session, in seconds. */
    sessionMaxDuration: number
  }
  agent_task: {
    agentId: string
    agentName: string
    taskDescription: string
    permissions: string
    redirectUrl: string
    /** Of the session, in seconds. */
    sessionMaxDuration: number
  }
  invitation: {
    /** Becomes that of the user. */
    publicMetadata: Metadata
    redirectUrl: string | null
    /** The mail that brought it. */
    messageId: string | null
  }
}

export type TicketKind = keyof TicketDetails

/** Rights to sign in or up, each good for one use: the token in the link is a JWT that names the row. */
export const tickets = table(
  'tickets',
  // Each kind has its own; see `tickets.rules.ts`.
  { noun: 'ticket', prefix: 'tkt', counted: [{ by: ['kind', 'status'] }] },
  {
    kind: word<TicketKind>(),
    /** `expired` comes with time, see `tickets.rules.ts`. */
    status: word<TicketStatus>(),
    expiresAt: integer,
    /** Whom it signs in. Null for an invitation. */
    userId: nullable(reference('users')),
    /** Whom it invites. */
    emailAddress: nullable(text),
    canonical: nullable(text),
    /** It stands for all pending tickets of its kind and address: at most one does. */
    isCurrent: boolean,
    details: json<TicketDetails[TicketKind]>(),
  },
  {
    tickets_current: { on: ['instanceId', 'kind', 'canonical'], unique: true, where: 'is_current = 1' },
    tickets_by_created_at: { on: ['instanceId', 'kind', 'createdAt', 'id'] },
    tickets_by_address: { on: ['instanceId', 'kind', 'canonical', 'id'], nullsFirst: true },
    tickets_by_expires_at: { on: ['instanceId', 'kind', 'expiresAt', 'id'] },
    tickets_by_status: { on: ['instanceId', 'kind', 'status', 'createdAt', 'id'] },
    tickets_user: { on: ['userId'] },
  },
)

declare module '../../storage/schema.js' {
  interface Schema {
    tickets: RowOf<typeof tickets>
  }
}

export type TicketRecord = RecordOf<typeof tickets>

/** A ticket of one kind. */
export type TicketOf<Kind extends TicketKind> = Omit<TicketRecord, 'kind' | 'details'> & {
  kind: Kind
  details: TicketDetails[Kind]
}
