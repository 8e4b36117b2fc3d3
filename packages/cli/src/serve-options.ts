import { DEFAULT_DATABASE, type DatabaseLocation, parseDatabase } from './database-location.js'
import type { Environment } from './environment.js'
import { parseHomeUrl } from './home-url.js'
import { findMessageSettings, type MessageSettings } from './message-settings.js'
import { parseProxies } from './proxy-settings.js'
import {
  findEncryptionKey,
  findOtherEncryptionKeys,
  findPublishableKey,
  findSecretKey,
  findSetting,
  type Flags,
  parseBoolean,
  parseChoice,
  parseInteger,
  parsePublicUrl,
  type Setting,
} from './settings.js'

export const DEFAULT_PORT = 4400
export const DEFAULT_HOST = 'localhost'
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const

/** A hundred years, in days. */
const LONGEST_RETENTION = 36_500

/** Whether there is a line for each request. */
const REQUEST_LOG = ['on', 'off'] as const

export type LogLevel = (typeof LOG_LEVELS)[number]

/** The options of `dev` and `start`, after all checks. */
export interface ServeOptions {
  /** 0 picks a free port. */
  port: number
  host: string
  database: DatabaseLocation
  secretKey: string | undefined
  publishableKey: string | undefined
  /** Without a slash at its end. Default is the address the server listens on. */
  publicUrl: string | undefined
  /** Of the application. Null: nobody signs in through a browser. Undefined: as the settings say. */
  homeUrl: string | null | undefined
  seed: Setting | undefined
  json: boolean
  /** `warn` for `dev`, `info` for `start`. */
  logLevel: LogLevel
  /** Whether there is a line for each request. */
  requestLog: boolean
  encryptionKey: string | undefined
  /** Keys that only open what they sealed. */
  otherEncryptionKeys: string[]
  messages: MessageSettings
  /** The server checks its values. */
  trustedProxies: Setting | undefined
  /** Whether anybody may make development instances, as frameworks do that start without keys. */
  allowAccountless: boolean
  /** The server's default when absent. */
  auditRetentionDays: number | undefined
  /** The server's default when absent. */
  eventRetentionDays: number | undefined
}

/** @throws {CommandError} naming the option and its value */
export function readServeOptions(flags: Flags, environment: Environment, defaultLogLevel: LogLevel): ServeOptions {
  const find = (name: string) => findSetting(name, flags, environment)
  const read = <T>(name: string, parse: (setting: Setting) => T): T | undefined => {
    const setting = find(name)
    return setting && parse(setting)
  }
  return {
    port: read('port', (setting) => parseInteger(setting, 0, 65_535, 'a port')) ?? DEFAULT_PORT,
    host: find('host')?.value ?? DEFAULT_HOST,
    database: parseDatabase(find('database') ?? { value: DEFAULT_DATABASE, source: '--database' }),
    secretKey: findSecretKey(flags, environment),
    publishableKey: findPublishableKey(flags, environment),
    publicUrl: read('public-url', parsePublicUrl),
    homeUrl: read('home-url', parseHomeUrl),
    seed: find('seed'),
    json: read('json', parseBoolean) ?? false,
    logLevel: read('log-level', (setting) => parseChoice(setting, LOG_LEVELS)) ?? defaultLogLevel,
    requestLog: read('request-log', (setting) => parseChoice(setting, REQUEST_LOG)) !== 'off',
    encryptionKey: findEncryptionKey(environment),
    otherEncryptionKeys: findOtherEncryptionKeys(environment),
    messages: findMessageSettings(flags, environment),
    trustedProxies: read('trusted-proxies', namesProxies),
    allowAccountless: read('allow-accountless', parseBoolean) ?? false,
    auditRetentionDays: read('audit-retention-days', (setting) => parseInteger(setting, 1, LONGEST_RETENTION, 'days')),
    eventRetentionDays: read('event-retention-days', (setting) => parseInteger(setting, 1, LONGEST_RETENTION, 'days')),
  }
}

/** @throws {CommandError} for a list of nothing */
function namesProxies(setting: Setting): Setting {
  parseProxies(setting)
  return setting
}
