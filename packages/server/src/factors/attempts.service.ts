import type { InstanceContext } from '../instances/instance-context.js'
import type { LockoutService } from '../resources/lockout/lockout.service.js'
import { isLocked, type User } from '../resources/user-records/user-records.rules.js'
import type { UserRecords } from '../resources/user-records/user-records.service.js'
import type { CodeTrial, VerificationService } from '../resources/verifications/verifications.service.js'
import type { VerificationRecord } from '../resources/verifications/verifications.table.js'
import type { Tx } from '../storage/tx.js'
import type { Attempt, Factor, FactorSubject, Offer } from './factor.js'
import { needsSecondFactor } from './factors.rules.js'
import { identificationOf } from './offers.rules.js'

interface AttemptOptions {
  context: InstanceContext
  userRecords: UserRecords
  lockout: LockoutService
  verifications: VerificationService
}

/** Who attempts which factor, and what for. */
interface Trial {
  factor: Factor
  subject: FactorSubject
  /** Undefined if nobody has the factor. See `Proof`. */
  user: User | undefined
}

/** What to do where there is nothing to prove. */
interface Instead {
  nobody?: () => Promise<Attempt>
  whileLocked?: () => Promise<Attempt>
}

/** The steps that attempts at all factors share. */
export class AttemptService {
  constructor(private readonly options: AttemptOptions) {}

  /**
   * Locks the user's row, so that simultaneous attempts are decided one after the other: guessing in parallel gains no
   * extra tries. A correct proof that comes after the lockout is not accepted.
   *
   * @param prove receives the current state of the user, and the factor's offers to that user
   */
  async settle(
    { factor, subject, user }: Trial,
    tx: Tx,
    prove: (current: User, offers: readonly Offer[]) => Promise<Attempt>,
    {
      nobody = async () => ({ status: 'wrong', verification: null }),
      whileLocked = async () => ({ status: 'locked' }),
    }: Instead = {},
  ): Promise<Attempt> {
    if (!user) return nobody()
    const { context, userRecords, lockout } = this.options
    const { settings } = context.instance
    const current = await userRecords.locked(user.id, tx)
    if (isLocked(current, context.clock.now())) return whileLocked()
    const offers = factor.supported(current, settings)
    if (offers.length === 0) return { status: 'unsupported' }
    const attempt = await prove(current, offers)
    if (attempt.status === 'wrong') await lockout.recordFailure(current.id, tx)
    // If a first factor reset the count before a second one, or a password before the code for a new browser, anybody who
    // knows the password could guess codes without limit.
    const codeFollows = subject.kind === 'sign_in' && factor.strategy === 'password' && settings.auth.clientTrust
    const sufficient = factor.stage === 'second' || !(codeFollows || needsSecondFactor(current, settings))
    if (attempt.status === 'verified' && sufficient) await lockout.reset(current, tx)
    return attempt
  }

  /**
   * Settles a code that was sent. Only the newest code of the subject counts, and only if it went to an address or
   * number that the factor still offers: the code of a first factor cannot serve as the second one.
   */
  settleCode(trial: Trial, code: string, tx: Tx): Promise<Attempt> {
    const { verifications, context } = this.options
    const { subject, factor } = trial
    const prove = async (
      test: (sent: VerificationRecord) => Promise<CodeTrial>,
      counts: (sent: VerificationRecord) => boolean = () => true,
    ): Promise<Attempt> => {
      const newest = await verifications.findNewest(subject.id, factor.strategy, tx)
      if (!newest || !counts(newest)) return { status: 'missing' }
      const { result, verification } = await test(newest)
      return { status: result, verification }
    }
    const tryCode = (sent: VerificationRecord) => verifications.tryCode(sent, code, tx)
    const refuse = ({ id }: VerificationRecord) => verifications.settle(id, false, tx)
    const isTo = (offers: readonly Offer[]) => (sent: VerificationRecord) =>
      offers.some((offer) => identificationOf(offer) === sent.identificationId)
    const { enumerationProtection } = context.instance.settings.attackProtection
    return this.settle(trial, tx, (_, offers) => prove(tryCode, isTo(offers)), {
      // A code can be right for nobody if it was sent to somebody without an account.
      nobody: () => prove((sent) => (sent.userId === null ? tryCode(sent) : refuse(sent))),
      // Where nobody may learn of a lock, the tries of a code come to their end all the same.
      ...(enumerationProtection && {
        whileLocked: async () => {
          const attempt = await prove(refuse)
          return attempt.status === 'wrong' ? { status: 'locked' } : attempt
        },
      }),
    })
  }

  /** The outcome for a factor that sends nothing. A correct proof writes a verification, as a correct code does. */
  async outcome(
    { factor, subject }: Trial,
    { right, userId }: { right: boolean; userId: string },
    tx: Tx,
  ): Promise<Attempt> {
    if (!right) return { status: 'wrong', verification: null }
    const proved = { ...subject, userId, identificationId: null }
    return { status: 'verified', verification: await this.options.verifications.record(proved, factor.strategy, tx) }
  }
}
