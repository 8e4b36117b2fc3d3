import type { InstanceContext } from '../../instances/instance-context.js'
import { isDisposableDomain, splitAddress } from '../../lib/email-domains/index.js'
import { isTestPhoneNumber } from '../../lib/identifiers/index.js'
import type { Tx } from '../../storage/tx.js'
import type { AllowlistIdentifierService } from '../allowlist-identifiers/allowlist-identifiers.service.js'
import type { BlocklistIdentifierService } from '../blocklist-identifiers/blocklist-identifiers.service.js'
import type { EmailAddressService } from '../email-addresses/email-addresses.service.js'
import {
  blockingPatterns,
  comparesMailboxes,
  decideAccess,
  type AccessQuestion,
  type CheckedIdentifier,
} from './access.rules.js'
import { patternsFor } from './identifier-patterns.rules.js'
import { toApiError } from './refusals.rules.js'

/** An identifier that somebody comes with, after it was read. */
export interface AccessIdentifier {
  type: CheckedIdentifier['type']
  /** As it was written, for the error. */
  identifier: string
  /** What is compared. */
  canonical: string
}

interface AccessOptions {
  context: InstanceContext
  allowlistIdentifiers: AllowlistIdentifierService
  blocklistIdentifiers: BlocklistIdentifierService
  emailAddresses: EmailAddressService
}

/** Whether people may sign up, add identifiers and sign in: `decideAccess`, asked with the instance's lists and settings. */
export class AccessService {
  constructor(private readonly options: AccessOptions) {}

  /**
   * @param userId who adds an identifier or signs in; their own addresses do not stand in their way
   * @throws {ApiError} 403 `sign_up_mode_restricted`, `sign_up_restricted_waitlist`, `not_allowed_access`,
   *   `form_email_address_blocked`
   */
  async check(
    question: AccessQuestion,
    identifiers: readonly AccessIdentifier[],
    { userId, tx }: { userId?: string | undefined; tx?: Tx | undefined } = {},
  ): Promise<void> {
    const { settings } = this.options.context.instance
    const checked = await this.#known(question, identifiers, userId, tx)
    const refusal = decideAccess(question, checked, settings)
    if (refusal) throw toApiError(refusal)
  }

  /** Only what the settings ask about is looked up. */
  async #known(
    question: AccessQuestion,
    identifiers: readonly AccessIdentifier[],
    userId: string | undefined,
    tx: Tx | undefined,
  ): Promise<CheckedIdentifier[]> {
    const { context, allowlistIdentifiers, blocklistIdentifiers, emailAddresses } = this.options
    const { restrictions, testMode } = context.instance.settings
    const allowed = restrictions.allowlist ? await listed(allowlistIdentifiers, identifiers, patternsFor, tx) : NOBODY
    const blocked = restrictions.blocklist
      ? await listed(blocklistIdentifiers, identifiers, blockingPatterns, tx)
      : NOBODY
    const checked: CheckedIdentifier[] = []
    for (const { type, identifier, canonical } of identifiers) {
      const email = type === 'email_address' && question.act !== 'sign_in'
      checked.push({
        type,
        identifier,
        onAllowlist: allowed.has(canonical),
        onBlocklist: blocked.has(canonical),
        disposable: email && restrictions.blockDisposableEmailDomains && isDisposableDomain(splitAddress(canonical)[1]),
        mailboxTaken:
          email && comparesMailboxes(restrictions) && (await emailAddresses.isMailboxTaken(canonical, userId, tx)),
        test: type === 'phone_number' ? testMode && isTestPhoneNumber(canonical) : emailAddresses.isTest(canonical),
      })
    }
    return checked
  }
}

const NOBODY: ReadonlySet<string> = new Set()

/** The canonical forms of those identifiers that the list has, in one query. */
async function listed(
  list: Pick<AllowlistIdentifierService, 'matching'>,
  identifiers: readonly AccessIdentifier[],
  patternsOf: typeof patternsFor,
  tx: Tx | undefined,
): Promise<ReadonlySet<string>> {
  const wanted = identifiers.flatMap(({ type, canonical }) =>
    type === 'username' ? [] : [{ canonical, patterns: patternsOf(type, canonical) }],
  )
  if (wanted.length === 0) return NOBODY
  const found = await list.matching(
    wanted.flatMap(({ patterns }) => patterns),
    tx,
  )
  return new Set(
    wanted.filter(({ patterns }) => patterns.some((pattern) => found.has(pattern))).map(({ canonical }) => canonical),
  )
}
