import type { LinkFactor } from '../../factors/factor.js'
import type { CallerOf } from '../../kernel/caller.js'
import type { UserRecords } from '../../resources/user-records/user-records.service.js'
import type { VerificationRecord } from '../../resources/verifications/verifications.table.js'
import type { Tx } from '../../storage/tx.js'
import type { SignInProgress } from './sign-in-progress.service.js'
import type { SignInSteps } from './sign-in-steps.service.js'
import type { SignInRecord } from './sign-ins.table.js'

interface SignInLinkOptions {
  progress: SignInProgress
  steps: SignInSteps
  userRecords: UserRecords
  factor: LinkFactor
}

/** Sign-ins that go on when a link is opened, in whichever browser that is. */
export class SignInLinks {
  constructor(private readonly options: SignInLinkOptions) {}

  /**
   * The session belongs to the browser that began the sign-in, not to the one that opens the link.
   *
   * @returns undefined if the link no longer counts
   * @throws {ApiError} what `SignInProgress.current` and `SignInProgress.take` throw
   */
  async open(verification: VerificationRecord, caller: CallerOf<'client'>, tx: Tx): Promise<SignInRecord | undefined> {
    const { progress, steps, userRecords, factor } = this.options
    const { subjectId: id, startedAtClient, userId } = verification
    const began = { ...caller, clientId: startedAtClient! }
    const signIn = await progress.current(id, began, tx)
    const stage = stageOf(signIn, verification)
    if (!stage || userId === null || signIn.userId !== userId) return undefined
    progress.requireMove(signIn, stage === 'first' ? 'attempt_first_factor' : 'attempt_second_factor')
    const user = await userRecords.get(userId, tx)
    const attempt = await factor.open({ kind: 'sign_in', id }, user, verification, caller.clientId)(tx)
    if (attempt.status !== 'verified') return undefined
    return steps.proved(signIn, stage, factor.strategy, verification.id, tx)
  }
}

/** @returns undefined for a link that another one has replaced */
function stageOf(
  { status, firstFactorVerificationId, secondFactorVerificationId }: SignInRecord,
  { id }: VerificationRecord,
): 'first' | 'clientTrust' | undefined {
  if (status === 'needs_first_factor') return firstFactorVerificationId === id ? 'first' : undefined
  return status === 'needs_client_trust' && secondFactorVerificationId === id ? 'clientTrust' : undefined
}
