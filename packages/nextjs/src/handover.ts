import {
  constants,
  missingVariable,
  type AuthenticateRequestOptions,
  type EnvironmentOptions,
} from '@latchkey/backend/internal'
import { readEncryptionKey, readEnvironment } from './environment.js'
import { isSignedWith, seal, sign, unseal } from './handover-crypto.js'
import { encryptionKeyInvalid, encryptionKeyMissing, middlewareMissing, signatureInvalid } from './messages.js'
import type { ReadHeader } from './request-like.js'

const { AuthStatus, AuthToken, AuthReason, AuthMessage, AuthSignature, ClerkUrl, ClerkRequestData, EnableDebug } =
  constants.Headers

/** The signed headers, in the order in which they are signed. */
const SIGNED = [AuthStatus, AuthToken, AuthReason, AuthMessage, ClerkUrl, ClerkRequestData] as const

/** Headers that only the middleware may set. Values that a client sends under these names are dropped. */
export const HANDOVER_HEADERS: readonly string[] = [...SIGNED, AuthSignature, EnableDebug]

/** Options that pages need too, if they differ from the environment's. */
export type HandedOptions = Pick<AuthenticateRequestOptions, keyof EnvironmentOptions>

/** The auth object of a machine, authenticated or not, without its functions. */
export type HandedMachine = Record<string, unknown> & { isAuthenticated: boolean }

interface RequestData {
  options: HandedOptions
  machine?: HandedMachine
}

/** The middleware's decision about a request. */
export interface Decision {
  status: string
  token: string | null
  reason: string | null
  message: string | null
  /** The URL as the browser sees it. */
  url: string
  /** All options of the middleware. */
  options: HandedOptions
  machine?: HandedMachine
}

/** What a page knows about its request. */
export interface Handover extends Omit<Decision, 'reason' | 'message' | 'machine'> {
  machine: HandedMachine | undefined
}

/**
 * Writes a decision into headers for the page, signed with the secret key. Options that differ from the page's
 * environment, and machines, are encrypted.
 *
 * @throws {Error} when a secret must be passed on and there is no key to encrypt it with.
 */
export function writeHandover({ options, machine, ...decision }: Decision): Record<string, string> {
  const environment = readEnvironment()
  const names = Object.keys(options) as (keyof HandedOptions)[]
  const own = Object.fromEntries(
    names.filter((name) => options[name] !== environment[name]).map((name) => [name, options[name]]),
  ) as HandedOptions
  if (own.secretKey && !readEncryptionKey()) throw encryptionKeyMissing()
  const isNeeded = machine !== undefined || Object.keys(own).length > 0
  const values = [
    decision.status,
    decision.token ?? '',
    decision.reason ?? '',
    decision.message ?? '',
    decision.url,
    isNeeded ? seal({ options: own, machine } satisfies RequestData, sealingKey(environment)) : '',
  ]
  const headers = Object.fromEntries(SIGNED.map((name, index) => [name, values[index]!]).filter(([, value]) => value))
  return { ...headers, [AuthSignature]: sign(values, options.secretKey!) }
}

/**
 * Reads the middleware's decision from the headers, and checks its signature.
 *
 * @param helper Name of the calling function, for error messages.
 * @param secretKey The middleware's secret key, if it is neither in the environment nor in the headers.
 * @throws {Error} when the request has not passed through the middleware, or was signed or encrypted with another key.
 */
export function readHandover(header: ReadHeader, helper: string, secretKey?: string): Handover {
  const values = SIGNED.map((name) => header(name) ?? '')
  const [status, token, , , url, sealed] = values as [string, string, string, string, string, string]
  if (!status) throw middlewareMissing(helper)
  const environment = readEnvironment()
  const data = sealed ? open(sealed, environment) : { options: {} }
  const options = { ...environment, ...data.options }
  const signingKey = secretKey || options.secretKey
  if (!signingKey) throw missingVariable('CLERK_SECRET_KEY')
  if (!isSignedWith(values, signingKey, header(AuthSignature) ?? '')) throw signatureInvalid()
  return { status, token: token || null, url, options: { ...options, secretKey: signingKey }, machine: data.machine }
}

function open(sealed: string, environment: EnvironmentOptions): RequestData {
  try {
    return unseal(sealed, sealingKey(environment)) as RequestData
  } catch {
    throw encryptionKeyInvalid()
  }
}

function sealingKey({ secretKey }: EnvironmentOptions): string {
  const key = readEncryptionKey() ?? secretKey
  if (!key) throw encryptionKeyMissing()
  return key
}
