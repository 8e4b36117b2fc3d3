import type { ServerOptions } from '@latchkey/server'
import { CommandError } from './command-error.js'
import type { Environment } from './environment.js'
import { findSetting, type Flags, readTextFile, type Setting } from './settings.js'

/** The server's name of each setting, and the command line's. */
const NAMES = {
  'mail.smtpUrl': 'smtp-url',
  'mail.from': 'mail-from',
  'mail.bounces': 'mail-bounces',
  'mail.dkim.selector': 'dkim-selector',
  'mail.dkim.privateKey': 'dkim-key-file',
  'sms.url': 'sms-url',
  'sms.from': 'sms-from',
  'sms.gateway.url': 'sms-gateway-url',
  'sms.gateway.headers': 'sms-gateway-headers',
  'sms.gateway.body': 'sms-gateway-body',
} as const

/** Settings and those they are of no use without. */
const NEEDS: readonly [name: keyof typeof NAMES, needed: keyof typeof NAMES][] = [
  ['mail.smtpUrl', 'mail.from'],
  ['mail.from', 'mail.smtpUrl'],
  ['mail.bounces', 'mail.smtpUrl'],
  ['mail.dkim.selector', 'mail.dkim.privateKey'],
  ['mail.dkim.privateKey', 'mail.dkim.selector'],
  ['mail.dkim.selector', 'mail.smtpUrl'],
  ['sms.url', 'sms.from'],
  ['sms.gateway.url', 'sms.gateway.body'],
  ['sms.gateway.body', 'sms.gateway.url'],
  ['sms.gateway.headers', 'sms.gateway.url'],
]

/** Where mail and text messages are sent, by the server's names. The server checks the values. */
export type MessageSettings = Partial<Record<keyof typeof NAMES, Setting>>

/** @throws {CommandError} when a setting is given without the one it needs */
export function findMessageSettings(flags: Flags, environment: Environment): MessageSettings {
  const settings: MessageSettings = {}
  for (const [name, option] of Object.entries(NAMES)) {
    const setting = findSetting(option, flags, environment)
    if (setting) settings[name as keyof typeof NAMES] = setting
  }
  for (const [name, needed] of NEEDS) {
    const given = settings[name]
    if (!given || settings[needed]) continue
    throw new CommandError(`"${given.source}" needs "${sameKind(given.source, NAMES[needed])}" too`)
  }
  if (settings['sms.from'] && !settings['sms.url'] && !settings['sms.gateway.url']) {
    const { source } = settings['sms.from']
    throw new CommandError(`"${source}" needs "${sameKind(source, NAMES['sms.url'])}" too`)
  }
  if (settings['sms.url'] && settings['sms.gateway.url']) {
    const [first, second] = [settings['sms.url'].source, settings['sms.gateway.url'].source]
    throw new CommandError(`"${first}" and "${second}" exclude each other: text messages have one gateway`)
  }
  return settings
}

/** @throws {CommandError} for headers that are no JSON, and a key that cannot be read */
export function toDeliveryOptions(settings: MessageSettings): Pick<ServerOptions, 'mail' | 'sms'> {
  const mail = toMailOptions(settings)
  const sms = toSmsOptions(settings)
  return { ...(mail ? { mail } : {}), ...(sms ? { sms } : {}) }
}

function toMailOptions(settings: MessageSettings): ServerOptions['mail'] {
  const { 'mail.smtpUrl': smtpUrl, 'mail.from': from, 'mail.bounces': bounces } = settings
  const { 'mail.dkim.selector': selector, 'mail.dkim.privateKey': key } = settings
  if (!smtpUrl || !from) return undefined
  return {
    smtpUrl: smtpUrl.value,
    from: from.value,
    ...(bounces ? { bounces: bounces.value } : {}),
    ...(selector && key ? { dkim: { selector: selector.value, privateKey: readTextFile(key) } } : {}),
  }
}

function toSmsOptions(settings: MessageSettings): ServerOptions['sms'] {
  const { 'sms.url': url, 'sms.from': from, 'sms.gateway.url': gatewayUrl, 'sms.gateway.body': body } = settings
  if (url && from) return { url: url.value, from: from.value }
  if (!gatewayUrl || !body) return undefined
  const headers = settings['sms.gateway.headers']
  const gateway = { url: gatewayUrl.value, body: body.value, ...(headers ? { headers: readHeaders(headers) } : {}) }
  return { gateway, ...(from ? { from: from.value } : {}) }
}

function readHeaders({ source, value }: Setting): Record<string, string> {
  try {
    const headers: unknown = JSON.parse(value)
    if (typeof headers === 'object' && headers !== null && !Array.isArray(headers))
      return headers as Record<string, string>
  } catch {
    // Said below, without the value: it holds a key.
  }
  throw new CommandError(`"${source}" must be JSON such as {"authorization": "Bearer …"}`)
}

/** Names a refused setting as the operator wrote it. Omits the value, which may contain a password. */
export function nameSetting(error: unknown, settings: MessageSettings): unknown {
  const { name, setting, expectation } = error as { name?: unknown; setting?: keyof typeof NAMES; expectation?: string }
  if (name !== 'DeliverySettingError') return error
  return new CommandError(`"${settings[setting!]!.source}" must be ${expectation}`)
}

/** Names an option if `source` is an option, and a variable if it is a variable. */
function sameKind(source: string, option: string): string {
  return source.startsWith('--') ? `--${option}` : `LATCHKEY_${option.replaceAll('-', '_').toUpperCase()}`
}
