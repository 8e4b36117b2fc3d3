import type { InstanceContext } from '../../instances/instance-context.js'
import type { MeService } from '../me/me.service.js'
import type { SessionView } from './frontend-sessions.wire.js'
import type { SessionTokenService } from './session-tokens.service.js'
import { isSignedIn } from './sessions.rules.js'
import type { SessionService } from './sessions.service.js'
import type { SessionRecord } from './sessions.table.js'

interface SessionViewOptions {
  context: InstanceContext
  me: MeService
  sessions: SessionService
  sessionTokens: SessionTokenService
}

/** Who looks, and what of the client they have seen. */
export interface Viewer {
  /** The origin of the page, for the tokens. */
  origin: string | undefined
  /** Unix milliseconds: tokens were issued then or later. */
  since: number
}

/** Sessions with everything that their browser shows of them. */
export class SessionViewService {
  constructor(private readonly options: SessionViewOptions) {}

  /** @throws {ApiError} 404 `resource_not_found` if the user was deleted */
  async view(found: SessionRecord, { origin, since }: Viewer): Promise<SessionView> {
    const { context, me, sessions, sessionTokens } = this.options
    const session = isSignedIn(found, context.clock.now()) ? await sessions.settled(found) : found
    // It may have ended meanwhile.
    const signedIn = isSignedIn(session, context.clock.now())
    const user = await me.get(session.userId)
    const input = { claimsVersion: context.instance.settings.session.claimsVersion, authorizedParty: origin }
    return { session, user, lastActiveToken: signedIn ? await sessionTokens.current(session, input, since) : null }
  }
}
