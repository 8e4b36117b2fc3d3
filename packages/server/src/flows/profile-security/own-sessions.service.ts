import type { CallerOf } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Page } from '../../kernel/page.js'
import type { MeService } from '../../resources/me/me.service.js'
import type { StepUp } from '../../resources/session-reverifications/step-up.service.js'
import type { SessionView } from '../../resources/sessions/frontend-sessions.wire.js'
import type { SessionTokenService } from '../../resources/sessions/session-tokens.service.js'
import type { SessionService } from '../../resources/sessions/sessions.service.js'
import type { SessionRecord } from '../../resources/sessions/sessions.table.js'

/** Nobody looks through more, and the answer has the user in each. */
const MOST = { limit: 100, offset: 0, paginated: false }

interface OwnSessionOptions {
  stepUp: StepUp
  me: MeService
  sessions: SessionService
  sessionTokens: SessionTokenService
}

type Person = CallerOf<'session'>

/** The sessions of one's own account, in all browsers. Tokens go to a session's own browser alone. */
export class OwnSessionService {
  constructor(private readonly options: OwnSessionOptions) {}

  /** Those that are signed in, newest first. */
  async listActive({ userId }: Person): Promise<Page<SessionRecord>> {
    const [active, pending] = await Promise.all([this.#listOf(userId, 'active'), this.#listOf(userId, 'pending')])
    const data = [...active, ...pending].sort((a, b) => b.createdAt - a.createdAt)
    return { data, totalCount: data.length }
  }

  /** In any status, newest first: the last hundred. */
  async list({ userId }: Person): Promise<Page<SessionView>> {
    const { me, sessions } = this.options
    const user = await me.get(userId)
    const { data } = await sessions.list({ userId }, MOST)
    const views = data.map((session) => ({ session, user, lastActiveToken: null }))
    return { data: views, totalCount: views.length }
  }

  /**
   * Ends a session of the user. One that has ended stays as it is.
   *
   * @throws {ApiError} what `StepUp.require` throws; 404 `resource_not_found` for one of somebody else
   */
  async revoke(id: string, caller: Person): Promise<SessionView> {
    const { stepUp, sessions, me } = this.options
    await stepUp.require(caller)
    const found = await sessions.find(id)
    if (found?.userId !== caller.userId) throw errors.resourceNotFound('session', id)
    const session = await sessions.revoke(id, caller)
    return { session, user: await me.get(caller.userId), lastActiveToken: null }
  }

  /**
   * A token from the JWT template that is named like the service.
   *
   * @throws {ApiError} 404 `resource_not_found` if there is no such template
   */
  createServiceToken(service: string, { sessionId }: Person): Promise<string> {
    return this.options.sessionTokens.createFromTemplate(sessionId, service)
  }

  async #listOf(userId: string, status: 'active' | 'pending'): Promise<SessionRecord[]> {
    return (await this.options.sessions.list({ userId, status }, MOST)).data
  }
}
