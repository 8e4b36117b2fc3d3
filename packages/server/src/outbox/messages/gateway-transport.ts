import { escapeHtml, parseTemplate, renderTemplate } from '../../lib/templates/index.js'
import { DeliverySettingError, type MessageTransport } from './message-transport.js'
import { parseServerUrl } from './parse-url.js'
import { createSmsCall } from './sms-call.js'

/** A gateway for text messages that takes them by POST. */
export interface GatewayOptions {
  gateway: {
    url: string
    /** For example a key in `authorization`. Default of `content-type` is `application/json`. */
    headers?: Readonly<Record<string, string>>
    /**
     * What is posted, with `{{to}}`, `{{text}}`, `{{from}}` and `{{id}}`, which is the same each time a message is tried.
     * Values are escaped for the content type: JSON, a form or XML.
     */
    body: string
  }
  /** What `{{from}}` stands for. */
  from?: string
}

/** How a value is written into each type of content, so that a message cannot end it. */
const ESCAPES: readonly [type: RegExp, escape: (text: string) => string][] = [
  [/json/, (text) => JSON.stringify(text).slice(1, -1)],
  [/^application\/x-www-form-urlencoded/, encodeURIComponent],
  [/xml/, escapeHtml],
]
const NAME = /^[a-z0-9!#$%&'*+.^_`|~-]+$/
const VALUE = /^[\t\x20-\x7e]*$/
/** Shorter ones are words such as `application`. */
const SHORTEST_SECRET = 8

/** @throws {DeliverySettingError} */
export function createGatewayTransport(
  { gateway, from = '' }: GatewayOptions,
  fetch: typeof globalThis.fetch,
): MessageTransport {
  const parsed = parseServerUrl(gateway.url, ['http:', 'https:'], { allowQuery: true })
  if (!parsed || parsed.user || parsed.password)
    throw new DeliverySettingError('sms.gateway.url', 'an https URL without a user name: use a header for the key')
  const headers = toHeaders(gateway.headers ?? {})
  const template = parseTemplate(gateway.body)
  if (!template.ok || !/\{\{\s*to\s*\}\}/.test(gateway.body) || !/\{\{\s*text\s*\}\}/.test(gateway.body))
    throw new DeliverySettingError('sms.gateway.body', 'a text with {{to}} and {{text}}')
  const [, escape] = ESCAPES.find(([type]) => type.test(headers['content-type']!)) ?? [undefined, undefined]
  const call = createSmsCall(fetch)
  return {
    channel: 'sms',
    secrets: secretsOf(headers, parsed.url),
    async send({ id, toAddress, body }, signal) {
      const values = { id, from, to: toAddress, text: body }
      const posted = renderTemplate(template.template, values, escape ? { escape } : {})
      await call({ url: parsed.url.href, headers, body: posted ?? '', signal })
    },
  }
}

function toHeaders(given: Readonly<Record<string, string>>): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  for (const [name, value] of Object.entries(given)) {
    const lower = name.toLowerCase()
    if (!NAME.test(lower) || typeof value !== 'string' || !VALUE.test(value))
      throw new DeliverySettingError('sms.gateway.headers', 'names of headers with their values')
    headers[lower] = value
  }
  return headers
}

/** Keys, which some gateways want in the URL. */
function secretsOf(headers: Record<string, string>, { searchParams }: URL): string[] {
  const given = Object.entries(headers).filter(([name]) => name !== 'content-type')
  const words = given.flatMap(([, value]) => [value, ...value.split(' ')])
  return [...words, ...searchParams.values()].filter((word) => word.length >= SHORTEST_SECRET)
}
