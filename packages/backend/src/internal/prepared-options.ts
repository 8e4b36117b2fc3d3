import type { AuthenticateRequestOptions } from '../authenticate/options.js'
import { missingVariable, optionsForRequest, type AdapterOptions, type EnvironmentOptions } from './adapter-options.js'

/** Returns the options of a request. The URL is read only if they depend on it. */
export type PreparedOptions = (url: () => URL) => AuthenticateRequestOptions

/**
 * Merges the options once if they are the same for all requests; otherwise for each request.
 *
 * @throws {Error} if a key is missing both in `options` and in the environment. The message says which line to add.
 */
export function prepareOptions(options: AdapterOptions, environment: EnvironmentOptions): PreparedOptions {
  const { publishableKey, secretKey, jwtKey, domain, isSatellite, proxyUrl } = { ...environment, ...dropEmpty(options) }
  // A `clerkClient` has its own keys.
  if (!options.clerkClient) {
    if (!publishableKey) throw missingVariable('CLERK_PUBLISHABLE_KEY')
    if (!secretKey && !jwtKey) throw missingVariable('CLERK_SECRET_KEY')
  }
  const dependsOnUrl =
    [domain, isSatellite, proxyUrl].some((value) => typeof value === 'function') ||
    (proxyUrl as string | undefined)?.startsWith('/')
  if (dependsOnUrl) return (url) => optionsForRequest(options, environment, url)
  const prepared = optionsForRequest(options, environment, noUrl)
  return () => prepared
}

function dropEmpty<Options extends object>(options: Options): Partial<Options> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value)) as Partial<Options>
}

function noUrl(): never {
  throw new Error('These options depend on no URL.')
}
