import { readFileSync } from 'node:fs'
import { CommandError } from './command-error.js'
import type { Environment } from './environment.js'

/** Options as given on the command line, under the names that commander gives them. */
export type Flags = Readonly<Record<string, string | boolean | undefined>>

export interface Setting {
  value: string
  /** Where it was given, for messages: `--port` or `LATCHKEY_PORT`. */
  source: string
}

/** Settings that can hold a secret: each can also be read from the file that `LATCHKEY_<OPTION>_FILE` names. */
export const FROM_FILES: readonly string[] = [
  'database',
  'encryption-key',
  'other-encryption-keys',
  'smtp-url',
  'sms-url',
  'sms-gateway-headers',
]

/**
 * An option beats `LATCHKEY_<OPTION>`, and for a secret the file that `LATCHKEY_<OPTION>_FILE` names. An empty variable
 * counts as absent; white space around a value is dropped.
 */
export function findSetting(name: string, flags: Flags, environment: Environment): Setting | undefined {
  const flag = flags[toCamelCase(name)]
  if (flag !== undefined) return { value: String(flag), source: `--${name}` }
  const variable = variableOf(name)
  const value = environment[variable]?.trim()
  const file = FROM_FILES.includes(name) ? environment[`${variable}_FILE`]?.trim() : undefined
  if (file) return fromFile({ value: file, source: `${variable}_FILE` }, value ? variable : undefined)
  return value ? { value, source: variable } : undefined
}

export function variableOf(name: string): string {
  return `LATCHKEY_${name.replaceAll('-', '_').toUpperCase()}`
}

function fromFile(file: Setting, given: string | undefined): Setting {
  if (given !== undefined) throw new CommandError(`Give either "${given}" or "${file.source}", not both`)
  const value = readTextFile(file).trim()
  if (value) return { value, source: file.source }
  throw new CommandError(`"${file.source}" names a file that is empty: ${file.value}`)
}

export function invalid({ source }: Setting, expectation: string, got: string): CommandError {
  return new CommandError(`"${source}" must be ${expectation}, got ${got === '' ? '""' : got}`)
}

export function parseInteger(setting: Setting, minimum: number, maximum: number, what: string): number {
  const number = /^\d+$/.test(setting.value) ? Number(setting.value) : Number.NaN
  if (number >= minimum && number <= maximum) return number
  throw invalid(setting, `${what} between ${minimum} and ${maximum}`, setting.value)
}

export function parseChoice<T extends string>(setting: Setting, choices: readonly T[]): T {
  const choice = choices.find((candidate) => candidate === setting.value)
  if (choice === undefined) throw invalid(setting, `one of ${choices.join(', ')}`, setting.value)
  return choice
}

export function parseBoolean(setting: Setting): boolean {
  if (['true', '1'].includes(setting.value)) return true
  if (['false', '0'].includes(setting.value)) return false
  throw invalid(setting, 'true or false', setting.value)
}

const RFC_3339 = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/

/** RFC 3339 as Unix milliseconds. */
export function parseTime(setting: Setting): number {
  const text = setting.value.toUpperCase()
  const day = RFC_3339.exec(text)?.[1]
  // `Date` reads February 30 as a day in March.
  if (day !== undefined && !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day)) {
    return Date.parse(text)
  }
  throw invalid(setting, 'a time in RFC 3339, such as 2026-01-31T09:30:00Z', setting.value)
}

/** The base of every URL the server returns, without a slash at its end. */
export function parsePublicUrl(setting: Setting): string {
  const url = URL.canParse(setting.value) ? new URL(setting.value) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username || url.password) {
    throw invalid(setting, 'an http or https URL without a query', setting.value)
  }
  return url.href.replace(/\/+$/, '')
}

/** The secret key from `--secret-key` or the file that `--secret-key-file` names. */
export function findSecretKey(flags: Flags, environment: Environment): string | undefined {
  const key = findSetting('secret-key', flags, environment)
  const file = findSetting('secret-key-file', flags, environment)
  const keyIsFlag = key?.source.startsWith('--') ?? false
  const fileIsFlag = file?.source.startsWith('--') ?? false
  if (key && file && keyIsFlag === fileIsFlag)
    throw new CommandError(`Give either "${key.source}" or "${file.source}", not both`)
  const useFile = file !== undefined && (!key || fileIsFlag)
  if (useFile) return findSecretKeyFile(flags, environment)
  return key && parseSecretKey({ ...key, value: key.value.trim() })
}

/** A key that was made elsewhere. Only from a file: every user of the machine can see a command line. */
export function findSecretKeyFile(flags: Flags, environment: Environment): string | undefined {
  const file = findSetting('secret-key-file', flags, environment)
  return file && parseSecretKey({ value: readTextFile(file).trim(), source: file.source })
}

function parseSecretKey(setting: Setting): string {
  if (/^sk_(test|live)_[\x21-\x7e]+$/.test(setting.value)) return setting.value
  throw invalid(setting, 'a key that starts with sk_test_ or sk_live_', `${setting.value.length} other characters`)
}

/** Characters of the name of an instance or a key. */
const LONGEST_NAME = 200

/** What people call an instance or a key: it stands in tables of the terminal. */
export function parseName(setting: Setting): string {
  const { source, value } = setting
  if (value.length > LONGEST_NAME) throw invalid(setting, `at most ${LONGEST_NAME} characters`, String(value.length))
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value)) throw new CommandError(`"${source}" must have no control characters`)
  return value
}

export function findPublishableKey(flags: Flags, environment: Environment): string | undefined {
  const setting = findSetting('publishable-key', flags, environment)
  if (setting && !isPublishableKey(setting.value)) {
    throw invalid(setting, 'pk_test_ or pk_live_ and the base64 of "<frontend host>$"', setting.value)
  }
  return setting?.value
}

/** Only from the environment: every user of the machine can see a command line. */
export function findEncryptionKey(environment: Environment): string | undefined {
  const setting = findSetting('encryption-key', {}, environment)
  return setting && parseEncryptionKey(setting)
}

/** Keys that only open what they sealed, separated by commas. Only from the environment, as the encryption key. */
export function findOtherEncryptionKeys(environment: Environment): string[] {
  const setting = findSetting('other-encryption-keys', {}, environment)
  return (setting?.value.split(',') ?? []).map((key) => parseEncryptionKey({ ...setting!, value: key.trim() }))
}

function parseEncryptionKey(setting: Setting): string {
  const { length } = Buffer.from(setting.value, /^[0-9a-f]{64}$/i.test(setting.value) ? 'hex' : 'base64')
  if (length === 32) return setting.value
  throw invalid(setting, '32 bytes as base64 or hex, such as "openssl rand -base64 32" prints', `${length} bytes`)
}

export function readTextFile({ value: path, source }: Setting): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new CommandError(
      `"${source}" names a file that cannot be read: ${path} (${(error as NodeJS.ErrnoException).code})`,
    )
  }
}

function isPublishableKey(key: string): boolean {
  const encoded = /^pk_(?:test|live)_([A-Za-z0-9+/_-]+=*)$/.exec(key)?.[1]
  return (
    encoded !== undefined &&
    /^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?\$$/i.test(Buffer.from(encoded, 'base64').toString('latin1'))
  )
}

function toCamelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
