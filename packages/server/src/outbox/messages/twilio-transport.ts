import { createOutgoing, type OutgoingAnswer } from '../../lib/outgoing/outgoing.js'
import {
  DeliveryError,
  DeliverySettingError,
  type DeliveryFailure,
  type MessageTransport,
} from './message-transport.js'
import { parseServerUrl } from './parse-url.js'

export interface SmsOptions {
  /**
   * `https://<account SID>:<auth token>@api.twilio.com`, or another server with the same API. With an API key in place of
   * the account, the path names the account: `https://<key SID>:<secret>@api.twilio.com/2010-04-01/Accounts/<account SID>`.
   */
  url: string
  /** The number text messages come from, or the SID (`MG…`) of a messaging service. */
  from: string
}

const MESSAGING_SERVICE = /^MG[0-9a-f]{32}$/i
/** Milliseconds until a silent gateway counts as down. */
const TIMEOUT = 30_000
/** Answers that are about the account or the gateway, not about the message. */
const UNAVAILABLE = new Set([401, 404, 408, 429])

/**
 * @throws {DeliverySettingError}
 * @see https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
 */
export function createTwilioTransport(
  { url: value, from }: SmsOptions,
  fetch: typeof globalThis.fetch,
): MessageTransport {
  const parsed = parseServerUrl(value, ['http:', 'https:'])
  if (!parsed?.user || !parsed.password)
    throw new DeliverySettingError('sms.url', 'https://<account SID>:<auth token>@api.twilio.com')
  if (!/^[\x21-\x7e]+$/.test(from))
    throw new DeliverySettingError('sms.from', 'a number such as +15550100 or the SID of a messaging service')
  const { url, user: account, password: token } = parsed
  const credentials = Buffer.from(`${account}:${token}`).toString('base64')
  const path =
    url.pathname === '/' ? `/2010-04-01/Accounts/${encodeURIComponent(account)}` : url.pathname.replace(/\/+$/, '')
  const endpoint = `${url.protocol}//${url.host}${path}/Messages.json`
  const sender: Record<string, string> = MESSAGING_SERVICE.test(from) ? { MessagingServiceSid: from } : { From: from }
  const outgoing = createOutgoing(fetch)
  return {
    channel: 'sms',
    secrets: [token, credentials],
    async send({ toAddress, body }, signal) {
      let answer: OutgoingAnswer
      try {
        answer = await outgoing(
          endpoint,
          {
            method: 'POST',
            headers: { authorization: `Basic ${credentials}` },
            body: new URLSearchParams({ To: toAddress, ...sender, Body: body }),
            signal,
          },
          { timeout: TIMEOUT },
        )
      } catch (error) {
        const reason = `The SMS gateway cannot be reached: ${reasonOf(error)}`
        throw new DeliveryError(reason, 'unavailable', { cause: error })
      }
      const { ok, status, text } = answer
      if (ok) return
      throw new DeliveryError(`The SMS gateway refuses the message: ${status} ${explain(text)}`, failureOf(status))
    },
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

/** Twilio's own error code and message, if the answer has them. */
function explain(answer: string): string {
  try {
    const { code, message } = JSON.parse(answer) as { code?: number; message?: string }
    return [code, message].filter((part) => part !== undefined).join(' ')
  } catch {
    return answer
  }
}
