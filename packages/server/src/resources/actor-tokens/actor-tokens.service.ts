import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import type { TicketService } from '../tickets/tickets.service.js'
import type { TicketOf } from '../tickets/tickets.table.js'
import type { Shown } from '../tickets/tickets.wire.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import { checkActor } from './actor-tokens.rules.js'

/** Seconds, of the token. */
const DEFAULT_LIFETIME = 3600
/** Seconds, of the session it opens. */
const DEFAULT_SESSION_DURATION = 1800

interface ActorTokenInput {
  userId: string
  actor: Record<string, unknown>
  expiresInSeconds?: number | undefined
  sessionMaxDurationInSeconds?: number | undefined
}

interface ActorTokenOptions {
  context: InstanceContext
  tickets: TicketService
  userRecords: UserRecords
}

type ActorToken = Shown<TicketOf<'actor_token'>>

/** Tickets with which somebody else signs in as the user: impersonation. */
export class ActorTokenService {
  constructor(private readonly options: ActorTokenOptions) {}

  /** @throws {ApiError} 422 for an unknown user, or an actor that is none */
  create(input: ActorTokenInput, caller: Caller): Promise<ActorToken> {
    const { context, tickets, userRecords } = this.options
    const { userId, actor, expiresInSeconds, sessionMaxDurationInSeconds } = input
    checkActor(actor, userId)
    const expiresAt = context.clock.now() + (expiresInSeconds ?? DEFAULT_LIFETIME) * 1000
    const details = { actor, sessionMaxDuration: sessionMaxDurationInSeconds ?? DEFAULT_SESSION_DURATION }
    return context.transaction(caller, async (tx) => {
      if (!(await userRecords.find(userId, tx))) throw errors.formResourceNotFound('user_id', userId)
      await userRecords.locked(userId, tx)
      const ticket = (await tickets.create({ kind: 'actor_token', expiresAt, userId, details }, tx))!
      await tx.audit('actor_token.created', ticket.id)
      return { ...ticket, token: tickets.tokenOf(ticket), url: tickets.urlOf(ticket) }
    })
  }

  /** @throws {ApiError} 404 `resource_not_found`, 400 `actor_token_cannot_be_revoked_code` */
  revoke(id: string, caller: Caller): Promise<ActorToken> {
    const { context, tickets } = this.options
    return context.transaction(caller, async (tx) => {
      const ticket = await tickets.revoke('actor_token', id, tx)
      await tx.audit('actor_token.revoked', id)
      return ticket
    })
  }
}
