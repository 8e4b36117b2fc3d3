import { optionsFromEnvironment, prepareOptions, urlOf, type RequestState } from '@latchkey/backend/internal'
import type { AuthenticateRequestParams } from './options.js'

/**
 * Decides who makes a request, for middleware of your own. Its options win over the environment's.
 *
 * @throws {Error} when a key is missing or a satellite's options make no sense.
 */
export async function authenticateRequest({
  clerkClient,
  request,
  options = {},
  clerkRequest,
}: AuthenticateRequestParams): Promise<RequestState> {
  const { debug: _debug, frontendApiProxy: _proxy, ...adapterOptions } = options
  const asked = clerkRequest ?? request
  const optionsFor = prepareOptions({ ...adapterOptions, clerkClient }, optionsFromEnvironment())
  return clerkClient.authenticateRequest(
    asked,
    optionsFor(() => urlOf(asked)),
  )
}
