import type { InstanceContext } from '../../instances/instance-context.js'
import type { MeService } from '../me/me.service.js'
import type { SessionView } from './frontend-sessions.wire.js'
import { tasksOf } from './session-tasks.rules.js'
import type { SessionTokenService } from './session-tokens.service.js'
import { isSignedIn } from './sessions.rules.js'
import type { SessionRecord } from './sessions.table.js'

interface SessionViewOptions {
  context: InstanceContext
  me: MeService
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
  async view(session: SessionRecord, { origin, since }: Viewer): Promise<SessionView> {
    const { context, me, sessionTokens } = this.options
    const { settings } = context.instance
    const user = await me.get(session.userId)
    const signedIn = isSignedIn(session, context.clock.now())
    const input = { claimsVersion: settings.session.claimsVersion, authorizedParty: origin }
    return {
      session,
      user,
      tasks: signedIn && session.status === 'pending' ? tasksOf(session, user, settings) : [],
      lastActiveToken: signedIn ? await sessionTokens.current(session, input, since) : null,
    }
  }
}
