import { DeliverySettingError, type MessageTransport } from './message-transport.js'
import { parseServerUrl } from './parse-url.js'
import { createSmsCall } from './sms-call.js'

export interface TwilioOptions {
  /**
   * `https://<account SID>:<auth token>@api.twilio.com`, or another server with the same API. With an API key in place of
   * the account, the path names the account: `https://<key SID>:<secret>@api.twilio.com/2010-04-01/Accounts/<account SID>`.
   */
  url: string
  /** The number text messages come from, or the SID (`MG…`) of a messaging service. */
  from: string
}

const MESSAGING_SERVICE = /^MG[0-9a-f]{32}$/i
/** No such number, one that wants no messages, and one that cannot get any. */
const NO_SUCH_RECIPIENT = new Set([21211, 21610, 21614])

/**
 * @throws {DeliverySettingError}
 * @see https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
 */
export function createTwilioTransport(
  { url: value, from }: TwilioOptions,
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
  const call = createSmsCall(fetch, explain)
  return {
    channel: 'sms',
    secrets: [token, credentials],
    send: ({ toAddress, body, phoneChannel }, signal) => {
      const address = (number: string) => (phoneChannel ? `${phoneChannel}:${number}` : number)
      const sender: Record<string, string> = MESSAGING_SERVICE.test(from)
        ? { MessagingServiceSid: from }
        : { From: address(from) }
      return call({
        url: endpoint,
        headers: {
          authorization: `Basic ${credentials}`,
          'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
        },
        body: new URLSearchParams({ To: address(toAddress), ...sender, Body: body }).toString(),
        signal,
      })
    },
  }
}

/** Twilio's own error code and message, if the answer has them. */
function explain(answer: string) {
  try {
    const { code, message } = JSON.parse(answer) as { code?: number; message?: string }
    const text = [code, message].filter((part) => part !== undefined).join(' ')
    return { text, isRecipientGone: code !== undefined && NO_SUCH_RECIPIENT.has(code) }
  } catch {
    return { text: answer }
  }
}
