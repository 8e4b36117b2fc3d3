import { createApis } from './api/apis.js'
import { createAuthenticateRequest, type AuthenticateRequest } from './authenticate/authenticate-request.js'
import type { AuthenticateRequestOptions } from './authenticate/options.js'
import type { debugRequestState } from './authenticate/request-state.js'
import { callable, type CalledApis } from './core/calls.js'
import { ApiClient, withChanges, type RequestOptions } from './core/request.js'

/** What requests and tokens are checked with by default. */
type AuthenticationDefaults = Pick<
  AuthenticateRequestOptions,
  | 'audience'
  | 'domain'
  | 'isSatellite'
  | 'jwtKey'
  | 'machineSecretKey'
  | 'onWarning'
  | 'proxyUrl'
  | 'publishableKey'
  | 'tokenCache'
>

export interface ClerkOptions extends RequestOptions, AuthenticationDefaults {
  /** @deprecated Has no effect: no telemetry is sent. */
  telemetry?: object
  /** @deprecated Has no effect: `@clerk/backend` takes it as a part of the telemetry. */
  sdkMetadata?: object
}

/** The APIs by name; a client has their methods as {@link CalledApis} says. */
type Apis = ReturnType<typeof createApis>

export interface ClerkClient extends CalledApis<Apis> {
  /** Decides who makes a request. Its options win over the client's, unless they are empty. */
  authenticateRequest: AuthenticateRequest
  /** What of a decision may stand in a log. */
  debugRequestState: typeof debugRequestState
  /** @deprecated Records nothing and sends nothing. It is here for middleware that reports to it. */
  telemetry: typeof noTelemetry
  /**
   * A client like this one with other options: another tenant's `secretKey`, a longer `timeout`, more `headers`. It is made
   * in no time and shares the connections.
   */
  withOptions(changes: Partial<ClerkOptions>): ClerkClient
}

const noTelemetry = {
  isEnabled: false,
  isDebug: false,
  record(_event: object): void {},
  recordLog(_entry: object): void {},
}

/**
 * Makes a client of the Backend API. It opens nothing and keeps nothing: make as many as there are keys.
 *
 * @throws {TypeError} when `apiUrl` is not an absolute URL. A missing secret key is noticed at the first request.
 */
export function createClerkClient(options: ClerkOptions): ClerkClient {
  const apis = createApis(new ApiClient(options), options)
  const authentication = createAuthenticateRequest({ options })
  return {
    ...callable(apis),
    ...authentication,
    telemetry: noTelemetry,
    withOptions: (changes) => createClerkClient(withChanges(options, changes)),
  }
}
