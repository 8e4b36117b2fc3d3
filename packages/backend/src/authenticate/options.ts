import type { RequestOptions } from '../core/request.js'
import type { VerifyTokenOptions } from '../verify-token.js'
import type { AcceptedTokens } from './token-types.js'

/** Paths that belong to an organization, or to nobody's: opening one makes it the active one. */
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
  /** `ak_…`: what M2M tokens are verified with. Default is the secret key. */
  machineSecretKey?: string
  /** The kinds of token that are let in. Default is `session_token`. */
  acceptsToken?: AcceptedTokens
  /** Domain of a satellite application. */
  domain?: string
  /** Whether the application is on another domain than the one people sign in at. Default is false. */
  isSatellite?: boolean
  /** Asks the primary domain at each first visit of a satellite. Default is false: only after a sign-in there. */
  satelliteAutoSync?: boolean
  /** Where the Frontend API is reached from browsers: a URL, or a path of the application. */
  proxyUrl?: string
  signInUrl?: string
  signUpUrl?: string
  afterSignInUrl?: string
  afterSignUpUrl?: string
  organizationSyncOptions?: OrganizationSyncOptions
}

/** What a client decides and a request cannot undo, and what a request may override unless it leaves it empty. */
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

/** The client's options with those of a request, which do not choose the API that is asked. */
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
