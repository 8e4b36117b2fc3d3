import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { organizationDomainErrors } from './organization-domains.errors.js'
import { challengeName, requireDomains, type OrganizationDomain } from './organization-domains.rules.js'
import type { OrganizationDomainService } from './organization-domains.service.js'
import type { OrganizationDomainRecord } from './organization-domains.table.js'

/** A TXT record that proves who owns a domain. */
export interface OwnershipChallenge {
  /** Of the record. */
  name: string
  value: string
}

/** How long a challenge can be met, in milliseconds: name servers may take days to have a new record. */
const LIFETIME = 7 * 24 * 60 * 60 * 1000

interface OwnershipOptions {
  context: InstanceContext
  organizationDomains: OrganizationDomainService
}

/** Proof, by a record that only its owner can add to DNS, that an organization owns a domain. */
export class OrganizationDomainOwnershipService {
  constructor(private readonly options: OwnershipOptions) {}

  /**
   * Sets a new challenge, which replaces the one before.
   *
   * @throws {ApiError} 400 `verification_already_verified`, 404 `resource_not_found`
   */
  async prepare(organizationId: string, id: string, caller: Caller): Promise<OrganizationDomain> {
    const { context, organizationDomains } = this.options
    requireDomains(context)
    const value = `latchkey-verification=${Buffer.from(context.random.bytes(24)).toString('base64url')}`
    return context.transaction(caller, (tx) =>
      organizationDomains.changeOwnership(
        organizationId,
        id,
        (domain) => {
          if (domain.ownershipVerifiedAt !== null) throw organizationDomainErrors.alreadyOwned(domain.name)
          return {
            ownershipStrategy: 'txt',
            ownershipAttempts: 0,
            ownershipExpireAt: context.clock.now() + LIFETIME,
            ownershipChallenge: context.vault.seal(value),
          }
        },
        tx,
      ),
    )
  }

  /** The record to add, as long as the challenge can be met. For people who may manage the organization's domains. */
  challengeOf(domain: OrganizationDomainRecord): OwnershipChallenge | undefined {
    const { clock, vault } = this.options.context
    const { ownershipChallenge, ownershipExpireAt } = domain
    if (ownershipChallenge === null || ownershipExpireAt === null || ownershipExpireAt <= clock.now()) return undefined
    return { name: challengeName(domain.name), value: vault.open(ownershipChallenge) }
  }

  /**
   * Looks for the record. A domain that has it is owned; one that has not stays as it is, with an attempt more.
   *
   * @throws {ApiError} 400 `verification_missing` without a challenge, `verification_expired`, `verification_failed` if
   *   DNS does not answer, 404 `resource_not_found`
   */
  async attempt(organizationId: string, id: string, caller: Caller): Promise<OrganizationDomain> {
    const { context, organizationDomains } = this.options
    requireDomains(context)
    const domain = await organizationDomains.get(organizationId, id)
    if (domain.ownershipVerifiedAt !== null) return domain
    if (domain.ownershipChallenge === null) throw organizationDomainErrors.noChallenge(domain.name)
    const challenge = this.challengeOf(domain)
    if (!challenge) throw organizationDomainErrors.challengeExpired(domain.name)
    const values = await context.txtRecords(challenge.name).catch((error: unknown) => {
      context.logger.warn({ err: error, name: challenge.name }, 'DNS did not answer a question for TXT records')
      throw organizationDomainErrors.noAnswer(challenge.name)
    })
    const found = values.includes(challenge.value)
    return context.transaction(caller, (tx) =>
      organizationDomains.changeOwnership(
        organizationId,
        id,
        (now) => {
          // Another challenge may have replaced it meanwhile, or somebody may have vouched for the domain.
          if (now.ownershipVerifiedAt !== null || now.ownershipChallenge !== domain.ownershipChallenge) return {}
          if (!found) return { ownershipAttempts: (now.ownershipAttempts ?? 0) + 1 }
          return {
            ownershipAttempts: (now.ownershipAttempts ?? 0) + 1,
            ownershipExpireAt: null,
            ownershipVerifiedAt: context.clock.now(),
            ownershipChallenge: null,
          }
        },
        tx,
      ),
    )
  }
}
