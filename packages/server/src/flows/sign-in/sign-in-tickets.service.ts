import type { InstanceContext } from '../../instances/instance-context.js'
import { errors } from '../../kernel/errors/errors.js'
import type { OrganizationInvitationService } from '../../resources/organization-invitations/organization-invitations.service.js'
import { anyTicketErrors, ticketErrors } from '../../resources/tickets/tickets.errors.js'
import { invitationStatus, type TicketClaims } from '../../resources/tickets/tickets.rules.js'
import type { TicketService } from '../../resources/tickets/tickets.service.js'
import type { TicketOf } from '../../resources/tickets/tickets.table.js'
import type { UserRecords } from '../../resources/user-records/user-records.service.js'
import type { ClientRecords } from '../../resources/client-records/client-records.service.js'
import type { VerificationService } from '../../resources/verifications/verifications.service.js'
import type { Tx } from '../../storage/tx.js'
import { signInErrors } from './sign-in.errors.js'
import type { SignInIdentities } from './sign-in-identities.service.js'
import type { Browser, SessionDetails, SignInProgress } from './sign-in-progress.service.js'
import type { SignInRecord } from './sign-ins.table.js'

const KINDS = ['sign_in_token', 'actor_token', 'agent_task', 'invitation', 'organization_invitation'] as const

type Admission = TicketOf<'sign_in_token'> | TicketOf<'actor_token'> | TicketOf<'agent_task'>
type AdmissionKind = Admission['kind']

interface SignInTicketsOptions {
  context: InstanceContext
  tickets: TicketService
  organizationInvitations: OrganizationInvitationService
  progress: SignInProgress
  identities: SignInIdentities
  clientRecords: ClientRecords
  userRecords: UserRecords
  verifications: VerificationService
}

/**
 * Sign-ins with a ticket. One that the application issued stands for both factors; an invitation to an organization, which
 * only the mailbox of its address has, for the first.
 */
export class SignInTickets {
  constructor(private readonly options: SignInTicketsOptions) {}

  /**
   * The ticket is spent in the transaction that opens the session. If that fails it can be used again.
   *
   * @throws {ApiError} 400 and 404 in the codes of the ticket's kind, `ticket_invalid_code`, `ticket_expired_code`,
   *   `invitation_account_not_exists`; what `SignInProgress.take` throws
   */
  create(ticket: string, caller: Browser): Promise<SignInRecord> {
    const { context, tickets, progress, clientRecords, userRecords } = this.options
    const { clientId } = caller
    const claims = tickets.verify(ticket, KINDS)
    if (claims.st === 'invitation') return this.#byInvitation(claims.sid, caller)
    if (claims.st === 'organization_invitation') return this.#byOrganizationInvitation(ticket, caller)
    return context.transaction(caller, async (tx) => {
      await clientRecords.ensure(clientId, tx)
      const spent = await this.#spend(claims as TicketClaims & { st: AdmissionKind }, tx)
      const user = await userRecords.locked(spent.userId!, tx)
      const id = context.ids.next('sia')
      const signIn = await progress.begin({ id, clientId }, user, tx)
      return this.#admit(signIn, spent, tx)
    })
  }

  /** At a sign-in that has begun with an identifier. @throws {ApiError} as `create` does; 400 for another user's ticket */
  async attempt(id: string, ticket: string | undefined, caller: Browser): Promise<SignInRecord> {
    const { context, tickets, progress } = this.options
    if (ticket === undefined) throw errors.paramMissing('ticket')
    const claims = tickets.verify(ticket, KINDS)
    if (claims.st === 'invitation') throw anyTicketErrors.invalid()
    const invited = claims.st === 'organization_invitation' ? await this.#invited(ticket) : undefined
    return context.transaction(caller, async (tx) => {
      const signIn = await progress.current(id, caller, tx)
      progress.requireMove(signIn, 'attempt_first_factor')
      if (invited) {
        if (invited.user.id !== signIn.userId) throw anyTicketErrors.invalid()
        return this.#admitInvited(signIn, invited.invitationId, tx)
      }
      const spent = await this.#spend(claims as TicketClaims & { st: AdmissionKind }, tx)
      if (spent.userId !== signIn.userId) throw anyTicketErrors.invalid()
      return this.#admit(signIn, spent, tx)
    })
  }

