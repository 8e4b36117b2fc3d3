import { createOutgoing, type OutgoingAnswer } from '../../lib/outgoing/outgoing.js'
import { DeliveryError, type DeliveryFailure } from './message-transport.js'

/** Milliseconds until a silent gateway counts as down. */
const TIMEOUT = 30_000
/** Answers that are about the account or the gateway, not about the message. */
const UNAVAILABLE = new Set([401, 404, 408, 429])

interface SmsRequest {
  url: string
  headers: Record<string, string>
  body: string
  signal: AbortSignal
}

/** What an answer says, for people, and whether the number reaches nobody. */
interface Explanation {
  text: string
  isRecipientGone?: boolean
}

/** Posts a text message to a gateway; resolves once it has accepted it. @throws {DeliveryError} */
export function createSmsCall(
  fetch: typeof globalThis.fetch,
  explain: (answer: string) => Explanation = (text) => ({ text }),
): (request: SmsRequest) => Promise<void> {
  const outgoing = createOutgoing(fetch)
  return async ({ url, ...request }) => {
    let answer: OutgoingAnswer
    try {
      answer = await outgoing(url, { method: 'POST', ...request }, { timeout: TIMEOUT })
    } catch (error) {
      const reason = `The SMS gateway cannot be reached: ${reasonOf(error)}`
      throw new DeliveryError(reason, 'unavailable', { cause: error })
    }
    const { ok, status } = answer
    if (ok) return
    const { text, isRecipientGone = false } = explain(answer.text)
    throw new DeliveryError(`The SMS gateway refuses the message: ${status} ${text}`, failureOf(status), {
      isRecipientGone,
    })
  }
}

function failureOf(status: number): DeliveryFailure {
  return status >= 500 || UNAVAILABLE.has(status) ? 'unavailable' : 'refused'
}

/** Node's fetch says only that it failed; the reason is in the cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error
  return cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : message
}
