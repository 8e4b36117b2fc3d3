import type { Pages, SessionLanding } from '@latchkey/types'
import type { InstanceContext } from '../../instances/instance-context.js'
import { frontendApiUrlOf } from '../../instances/instance.js'
import { pageColorsOf } from '../../instances/settings/display.js'
import type { Caller } from '../../kernel/caller.js'
import type { MessageOutbox } from '../../outbox/messages/message-outbox.js'
import { emailLinkErrors } from '../email-links/email-links.errors.js'
import type { SessionService } from '../sessions/sessions.service.js'
import type { SessionRecord } from '../sessions/sessions.table.js'
import { linkLifetimeOf, readSessionLinkToken, sessionLinkToken, stateOf } from './session-links.rules.js'

/** For the notice about a session: what ends it. */
export interface SessionLink {
  url: string
  /** Milliseconds from now. */
  lifetime: number
  sessionId: string
}

interface SessionLinkOptions {
  context: InstanceContext
  sessions: SessionService
  messages: Pick<MessageOutbox, 'spent'>
  /** Undefined if the server has no pages: then no link is sent. */
  sessionLanding: Pages['sessionLanding'] | undefined
}

/** Links in notices that end the session they tell of, for somebody who has the mail and need not be signed in. */
export class SessionLinkService {
  readonly #keys: readonly [string, ...string[]]

  constructor(private readonly options: SessionLinkOptions) {
    this.#keys = options.context.vault.digests('session link key', options.context.instanceId)
  }

  /** For a session that `caller` has just begun. */
  linkTo(session: SessionRecord, caller: Caller): SessionLink | undefined {
    if (!this.options.sessionLanding) return undefined
    const url = `${this.#base(caller)}/v1/session_links?token=${sessionLinkToken(session, this.#keys[0])}`
    return { url, lifetime: linkLifetimeOf(session), sessionId: session.id }
  }

  /**
   * Mail scanners open every link, so opening it ends nothing. The page's form does.
   *
   * @throws {ApiError} 400 `verification_link_token_invalid`
   */
  async look(token: string, caller: Caller): Promise<Response> {
    const { context, sessions } = this.options
    const claims = this.#read(token)
    const session = await sessions.find(claims.sid)
    return this.#page(token, { state: stateOf(claims, session, context.clock.now()), session }, caller)
  }

  /**
   * What the page's form does. A session that has ended stays as it is.
   *
   * @throws {ApiError} 400 `verification_link_token_invalid`
   */
  async revoke(token: string, caller: Caller): Promise<Response> {
    const { context, sessions, messages } = this.options
    const claims = this.#read(token)
    const { state, session } = await context.transaction(caller, async (tx) => {
      const session = await sessions.find(claims.sid, tx)
      const state = stateOf(claims, session, context.clock.now())
      if (state !== 'open') return { state, session }
      const isFirst = await sessions.endOnce(claims.sid, 'revoked', tx)
      if (isFirst) await messages.spent([claims.sid], tx)
      return { state: isFirst ? ('revoked' as const) : ('over' as const), session }
    })
    return this.#page(token, { state, session }, caller)
  }

  #read(token: string) {
    const claims = readSessionLinkToken(token, this.#keys)
    if (claims?.iid !== this.options.context.instanceId) throw emailLinkErrors.invalid()
    return claims
  }

  #page(
    token: string,
    { state, session }: { state: SessionLanding['state']; session: SessionRecord | undefined },
    caller: Caller,
  ): Response {
    const { sessionLanding } = this.options
    const { instance } = this.options.context
    // A link of a server that had pages.
    if (!sessionLanding) throw emailLinkErrors.invalid()
    const activity = session?.latestActivity
    const base = this.#base(caller)
    return sessionLanding({
      applicationName: instance.name,
      colors: pageColorsOf(instance.settings.display),
      state,
      action: `${base}/v1/session_links`,
      fields: { token },
      securityPage: `${base}/user/security`,
      session: session && {
        browser: [activity?.browser_name, activity?.device_type].filter(Boolean).join(' on ') || null,
        place: activity?.ip_address ?? null,
        at: session.createdAt,
      },
    })
  }

  #base(caller: Caller): string {
    const { instance, publicUrl } = this.options.context
    return frontendApiUrlOf(instance, publicUrl(), caller)
  }
}