  async #spend(claims: TicketClaims & { st: AdmissionKind }, tx: Tx): Promise<Admission> {
    return (await this.options.tickets.spend(claims, tx)) as Admission
  }

  async #admit(signIn: SignInRecord, ticket: Admission, tx: Tx): Promise<SignInRecord> {
    const { context, progress, verifications } = this.options
    const { id, clientId, userId } = signIn
    const details = this.#detailsOf(ticket)
    if (details.actor) await progress.requireAlone(clientId, tx)
    else await progress.requireNoSession(clientId, userId, tx)
    const subject = { kind: 'sign_in' as const, id, userId, identificationId: null }
    const verification = await verifications.record(subject, 'ticket', tx)
    const changes = {
      firstFactor: 'ticket',
      secondFactor: 'ticket',
      firstFactorVerificationId: verification.id,
      firstFactorVerifiedAt: context.clock.now(),
    } as const
    return progress.take(signIn, 'attempt_first_factor', changes, tx, details)
  }

  #detailsOf(ticket: Admission): SessionDetails {
    if (ticket.kind === 'sign_in_token') {
      const { organizationId } = ticket.details
      return organizationId === null ? {} : { organizationId }
    }
    const expireAt = this.options.context.clock.now() + ticket.details.sessionMaxDuration * 1000
    if (ticket.kind === 'actor_token') return { actor: ticket.details.actor, expireAt }
    return { actor: { type: 'agent', sub: ticket.details.agentId }, expireAt }
  }

  /** It proves nothing about somebody who has an account: they sign in as always. Others sign up with it. */
  async #byInvitation(id: string, caller: Browser): Promise<SignInRecord> {
    const { context, tickets, identities, progress, clientRecords } = this.options
    const invitation = await tickets.find('invitation', id)
    if (!invitation) throw ticketErrors.invitation.gone(id)
    const status = invitationStatus(invitation, context.clock.now())
    if (status === 'accepted') throw ticketErrors.invitation.used()
    if (status === 'revoked') throw ticketErrors.invitation.revoked()
    const { read, user, identificationId } = await identities.identify(invitation.emailAddress!)
    if (!user) throw signInErrors.invitationAccountMissing()
    const { clientId } = caller
    return context.transaction(caller, async (tx) => {
      await clientRecords.ensure(clientId, tx)
      await progress.requireNoSession(clientId, user.id, tx)
      return progress.begin({ clientId, identifier: read.identifier, identificationId }, user, tx)
    })
  }

  async #byOrganizationInvitation(ticket: string, caller: Browser): Promise<SignInRecord> {
    const { context, progress, clientRecords } = this.options
    const { read, user, identificationId, invitationId } = await this.#invited(ticket)
    const { clientId } = caller
    return context.transaction(caller, async (tx) => {
      await clientRecords.ensure(clientId, tx)
      await progress.requireNoSession(clientId, user.id, tx)
      const signIn = await progress.begin({ clientId, identifier: read.identifier, identificationId }, user, tx)
      return this.#admitInvited(signIn, invitationId, tx)
    })
  }

  /** @throws {ApiError} 400 in the codes of these invitations, `invitation_account_not_exists` */
  async #invited(ticket: string) {
    const { organizationInvitations, identities } = this.options
    const invitation = await organizationInvitations.open(ticket)
    const { user, ...identified } = await identities.identify(invitation.emailAddress)
    if (!user) throw signInErrors.invitationAccountMissing()
    return { ...identified, user, invitationId: invitation.id }
  }

  /** Whoever has the link reads the mail of its address. A second factor is still asked for. */
  async #admitInvited(signIn: SignInRecord, invitationId: string, tx: Tx): Promise<SignInRecord> {
    const { context, progress, verifications } = this.options
    const { id, userId, identificationId } = signIn
    const verification = await verifications.record({ kind: 'sign_in', id, userId, identificationId }, 'ticket', tx)
    const changes = {
      invitationId,
      firstFactor: 'ticket',
      firstFactorVerificationId: verification.id,
      firstFactorVerifiedAt: context.clock.now(),
    } as const
    return progress.take(signIn, 'attempt_first_factor', changes, tx)
  }
}
