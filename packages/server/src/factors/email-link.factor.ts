import type { InstanceContext } from '../instances/instance-context.js'
import type { InstanceSettings } from '../instances/settings/settings.js'
import { recipientOf } from '../resources/email-addresses/email-addresses.rules.js'
import type { EmailLinkService } from '../resources/email-links/email-links.service.js'
import type { User } from '../resources/user-records/user-records.rules.js'
import type { UserRecords } from '../resources/user-records/user-records.service.js'
import type { VerificationRecord } from '../resources/verifications/verifications.table.js'
import type { Tx } from '../storage/tx.js'
import type { AttemptService } from './attempts.service.js'
import type { FactorSubject, LinkFactor, Offer, PrepareParams, Settle } from './factor.js'
import { factorErrors } from './factors.errors.js'
import { choose, usableAddresses } from './factors.rules.js'
import { maskEmailAddress } from './masks.rules.js'
import { identificationOf } from './offers.rules.js'

interface EmailLinkOptions {
  context: InstanceContext
  userRecords: UserRecords
  emailLinks: EmailLinkService
  attempts: AttemptService
}

/** A link sent to one of the user's addresses, verified or reserved. */
export class EmailLinkFactor implements LinkFactor {
  readonly strategy = 'email_link'
  readonly stage = 'first'

  constructor(private readonly options: EmailLinkOptions) {}

  supported(user: User, settings: InstanceSettings, identifiedBy: string | null = null): Offer[] {
    return usableAddresses(user, settings).map(({ id, emailAddress }) => ({
      strategy: this.strategy,
      emailAddressId: id,
      safeIdentifier: id === identifiedBy ? emailAddress : maskEmailAddress(emailAddress),
      primary: id === user.primaryEmailAddressId,
    }))
  }

  async prepare(
    subject: FactorSubject,
    { id: userId }: User,
    { emailAddressId: id, link }: PrepareParams,
    tx: Tx,
  ): Promise<VerificationRecord> {
    const { context, userRecords, emailLinks } = this.options
    if (!link) throw factorErrors.linkTargetMissing()
    const addresses = usableAddresses(await userRecords.locked(userId, tx), context.instance.settings)
    const address = choose(addresses, { strategy: this.strategy, param: 'email_address_id', id })
    const to = { userId, identificationId: address.id }
    return emailLinks.send({ ...subject, ...to }, recipientOf(address), link, tx)
  }

  /** @throws {ApiError} 400 `verification_strategy_invalid`: a link is opened, nothing is typed */
  read(): never {
    throw factorErrors.linkOnly(this.strategy)
  }

  open(subject: FactorSubject, user: User, verification: VerificationRecord, openedBy: string): Settle {
    const { attempts, emailLinks } = this.options
    return (tx) =>
      attempts.settle({ factor: this, subject, user }, tx, async (_, offers) => {
        if (!offers.some((offer) => identificationOf(offer) === verification.identificationId)) {
          return { status: 'unsupported' }
        }
        const spent = await emailLinks.spend(verification, openedBy, tx)
        return spent ? { status: 'verified', verification: spent } : { status: 'already_verified', verification }
      })
  }
}
