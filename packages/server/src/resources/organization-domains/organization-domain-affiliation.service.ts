import type { InstanceContext } from '../../instances/instance-context.js'
import type { CallerOf } from '../../kernel/caller.js'
import { splitAddress } from '../../lib/email-domains/index.js'
import { emailAddress as readEmailAddress, isTestEmailAddress, TEST_CODE } from '../../lib/identifiers/index.js'
import { CODE_LIFETIME } from '../../outbox/messages/code-lifetime.js'
import type { MessageOutbox } from '../../outbox/messages/message-outbox.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Tx } from '../../storage/tx.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import { generateCode } from '../verifications/verifications.rules.js'
import type { CodeTrial, VerificationService } from '../verifications/verifications.service.js'
import { organizationDomainErrors } from './organization-domains.errors.js'
import {
  affiliatedBy,
  parseDomain,
  parseMode,
  requireDomains,
  type OrganizationDomain,
} from './organization-domains.rules.js'
import type { AffiliationChanges, OrganizationDomainService } from './organization-domains.service.js'
import type { OrganizationDomainRecord } from './organization-domains.table.js'

interface AffiliationOptions {
  context: InstanceContext
  organizationDomains: OrganizationDomainService
  userRecords: UserRecords
  verifications: VerificationService
  messages: MessageOutbox
}

type Person = CallerOf<'session'>

const STRATEGY = 'affiliation_email_code'

/** Proof, by an address at a domain, that the people of an organization are at home there. */
export class OrganizationDomainAffiliationService {
  constructor(private readonly options: AffiliationOptions) {}

