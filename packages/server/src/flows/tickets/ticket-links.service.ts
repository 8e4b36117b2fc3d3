import type { InstanceContext } from '../../instances/instance-context.js'
import { frontendApiUrlOf } from '../../instances/instance.js'
import type { CallerOf } from '../../kernel/caller.js'
import type { EmailAddressService } from '../../resources/email-addresses/email-addresses.service.js'
import { displayConfig, homeUrlOf } from '../../resources/environment/environment.rules.js'
import type { OrganizationInvitationService } from '../../resources/organization-invitations/organization-invitations.service.js'
import type { OriginService } from '../../resources/origins/origins.service.js'
import { isSignedIn } from '../../resources/sessions/sessions.rules.js'
import type { SessionService } from '../../resources/sessions/sessions.service.js'
import { anyTicketErrors } from '../../resources/tickets/tickets.errors.js'
import type { TicketClaims } from '../../resources/tickets/tickets.rules.js'
import type { TicketService } from '../../resources/tickets/tickets.service.js'
import type { HandshakeService, Handshake } from '../handshake/handshake.service.js'
import type { SignInTickets } from '../sign-in/sign-in-tickets.service.js'

type Browser = CallerOf<'client'>

/** What a page does next with the ticket; `complete`: nothing. */
export type TicketNext = 'sign_in' | 'sign_up' | 'complete'

const KINDS = ['sign_in_token', 'actor_token', 'invitation', 'organization_invitation'] as const

interface TicketLinkOptions {
  context: InstanceContext
  tickets: TicketService
  emailAddresses: EmailAddressService
  organizationInvitations: OrganizationInvitationService
  sessions: SessionService
  origins: OriginService
  signInTickets: SignInTickets
  handshake: HandshakeService
}

/** The links in which tickets are sent. */
export class TicketLinkService {
  constructor(private readonly options: TicketLinkOptions) {}

  /**
   * Brings a ticket to the page that uses it. Opening a link spends nothing, as mail scanners open every link. The one
   * exception is an invitation to an organization for somebody who is signed in with the invited address: it is accepted.
   *
   * @returns the URL of the page, or of a native application that has listed it
   * @throws {ApiError} 400 in the codes of the ticket's kind, `ticket_invalid_code`, `ticket_expired_code`; 422
   *   `invalid_redirect_url`, `redirect_url_not_associated_with_instance`
   */
  async accept(
    { ticket, redirectUrl }: { ticket: string; redirectUrl?: string | undefined },
    caller: Browser,
  ): Promise<string> {
    const { tickets, origins } = this.options
    const claims = tickets.verify(ticket, KINDS)
    // Before anything is accepted: a link that leads nowhere must not do half of its work.
    const target = redirectUrl ? await origins.requireLinkTarget(redirectUrl) : undefined
    const next = await this.#nextOf(claims, ticket, caller)
    const url = new URL(target ?? this.#pageFor(next, caller))
    if (next !== 'complete') url.searchParams.set('__clerk_ticket', ticket)
    url.searchParams.set('__clerk_status', next)
    return url.href
  }

  /**
   * Opens the session of an agent task, and brings its cookies to the application.
   *
   * @throws {ApiError} 400 and 404 in the codes of agent tasks, 400 `session_exists`, 422 `invalid_redirect_url`,
   *   `redirect_url_not_associated_with_instance`
   */
  async openAgentTask(ticket: string, devBrowserToken: string | undefined, caller: Browser): Promise<Handshake> {
    const { tickets, origins, signInTickets, handshake } = this.options
    const { details } = await tickets.read(tickets.verify(ticket, ['agent_task']))
    // A task whose page is not of the instance is not spent.
    await origins.requireTarget(details.redirectUrl)
    await signInTickets.create(ticket, caller)
    return handshake.begin({ redirectUrl: details.redirectUrl, format: 'token', devBrowserToken }, caller)
  }

  async #nextOf(
    { st, sid }: TicketClaims & { st: (typeof KINDS)[number] },
    ticket: string,
    caller: Browser,
  ): Promise<TicketNext> {
    const { tickets, organizationInvitations } = this.options
    if (st === 'organization_invitation') {
      const invitation = await organizationInvitations.open(ticket)
      const address = await this.#claimed(invitation.canonical)
      if (!address) return 'sign_up'
      if (address.verificationStatus !== 'verified' || !(await this.#isSignedIn(address.userId, caller)))
        return 'sign_in'
      await organizationInvitations.accept(invitation.id, address.userId, caller)
      return 'complete'
    }
    const { canonical } = await tickets.read({ sid, st })
    if (st !== 'invitation') return 'sign_in'
    if (canonical === null) throw anyTicketErrors.invalid()
    const address = await this.#claimed(canonical)
    if (!address) return 'sign_up'
    return (await this.#isSignedIn(address.userId, caller)) ? 'complete' : 'sign_in'
  }

  #claimed(canonical: string) {
    return this.options.emailAddresses.findClaimed(canonical)
  }

  /** Not whoever acts for the user: an invitation is accepted in person. */
  async #isSignedIn(userId: string, { clientId }: Browser): Promise<boolean> {
    const { sessions, context } = this.options
    const held = await sessions.listOfClients([clientId])
    return held.some(
      (session) => session.userId === userId && session.actor === null && isSignedIn(session, context.clock.now()),
    )
  }

  #pageFor(next: TicketNext, caller: Browser): string {
    const { instance, publicUrl } = this.options.context
    const hostedUrl = frontendApiUrlOf(instance, publicUrl(), caller)
    const pages = displayConfig(instance, { homeUrl: homeUrlOf(instance, { hostedUrl }), hostedUrl })
    return { sign_in: pages.sign_in_url, sign_up: pages.sign_up_url, complete: pages.home_url }[next]
  }
}
