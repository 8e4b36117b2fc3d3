import { createApis } from './api/apis.js'
import { createAuthenticateRequest, type AuthenticateRequest } from './authenticate/authenticate-request.js'
import type { AuthenticateRequestOptions } from './authenticate/options.js'
import type { debugRequestState } from './authenticate/request-state.js'
import { callable, type CalledApis } from './core/calls.js'
import { ApiClient, withChanges, type RequestOptions } from './core/request.js'

/** Defaults for checking requests and tokens. */
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

/** The APIs by name. {@link CalledApis} says how their methods look on a client. */
type Apis = ReturnType<typeof createApis>

export interface ClerkClient extends CalledApis<Apis> {
  /** Decides who makes a request. Its options override the client's, unless they are empty. */
  authenticateRequest: AuthenticateRequest
  /** The fields of a decision that are safe to log. */
  debugRequestState: typeof debugRequestState
  /** @deprecated Records nothing and sends nothing. It exists only for middleware that calls it. */
  telemetry: typeof noTelemetry
  /**
   * Creates a client like this one with other options: another tenant's `secretKey`, a longer `timeout`, more
   * `headers`. This is cheap; both clients share their connections.
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
 * Creates a client of the Backend API. It opens no connection and keeps no state, so you can create one for each key.
 *
 * @throws {TypeError} when `apiUrl` is not an absolute URL. A missing secret key fails the first request.
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