  /**
   * Adds a domain, which is verified at once if the person has verified an address at it.
   *
   * @throws {ApiError} 422 `organization_domain_enrollment_mode_invalid`, and as `OrganizationDomainService.create` does
   */
  async create(
    organizationId: string,
    { name, enrollmentMode }: { name: string; enrollmentMode?: string | null | undefined },
    caller: Person,
  ): Promise<OrganizationDomain> {
    const { context, organizationDomains } = this.options
    requireDomains(context)
    const input = { name: parseDomain(name), ...(enrollmentMode ? { enrollmentMode: parseMode(enrollmentMode) } : {}) }
    const domain = await context.transaction(caller, async (tx) => {
      const affiliationEmailAddress = await this.#verifiedAddress(
        caller.userId,
        ({ domain }) => domain === input.name,
        tx,
      )
      return organizationDomains.insert(organizationId, { ...input, verified: false, affiliationEmailAddress }, tx)
    })
    return organizationDomains.enrolled(domain, caller)
  }

  /** @throws {ApiError} 422 `organization_domain_enrollment_mode_invalid`, and as `OrganizationDomainService.update` does */
  changeMode(
    organizationId: string,
    id: string,
    { enrollmentMode, deletePending }: { enrollmentMode: string; deletePending?: boolean | null | undefined },
    caller: Person,
  ): Promise<OrganizationDomain> {
    requireDomains(this.options.context)
    const input = { enrollmentMode: parseMode(enrollmentMode), deletePending: deletePending ?? false }
    return this.options.organizationDomains.update(organizationId, id, input, caller)
  }

  /**
   * Sends a code to an address at the domain, at most one in half a minute whatever the address; the one before no longer
   * counts. An address that the person has verified needs no code.
   *
   * @throws {ApiError} 400 `verification_already_verified`, 404 `resource_not_found`, 422 `form_param_format_invalid`,
   *   `organization_domain_mismatch`, 429 `verification_code_too_many_requests`
   */
  async prepare(organizationId: string, id: string, text: string, caller: Person): Promise<OrganizationDomain> {
    const { context, organizationDomains } = this.options
    requireDomains(context)
    const parsed = readEmailAddress(text)
    if (!parsed.ok) {
      throw errors.paramFormatInvalid('affiliation_email_address', 'must be a valid email address')
    }
    const domain = await context.transaction(caller, (tx) =>
      organizationDomains.changeAffiliation(
        organizationId,
        id,
        async (found) => {
          requireUnverified(found)
          if (splitAddress(parsed.canonical)[1] !== found.name)
            throw organizationDomainErrors.addressElsewhere(found.name)
          const own = await this.#verifiedAddress(caller.userId, ({ canonical }) => canonical === parsed.canonical, tx)
          return own === undefined ? this.#sendCode(found, parsed, tx) : affiliatedBy(own)
        },
        tx,
      ),
    )
    return organizationDomains.enrolled(domain, caller)
  }

  /**
   * @throws {ApiError} 400 `verification_already_verified`, `verification_missing`, `verification_expired`,
   *   `verification_failed` after too many wrong codes, 404 `resource_not_found`, 422 `form_code_incorrect`,
   *   `organization_domain_already_exists` if another organization was faster
   */
  async attempt(organizationId: string, id: string, code: string, caller: Person): Promise<OrganizationDomain> {
    const { context, organizationDomains, verifications } = this.options
    requireDomains(context)
    let result: CodeTrial['result'] | undefined
    const domain = await context.transaction(caller, (tx) =>
      organizationDomains.changeAffiliation(
        organizationId,
        id,
        async (found) => {
          requireUnverified(found)
          const sent = found.affiliationEmailAddress && (await verifications.findNewest(id, STRATEGY, tx))
          if (!sent) throw organizationDomainErrors.notPrepared(found.name)
          const trial = await verifications.tryCode(sent, code, tx)
          result = trial.result
          const affiliationAttempts = trial.verification.attempts
          if (result === 'verified') return { ...affiliatedBy(found.affiliationEmailAddress!), affiliationAttempts }
          return result === 'wrong' ? { affiliationAttempts } : {}
        },
        tx,
      ),
    )
    // After the transaction, which counts the wrong code.
    if (result === 'wrong') throw organizationDomainErrors.codeIncorrect()
    if (result === 'failed') throw organizationDomainErrors.tooManyAttempts()
    if (result === 'expired') throw organizationDomainErrors.codeExpired()
    if (result === 'already_verified') throw organizationDomainErrors.notPrepared(domain.name)
    return organizationDomains.enrolled(domain, caller)
  }

  async #sendCode(
    { id }: OrganizationDomainRecord,
    { address, canonical }: { address: string; canonical: string },
    tx: Tx,
  ): Promise<AffiliationChanges> {
    const { context, verifications, messages } = this.options
    verifications.onItsWay(await verifications.findNewest(id, STRATEGY, tx))
    const isTest = context.instance.settings.testMode && isTestEmailAddress(canonical)
    const code = isTest ? TEST_CODE : generateCode(context.random)
    const sent = { code, verificationId: verifications.nextId() }
    if (!isTest) await messages.emailCode({ address, identificationId: null, userId: null }, sent, tx)
    const subject = { kind: 'organization_domain', id, userId: null, identificationId: canonical } as const
    await verifications.start(subject, STRATEGY, sent, tx)
    return {
      affiliationEmailAddress: address,
      affiliationStrategy: STRATEGY,
      affiliationAttempts: 0,
      affiliationExpireAt: context.clock.now() + CODE_LIFETIME,
    }
  }

  /** An address that the user has verified and that fits. */
  async #verifiedAddress(
    userId: string,
    fits: (address: { canonical: string; domain: string }) => boolean,
    tx: Tx,
  ): Promise<string | undefined> {
    const { emailAddresses } = await this.options.userRecords.get(userId, tx)
    return emailAddresses.find(
      ({ canonical, verificationStatus }) =>
        verificationStatus === 'verified' && fits({ canonical, domain: splitAddress(canonical)[1] }),
    )?.emailAddress
  }
}

function requireUnverified({ verified, name }: OrganizationDomainRecord): void {
  if (verified) throw organizationDomainErrors.affiliationVerified(name)
}
