import type { Organization, Session, User } from '@latchkey/backend'
import {
  getAuthObjectForAcceptedToken,
  makeAuthObjectSerializable,
  stripPrivateDataFromObject,
  type AuthOptions,
  type SignedInAuthObject,
  type SignedOutAuthObject,
} from '@latchkey/backend/internal'
import { readHandover } from './handover.js'
import { headersOf, type RequestLike } from './request-like.js'
import { sessionAuthOf } from './session-auth.js'

export interface GetAuthOptions extends AuthOptions {
  /** The middleware's secret key, if it is not in the environment. */
  secretKey?: string
}

/**
 * Returns who makes a request: in API routes, `getServerSideProps`, and wherever else there is a request. The request
 * must have passed through `clerkMiddleware`. It is synchronous and returns sessions only; for machines use
 * `auth({ acceptsToken })`.
 *
 * @throws {Error} when the request has not passed through the middleware, or carries forged headers of it.
 */
export function getAuth(
  request: RequestLike,
  { secretKey, ...options }: GetAuthOptions = {},
): SignedInAuthObject | SignedOutAuthObject {
  const handover = readHandover(headersOf(request), 'getAuth()', secretKey)
  const authObject = sessionAuthOf(handover, options)
  return getAuthObjectForAcceptedToken({ authObject, acceptsToken: options.acceptsToken }) as
    | SignedInAuthObject
    | SignedOutAuthObject
}

/** The props that `getServerSideProps` passes to the components, without private data: `{ __clerk_ssr_state }`. */
export function buildClerkProps(
  request: RequestLike,
  resources: { user?: User | null; session?: Session | null; organization?: Organization | null } = {},
): Record<string, unknown> {
  const state = makeAuthObjectSerializable(stripPrivateDataFromObject({ ...getAuth(request), ...resources }))
  // Next refuses props that are not plain JSON.
  return { __clerk_ssr_state: JSON.parse(JSON.stringify(state)) as unknown }
}
