import { offersOf, type Factor, type FactorSets, type Offer } from '../../factors/factor.js'
import { identificationOf } from '../../factors/offers.rules.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import type { User } from '../../resources/user-records/user-records.rules.js'
import type { UserRecords } from '../../resources/user-records/user-records.service.js'
import type { VerificationService } from '../../resources/verifications/verifications.service.js'
import { decoyOffers } from './decoys.rules.js'
import { signInErrors } from './sign-in.errors.js'
import { clientTrustStrategies, firstStrategies, isOpen, readIdentifier, secondStrategies } from './sign-ins.rules.js'
import type { SignInRecord } from './sign-ins.table.js'
import type { SignInView } from './sign-ins.wire.js'

/** What decides how much of a sign-in is shown. */
type Shown = Pick<SignInRecord, 'identifier' | 'firstFactor' | 'isDecoy'>

/** The steps of a sign-in that prove something. */
export type Stage = keyof FactorSets

const STRATEGIES = { first: firstStrategies, second: secondStrategies, clientTrust: clientTrustStrategies }

interface SignInOffersOptions {
  context: InstanceContext
  factors: FactorSets
  userRecords: UserRecords
  verifications: VerificationService
}

/** What a person can prove in a sign-in: what the user has and the settings allow. */
export class SignInOffers {
  constructor(private readonly options: SignInOffersOptions) {}

  /** @throws {ApiError} 422 `form_param_value_invalid` for a strategy that the instance does not have */
  factor(stage: Stage, strategy: string): Factor {
    const factor = this.#allowed(stage).get(strategy)
    if (!factor) throw signInErrors.strategyUnavailable(strategy)
    return factor
  }

  isAvailable(stage: Stage, strategy: string): boolean {
    return this.#allowed(stage).has(strategy)
  }

  /** @param signIn whose identifier is shown as it was typed; others are masked */
  of(stage: Stage, user: User, signIn?: Pick<SignInRecord, 'identifier' | 'identificationId'>): Offer[] {
    const { settings } = this.options.context.instance
    const { identifier = null, identificationId = null } = signIn ?? {}
    return offersOf([...this.#allowed(stage).values()], user, settings, identificationId).map((offer) =>
      identifier !== null && identificationId !== null && identificationOf(offer) === identificationId
        ? { ...offer, safeIdentifier: identifier }
        : offer,
    )
  }

  /** Backup codes do not count: they only replace another second factor. */
  needsSecondFactor(user: User): boolean {
    return this.of('second', user).some(({ strategy }) => strategy !== 'backup_code')
  }

  /**
   * Whether whoever signs in must not learn yet if there is such a user: everybody is offered what a decoy is. Not after a
   * passkey or a ticket, which say it.
   */
  hides({ identifier, firstFactor, isDecoy }: Shown): boolean {
    const { enumerationProtection } = this.options.context.instance.settings.attackProtection
    return isDecoy || (enumerationProtection && identifier !== null && firstFactor === null)
  }

  /**
   * Whose proof of the first factor is tried.
   *
   * @param user undefined for a decoy
   * @returns undefined for a decoy and, while it is hidden who has what, for a user without what everybody is offered
   */
  prover(user: User | undefined, strategy: string, signIn: Shown): User | undefined {
    if (!user || !this.hides(signIn)) return user
    const offered = [this.of('first', user), this.ofDecoy(signIn)]
    return offered.every((offers) => offers.some((offer) => offer.strategy === strategy)) ? user : undefined
  }

  /** The factors that a decoy shows; always the same for one identifier. */
  ofDecoy({ identifier }: Pick<SignInRecord, 'identifier'>): Offer[] {
    const { instance, instanceId, vault } = this.options.context
    const read = identifier === null ? undefined : readIdentifier(identifier, instance.settings)
    if (!read) return []
    const digest = vault.digest('sign-in decoy', `${instanceId} ${read.type} ${read.canonical}`)
    return decoyOffers(read, { digest, instanceCreatedAt: instance.createdAt }, instance.settings)
  }

  async view(signIn: SignInRecord): Promise<SignInView> {
    const { context, userRecords } = this.options
    const isStrict = context.instance.settings.attackProtection.enumerationProtection
    const user = signIn.userId === null ? undefined : await userRecords.find(signIn.userId)
    return {
      signIn: { ...signIn, clientTrustState: this.#trustShown(signIn) },
      user: isStrict ? null : (user ?? null),
      firstFactors: this.#firstOf(signIn, user),
      secondFactors: user ? this.#secondOf(signIn, user) : null,
      firstVerification: await this.#verification(signIn.firstFactorVerificationId),
      secondVerification: await this.#verification(signIn.secondFactorVerificationId),
    }
  }

  /** Every browser is new to nobody. */
  #trustShown(signIn: SignInRecord): SignInRecord['clientTrustState'] {
    return signIn.clientTrustState !== null && this.hides(signIn) ? 'new' : signIn.clientTrustState
  }

  #firstOf(signIn: SignInRecord, user: User | undefined): Offer[] | null {
    if (user && !this.hides(signIn)) return this.of('first', user, signIn)
    if (isOpen(signIn)) return [{ strategy: 'passkey' }]
    return user || signIn.isDecoy ? this.ofDecoy(signIn) : null
  }

  #secondOf(signIn: SignInRecord, user: User): Offer[] | null {
    const { status, secondFactor, secondFactorVerificationId } = signIn
    if (status === 'needs_second_factor') return this.of('second', user)
    if (status === 'needs_client_trust') return this.of('clientTrust', user, signIn)
    if (secondFactor === 'ticket' || secondFactorVerificationId === null) return null
    return secondFactor === null ? this.of('clientTrust', user, signIn) : this.of('second', user)
  }

  async #verification(id: string | null) {
    return id === null ? null : ((await this.options.verifications.find(id)) ?? null)
  }

  /** By the strategy. A map: the name comes from a request. */
  #allowed(stage: Stage): ReadonlyMap<string, Factor> {
    const strategies = STRATEGIES[stage](this.options.context.instance.settings)
    return new Map(Object.entries(this.options.factors[stage]).filter(([strategy]) => strategies.has(strategy)))
  }
}
