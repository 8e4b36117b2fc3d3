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

/** In the order in which they are signed. */
const SIGNED = [AuthStatus, AuthToken, AuthReason, AuthMessage, ClerkUrl, ClerkRequestData] as const

/** The headers that only the middleware may set: what a client sends under these names is dropped. */
export const HANDOVER_HEADERS: readonly string[] = [...SIGNED, AuthSignature, EnableDebug]

/** Options that pages need too, where they are not those of the environment. */
export type HandedOptions = Pick<AuthenticateRequestOptions, keyof EnvironmentOptions>

/** What is known of a machine that was let in, or was not, without the functions. */
export type HandedMachine = Record<string, unknown> & { isAuthenticated: boolean }

interface RequestData {
  options: HandedOptions
  machine?: HandedMachine
}

/** What the middleware found out about a request. */
export interface Decision {
  status: string
  token: string | null
  reason: string | null
  message: string | null
  /** As the browser has it. */
  url: string
  /** All that the middleware was given. */
  options: HandedOptions
  machine?: HandedMachine
}

/** What a page knows of its request. */
export interface Handover extends Omit<Decision, 'reason' | 'message' | 'machine'> {
  machine: HandedMachine | undefined
}

/**
 * Writes a decision into headers for the page, signed with the secret key. Options that the page cannot find in its
 * environment, and machines, go encrypted.
 *
 * @throws {Error} when there is a secret to hand over and no key to encrypt it with.
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
 * Reads what the middleware wrote, and believes nothing that it has not signed.
 *
 * @param helper The function that asks, for the message of the error.
 * @param secretKey Of the middleware, where it is neither in the environment nor handed over.
 * @throws {Error} when the middleware has not seen the request, or something was signed or sealed with another key.
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
