import type { RateLimitSettings } from '../../instances/settings/rate-limits.js'
import { addressKey } from '../../http/client-address.js'
import type { Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Consume, Rule } from '../../kernel/limits.js'
import type { Logger } from '../../kernel/runtime.js'
import type { MessageRecord } from './messages.table.js'
import { recipientKey } from './suppressed-recipients.js'
import { inBrowser } from './values.js'

/** Codes and links to one recipient. */
const PER_RECIPIENT: readonly Rule[] = [
  { max: 5, windowSeconds: 10 * 60 },
  { max: 20, windowSeconds: 24 * 60 * 60 },
]
/** Codes and links that one address of the network asks for. */
const PER_ADDRESS: Rule = { max: 30, windowSeconds: 60 * 60 }
/** Text messages of an instance, which cost: more of them are somebody else's traffic. */
const TEXT_MESSAGES: Rule = { max: 300, windowSeconds: 60 * 60 }

interface MessageLimitsOptions {
  instanceId: string
  consume: Consume
  logger: Logger
  settings(): RateLimitSettings
}

/**
 * How many codes and links are sent, where the instance limits what people call. Notices are not counted: nobody may keep
 * one from being sent.
 *
 * Counted also where the change that sends fails. What `VerificationService.refuseTooMany` counts is another thing: codes
 * that count for one user, in the transaction that makes them, in every instance.
 */
export class MessageLimits {
  constructor(private readonly options: MessageLimitsOptions) {}

  /**
   * Counts a code or a link to a recipient, also to one that gets nothing: the answer is the same.
   *
   * @throws {ApiError} 429 `too_many_requests` with `Retry-After`
   */
  async spend(channel: MessageRecord['channel'], address: string, caller: Caller): Promise<void> {
    const { settings, logger, instanceId } = this.options
    const { enabled, people } = settings()
    const isOn = enabled || (people && inBrowser(caller))
    if (!isOn || caller.isUnlimited) return
    if (inBrowser(caller)) await this.#spend(`messages from ${addressKey(caller.ipAddress)}`, PER_ADDRESS)
    for (const rule of PER_RECIPIENT) {
      await this.#spend(`messages ${channel} ${rule.windowSeconds} ${recipientKey(address)}`, rule)
    }
    if (channel === 'email') return
    try {
      await this.#spend('text messages', TEXT_MESSAGES)
    } catch (error) {
      const { max } = TEXT_MESSAGES
      logger.error(
        { instanceId, max },
        'An instance sends no more text messages within this hour: it reached its limit',
      )
      throw error
    }
  }

  async #spend(key: string, rule: Rule): Promise<void> {
    const refused = await this.options.consume(`${this.options.instanceId} ${key}`, rule)
    if (refused) throw errors.tooManyRequests(refused.retryAfterSeconds)
  }
}
