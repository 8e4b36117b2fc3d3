import type { ServerOptions } from '@latchkey/server'
import { CommandError } from './command-error.js'
import type { Environment } from './environment.js'
import { findSetting, type Flags, type Setting } from './settings.js'

/** The server's name of each setting, and the command line's. */
const NAMES = {
  'mail.smtpUrl': 'smtp-url',
  'mail.from': 'mail-from',
  'sms.url': 'sms-url',
  'sms.from': 'sms-from',
} as const
const PAIRS = [
  ['mail.smtpUrl', 'mail.from'],
  ['sms.url', 'sms.from'],
] as const

/** Where mail and text messages are sent, by the server's names. The server checks the values. */
export type MessageSettings = Partial<Record<keyof typeof NAMES, Setting>>

/** @throws {CommandError} when a setting is given without the one it needs */
export function findMessageSettings(flags: Flags, environment: Environment): MessageSettings {
  const settings: MessageSettings = {}
  for (const [name, option] of Object.entries(NAMES)) {
    const setting = findSetting(option, flags, environment)
    if (setting) settings[name as keyof typeof NAMES] = setting
  }
  for (const pair of PAIRS) {
    const given = pair.find((name) => settings[name])
    const missing = pair.find((name) => !settings[name])
    if (given && missing)
      throw new CommandError(
        `"${settings[given]!.source}" needs "${sameKind(settings[given]!.source, NAMES[missing])}" too`,
      )
  }
  return settings
}

export function toDeliveryOptions(settings: MessageSettings): Pick<ServerOptions, 'mail' | 'sms'> {
  const { 'mail.smtpUrl': smtpUrl, 'mail.from': mailFrom, 'sms.url': smsUrl, 'sms.from': smsFrom } = settings
  return {
    ...(smtpUrl && mailFrom ? { mail: { smtpUrl: smtpUrl.value, from: mailFrom.value } } : {}),
    ...(smsUrl && smsFrom ? { sms: { url: smsUrl.value, from: smsFrom.value } } : {}),
  }
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
