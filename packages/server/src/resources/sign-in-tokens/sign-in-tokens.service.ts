import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { requireOrganizations } from '../organization-role-records/organization-role-records.rules.js'
import type { OrganizationRecords } from '../organization-records/organization-records.service.js'
import type { TicketService } from '../tickets/tickets.service.js'
import type { TicketOf } from '../tickets/tickets.table.js'
import type { Shown } from '../tickets/tickets.wire.js'
import type { UserRecords } from '../user-records/user-records.service.js'

/** Seconds: 30 days. */
const DEFAULT_LIFETIME = 2_592_000

interface SignInTokenInput {
  userId: string
  orgId?: string | null | undefined
  expiresInSeconds?: number | null | undefined
}

interface SignInTokenOptions {
  context: InstanceContext
  tickets: TicketService
  userRecords: UserRecords
  organizationRecords: OrganizationRecords
}

type SignInToken = Shown<TicketOf<'sign_in_token'>>

/** Tickets that sign their user in, as a first factor. */
export class SignInTokenService {
  constructor(private readonly options: SignInTokenOptions) {}

  /** @throws {ApiError} 404 for an unknown user or organization, 403 while organizations are switched off */
  create({ userId, orgId, expiresInSeconds }: SignInTokenInput, caller: Caller): Promise<SignInToken> {
    const { context, tickets, userRecords, organizationRecords } = this.options
    if (orgId != null) requireOrganizations(context)
    const expiresAt = context.clock.now() + (expiresInSeconds ?? DEFAULT_LIFETIME) * 1000
    return context.transaction(caller, async (tx) => {
      await userRecords.locked(userId, tx)
      if (orgId != null) await organizationRecords.get(orgId, tx)
      const details = { organizationId: orgId ?? null }
      const ticket = (await tickets.create({ kind: 'sign_in_token', expiresAt, userId, details }, tx))!
      await tx.audit('sign_in_token.created', ticket.id)
      return { ...ticket, token: tickets.tokenOf(ticket), url: tickets.urlOf(ticket) }
    })
  }

  /** @throws {ApiError} 404 `resource_not_found`, 400 `sign_in_token_cannot_be_revoked_code` */
  revoke(id: string, caller: Caller): Promise<SignInToken> {
    const { context, tickets } = this.options
    return context.transaction(caller, async (tx) => {
      const ticket = await tickets.revoke('sign_in_token', id, tx)
      await tx.audit('sign_in_token.revoked', id)
      return ticket
    })
  }
}
