import { createClerkClient, type ClerkClient } from '../client.js'
import { optionsForRequest, type AdapterOptions, type EnvironmentOptions } from './adapter-options.js'

/** The client of a middleware: the one it was given, or one made from its options and, where they say nothing, the environment. */
export function createAdapterClient(options: AdapterOptions, environment: EnvironmentOptions): ClerkClient {
  return (
    options.clerkClient ??
    createClerkClient(optionsForRequest(withoutSatellite(options), withoutSatellite(environment), noUrl))
  )
}

/** What may be another for each URL; the API is asked the same whatever it is. */
function withoutSatellite<Options extends AdapterOptions | EnvironmentOptions>(
  options: Options,
): Omit<Options, 'domain' | 'isSatellite' | 'proxyUrl'> {
  const { domain: _domain, isSatellite: _isSatellite, proxyUrl: _proxyUrl, ...rest } = options
  return rest
}

function noUrl(): never {
  throw new Error('These options depend on no URL.')
}
