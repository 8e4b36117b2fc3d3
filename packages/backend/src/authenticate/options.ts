import type { RequestOptions } from '../core/request.js'
import type { VerifyTokenOptions } from '../verify-token.js'
import type { AcceptedTokens } from './token-types.js'

/** Paths that belong to an organization or to the personal account. Opening such a path makes that one active. */
export interface OrganizationSyncOptions {
  /** Such as `/orgs/:slug` and `/orgs/:id/(.*)`. */
  organizationPatterns?: string[]
  /** Such as `/me` and `/me/(.*)`. */
  personalAccountPatterns?: string[]
}

export interface AuthenticateRequestOptions
  extends VerifyTokenOptions, Omit<RequestOptions, 'signal' | 'idempotencyKey' | 'requireSecretKey'> {
  /** `pk_test_…` or `pk_live_…`. Needed unless only M2M tokens or only API keys are accepted. */
  publishableKey?: string
  /** `ak_…`. Used to verify M2M tokens. Default is the secret key. */
  machineSecretKey?: string
  /** The kinds of token that are accepted. Default is `session_token`. */
  acceptsToken?: AcceptedTokens
  /** Domain of a satellite application. */
  domain?: string
  /** Whether people sign in on another domain than the application's. Default is false. */
  isSatellite?: boolean
  /**
   * Asks the primary domain who is signed in at each first visit of a satellite. Default is false: asks only after a
   * sign-in there.
   */
  satelliteAutoSync?: boolean
  /** Where browsers reach the Frontend API: a URL, or a path of the application. */
  proxyUrl?: string
  signInUrl?: string
  signUpUrl?: string
  afterSignInUrl?: string
  afterSignUpUrl?: string
  organizationSyncOptions?: OrganizationSyncOptions
}

/** Options of a client that a request may override with another value, but cannot clear. */
const OVERRIDABLE = [
  'secretKey',
  'machineSecretKey',
  'jwtKey',
  'proxyUrl',
  'publishableKey',
  'isSatellite',
  'domain',
  'audience',
] as const

/** Merges a request's options into the client's. A request cannot change which API is called. */
export function mergeOptions(
  client: AuthenticateRequestOptions,
  request: AuthenticateRequestOptions | undefined,
): AuthenticateRequestOptions {
  if (!request) return client
  const merged: AuthenticateRequestOptions = {
    ...client,
    ...request,
    apiUrl: client.apiUrl,
    apiVersion: client.apiVersion,
  }
  for (const name of OVERRIDABLE) merged[name] = (request[name] || client[name]) as never
  return merged
}
