import type { AuthenticateRequestOptions } from '../authenticate/options.js'
import { missingVariable, optionsForRequest, type AdapterOptions, type EnvironmentOptions } from './adapter-options.js'

/** The options of a request, whose URL is asked for only where they depend on it. */
export type PreparedOptions = (url: () => URL) => AuthenticateRequestOptions

/**
 * Puts together what is the same for all requests, so that only what depends on a URL is decided for each.
 *
 * @throws {Error} that says which line is missing in the environment, when there is a key neither there nor in `options`.
 */
export function prepareOptions(options: AdapterOptions, environment: EnvironmentOptions): PreparedOptions {
  const { publishableKey, secretKey, jwtKey, domain, isSatellite, proxyUrl } = { ...environment, ...dropEmpty(options) }
  // A client has keys of its own.
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
