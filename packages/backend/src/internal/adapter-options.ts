import type { AuthenticateRequestOptions } from '../authenticate/options.js'
import type { ClerkClient } from '../client.js'

/** A value, or a function that returns it for the URL of a request. */
export type PerRequest<Value> = Value | ((url: URL) => Value)

/** Options of the middleware of every framework. Omitted ones come from the environment. */
export interface AdapterOptions extends Omit<AuthenticateRequestOptions, 'domain' | 'isSatellite' | 'proxyUrl'> {
  /** Used instead of a client created from the other options. */
  clerkClient?: ClerkClient
  domain?: PerRequest<string>
  isSatellite?: PerRequest<boolean>
  proxyUrl?: PerRequest<string>
}

/** The options that an application can set in the environment. */
export type EnvironmentOptions = Pick<
  AuthenticateRequestOptions,
  | 'apiUrl'
  | 'apiVersion'
  | 'domain'
  | 'isSatellite'
  | 'jwtKey'
  | 'machineSecretKey'
  | 'proxyUrl'
  | 'publishableKey'
  | 'secretKey'
  | 'signInUrl'
  | 'signUpUrl'
>

/** The environment variables, or the bindings on a platform without environment variables. */
export type Variables = Record<string, unknown>

const PUBLIC = {
  publishableKey: 'CLERK_PUBLISHABLE_KEY',
  domain: 'CLERK_DOMAIN',
  proxyUrl: 'CLERK_PROXY_URL',
  signInUrl: 'CLERK_SIGN_IN_URL',
  signUpUrl: 'CLERK_SIGN_UP_URL',
} as const

const PRIVATE = {
  secretKey: 'CLERK_SECRET_KEY',
  machineSecretKey: 'CLERK_MACHINE_SECRET_KEY',
  jwtKey: 'CLERK_JWT_KEY',
  apiUrl: 'CLERK_API_URL',
  apiVersion: 'CLERK_API_VERSION',
} as const

/**
 * Reads the options that `@clerk/*` names in the environment, without white space around them. Empty variables count as
 * missing.
 *
 * @param variables Default is the environment of the process.
 * @param publicPrefix The prefix that a bundler requires for variables that browsers may see, such as `NEXT_PUBLIC_`.
 */
export function optionsFromEnvironment(
  variables: Variables = processVariables(),
  publicPrefix = '',
): EnvironmentOptions {
  const options: Record<string, string | boolean> = {}
  const read = (names: Record<string, string>, prefix: string) => {
    for (const [option, name] of Object.entries(names)) {
      const value = variables[prefix + name]
      const text = typeof value === 'string' && value.trim()
      if (text) options[option] = text
    }
  }
  read(PRIVATE, '')
  read(PUBLIC, publicPrefix)
  const isSatellite = variables[`${publicPrefix}CLERK_IS_SATELLITE`]
  if (isSatellite === 'true' || isSatellite === '1') options['isSatellite'] = true
  return options
}

/**
 * The options of one request: the middleware's options override the environment's.
 *
 * @param url Returns the URL of the request, as the browser sees it.
 * @throws {Error} when a satellite has neither `domain` nor `proxyUrl`, or, in development, no absolute `signInUrl`.
 */
export function optionsForRequest(
  { clerkClient: _client, ...options }: AdapterOptions,
  environment: EnvironmentOptions,
  url: () => URL,
): AuthenticateRequestOptions {
  const merged = { ...options } as AuthenticateRequestOptions
  for (const name of Object.keys(environment) as (keyof EnvironmentOptions)[])
    merged[name] = (options[name] || environment[name]) as never
  for (const name of ['domain', 'isSatellite', 'proxyUrl'] as const) {
    const value = options[name]
    if (typeof value === 'function') merged[name] = (value(url()) || environment[name]) as never
  }
  if (merged.proxyUrl?.startsWith('/')) merged.proxyUrl = new URL(merged.proxyUrl, url()).href
  if (merged.isSatellite) checkSatellite(merged)
  return merged
}

/** The error for a missing variable: it says which line to add, and where. */
export function missingVariable(
  name: 'CLERK_SECRET_KEY' | 'NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY' | 'CLERK_PUBLISHABLE_KEY',
): Error {
  const example = name === 'CLERK_SECRET_KEY' ? 'sk_test_…' : 'pk_test_…'
  return new Error(
    `${name} is missing. Put the line\n\n  ${name}=${example}\n\ninto .env or the environment. "latchkey dev" prints both keys; a Clerk dashboard has them under "API keys".`,
  )
}

function checkSatellite({ domain, proxyUrl, signInUrl, secretKey }: AuthenticateRequestOptions): void {
  if (!domain && !proxyUrl)
    throw new Error('A satellite needs its `domain` or its `proxyUrl` (CLERK_DOMAIN or CLERK_PROXY_URL).')
  if (secretKey?.trim().startsWith('sk_test_') && !/^https?:\/\//.test(signInUrl ?? '')) {
    throw new Error(
      'A satellite in development needs the whole URL of the page where people sign in: `signInUrl` (CLERK_SIGN_IN_URL).',
    )
  }
}

function processVariables(): Variables {
  return (globalThis as { process?: { env?: Variables } }).process?.env ?? {}
}
