import type { InstanceContext } from '../../instances/instance-context.js'
import type { CallerOf } from '../../kernel/caller.js'
import type { SessionService } from '../sessions/sessions.service.js'
import type { User } from '../user-records/user-records.rules.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import type { SessionReverificationRecords } from './session-reverifications.service.js'
import { stepUpErrors } from './step-up.errors.js'
import { isFresh } from './step-up.rules.js'

interface StepUpOptions {
  context: InstanceContext
  sessions: SessionService
  userRecords: UserRecords
  reverifications: SessionReverificationRecords
  /** Whether the user can prove a second factor in the instance. */
  hasSecondFactor: (user: User) => boolean
}

/** The gate before what is sensitive in a user's own profile. */
export class StepUp {
  constructor(private readonly options: StepUpOptions) {}

  /**
   * Call it before anything else of a sensitive operation.
   *
   * @throws {ApiError} 403 `resource_forbidden` for somebody who acts for the user, 403 `session_reverification_required`
   *   if the instance asks for a fresh factor and there is none
   */
  async require({ sessionId, userId, actorId }: CallerOf<'session'>): Promise<void> {
    const { context, sessions, userRecords, reverifications, hasSecondFactor } = this.options
    if (actorId !== null) throw stepUpErrors.impersonated()
    if (!context.instance.settings.auth.reverification) return
    const [session, user, reverification] = await Promise.all([
      sessions.get(sessionId),
      userRecords.get(userId),
      reverifications.find(sessionId),
    ])
    const proofs = { session, hasSecondFactor: hasSecondFactor(user), reverification }
    if (!isFresh(proofs, context.clock.now())) throw stepUpErrors.reverificationRequired()
  }
}
