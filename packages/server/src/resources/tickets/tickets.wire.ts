import { z } from 'zod'
import type { TicketStatus } from './tickets.table.js'

export const ticketStatus = z.enum(['pending', 'accepted', 'revoked']) satisfies z.ZodType<TicketStatus>

/** A pending ticket with its secrets; of any other these are left out. */
export type Shown<Ticket> = Ticket & { token?: string | undefined; url?: string | undefined }
