import { readToken, signToken } from '../../lib/secrets/signed-token.js'
import type { TicketKind, TicketRecord, TicketStatus } from './tickets.table.js'

/** Of the ids, and what is told apart by them in links and logs. */
export const TICKET_PREFIXES: Record<TicketKind, string> = {
  sign_in_token: 'sit',
  actor_token: 'act',
  agent_task: 'agtask',
  invitation: 'inv',
}

/** What the token of a link can be for: a ticket of this table, or an invitation to an organization, which has its own. */
export type LinkKind = TicketKind | 'organization_invitation'

/** What a token is made of. */
export interface Link {
  id: string
  kind: LinkKind
  instanceId: string
  /** Unix milliseconds. */
  createdAt: number
  /** Unix milliseconds. */
  expiresAt: number
}

/** What the JWT says; the names are those of Clerk's tickets. */
export interface TicketClaims {
  /** Lifetime, in seconds. */
  eis: number
  /** Seconds. */
  exp: number
  /** The instance. */
  iid: string
  /** The row. */
  sid: string
  /** The kind. */
  st: LinkKind
}

const CATEGORY = 'latchkey_ticket'

export function ticketToken(ticket: Link, key: string): string {
  const { id, kind, instanceId, createdAt, expiresAt } = ticket
  const claims: TicketClaims = {
    eis: Math.round((expiresAt - createdAt) / 1000),
    exp: Math.ceil(expiresAt / 1000),
    iid: instanceId,
    sid: id,
    st: kind,
  }
  return signToken(CATEGORY, claims, key)
}

/** @returns undefined for any text that was not signed with one of the keys */
export function readTicketToken(token: string, keys: readonly string[]): TicketClaims | undefined {
  return readToken(CATEGORY, token, keys) as TicketClaims | undefined
}

/** Expiry is not stored: it comes with time. */
export function invitationStatus(
  { status, expiresAt }: Pick<TicketRecord, 'status' | 'expiresAt'>,
  now: number,
): TicketStatus | 'expired' {
  return status === 'pending' && expiresAt <= now ? 'expired' : status
}
