import type { InvitationService } from '../../resources/invitations/invitations.service.js'
import type { OrganizationInvitationService } from '../../resources/organization-invitations/organization-invitations.service.js'
import { organizationInvitations as organizationInvitationTable } from '../../resources/organization-records/organization-records.table.js'
import { TICKET_PREFIXES, type LinkKind } from '../../resources/tickets/tickets.rules.js'
import type { TicketService } from '../../resources/tickets/tickets.service.js'
import type { Tx } from '../../storage/tx.js'
import type { SignUpTicket } from './sign-up-state.rules.js'

/** Tickets of one kind, as sign-ups use them. */
export interface TicketSource {
  kind: LinkKind
  /** Of the ids. */
  prefix: string
  /** Nothing is spent yet. @throws {ApiError} if the ticket cannot be used */
  read(token: string): Promise<SignUpTicket>
  /** Before the user comes to be; absent where it takes a user. @throws {ApiError} if the ticket cannot be used any longer */
  spend?(id: string, tx: Tx): Promise<void>
  /** Once there is a user. @returns the organization that the user's session begins with */
  join?(id: string, userId: string, tx: Tx): Promise<string | undefined>
}

interface SignUpTicketOptions {
  tickets: TicketService
  invitations: InvitationService
  organizationInvitations: OrganizationInvitationService
}

/** The tickets that people can sign up with. */
export class SignUpTicketService {
  readonly #tickets: TicketService
  /** Another kind of ticket is another entry here. */
  readonly #sources: readonly TicketSource[]

  constructor({ tickets, invitations, organizationInvitations }: SignUpTicketOptions) {
    this.#tickets = tickets
    this.#sources = [
      {
        kind: 'invitation',
        prefix: TICKET_PREFIXES.invitation,
        read: async (token) => {
          const { id, emailAddress, details } = await invitations.read(token)
          return { id, emailAddress: emailAddress!, publicMetadata: details.publicMetadata }
        },
        spend: async (id, tx) => {
          await invitations.acceptIn(id, tx)
        },
      },
      {
        kind: 'organization_invitation',
        prefix: organizationInvitationTable.prefix,
        // Its metadata is the membership's.
        read: async (token) => {
          const { id, emailAddress } = await organizationInvitations.open(token)
          return { id, emailAddress, publicMetadata: {} }
        },
        join: async (id, userId, tx) => (await organizationInvitations.acceptIn(id, userId, tx)).organizationId,
      },
    ]
  }

  /** @throws {ApiError} 400 for a text that is no ticket to sign up with, or one that cannot be used any longer */
  async read(token: string): Promise<SignUpTicket> {
    const { st } = this.#tickets.verify(
      token,
      this.#sources.map(({ kind }) => kind),
    )
    return this.#sources.find(({ kind }) => kind === st)!.read(token)
  }

  /** The kind of a ticket that was read before. */
  sourceOf(id: string): TicketSource {
    const source = this.#sources.find(({ prefix }) => id.startsWith(`${prefix}_`))
    if (!source) throw new Error(`The ticket ${id} is of a kind that nobody signs up with`)
    return source
  }
}
