import { createClerkClient, type ClerkClient } from '../client.js'
import { optionsForRequest, type AdapterOptions, type EnvironmentOptions } from './adapter-options.js'

/**
 * The client of a middleware: its `clerkClient` option, or one created from its other options and, for omitted ones,
 * the environment.
 */
export function createAdapterClient(options: AdapterOptions, environment: EnvironmentOptions): ClerkClient {
  return (
    options.clerkClient ??
    createClerkClient(optionsForRequest(withoutSatellite(options), withoutSatellite(environment), noUrl))
  )
}

/** Drops the options that may differ for each URL. They do not affect calls to the API. */
function withoutSatellite<Options extends AdapterOptions | EnvironmentOptions>(
  options: Options,
): Omit<Options, 'domain' | 'isSatellite' | 'proxyUrl'> {
  const { domain: _domain, isSatellite: _isSatellite, proxyUrl: _proxyUrl, ...rest } = options
  return rest
}

function noUrl(): never {
  throw new Error('These options depend on no URL.')
}
