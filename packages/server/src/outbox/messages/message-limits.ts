import { areLimited, type RateLimitSettings } from '../../instances/settings/rate-limits.js'
import { addressKey } from '../../http/client-address.js'
import { inBrowser, type Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Consume, Counted, Rule } from '../../kernel/limits.js'
import type { Logger } from '../../kernel/runtime.js'
import type { MessageRecord } from './messages.table.js'
import { recipientKey } from './suppressed-recipients.js'

/** Codes and links to one recipient. */
const PER_RECIPIENT: readonly Rule[] = [
  { max: 3, windowSeconds: 30 },
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
 * How many codes and links are sent, where limits hold for who asks. Notices are not counted: nobody may keep one from
 * being sent. Counted also where the change that sends fails.
 */
export class MessageLimits {
  constructor(private readonly options: MessageLimitsOptions) {}

  /**
   * Counts a code or a link to a recipient, also to one that gets nothing: the answer is the same.
   *
   * @throws {ApiError} 429 `too_many_requests` with `Retry-After`
   */
  async spend(channel: MessageRecord['channel'], address: string, caller: Caller): Promise<void> {
    const { settings, consume, logger, instanceId } = this.options
    if (!areLimited(settings(), caller)) return
    const counted: Counted[] = PER_RECIPIENT.map((rule) => ({
      ...rule,
      key: this.#key(`messages ${channel} ${rule.windowSeconds} ${recipientKey(address)}`),
    }))
    if (inBrowser(caller)) {
      counted.push({ ...PER_ADDRESS, key: this.#key(`messages from ${addressKey(caller.ipAddress)}`) })
    }
    const textMessages = this.#key('text messages')
    if (channel === 'sms') counted.push({ ...TEXT_MESSAGES, key: textMessages })
    const refused = await consume(...counted)
    if (!refused) return
    if (refused.reached.includes(textMessages)) {
      const { max } = TEXT_MESSAGES
      logger.error(
        { instanceId, max },
        'An instance sends no more text messages within this hour: it reached its limit',
      )
    }
    throw errors.tooManyRequests(refused.retryAfterSeconds)
  }

  #key(counted: string): string {
    return `${this.options.instanceId} ${counted}`
  }
}
