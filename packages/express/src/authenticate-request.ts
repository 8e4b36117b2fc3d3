import {
  optionsFromEnvironment,
  prepareOptions,
  readableBy,
  urlOf,
  type RequestState,
} from '@latchkey/backend/internal'
import type { AuthenticateRequestParams } from './options.js'

/**
 * Decides who makes a request, for your own middleware. Its options override the environment's.
 *
 * @throws {Error} when a key is missing or a satellite's options are invalid.
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
    readableBy(clerkClient, asked),
    optionsFor(() => urlOf(asked)),
  )
}
