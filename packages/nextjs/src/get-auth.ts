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
  /** The key that the middleware was given, where it is not in the environment. */
  secretKey?: string
}

/**
 * Who makes a request: in API routes, `getServerSideProps`, and where else there is a request. `clerkMiddleware` must have
 * seen it. It waits for nothing, so that it knows sessions only; for machines use `auth({ acceptsToken })`.
 *
 * @throws {Error} when the middleware has not seen the request, or when somebody else says that it has.
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

/** What `getServerSideProps` passes on to the components, without what is private: `{ __clerk_ssr_state }`. */
export function buildClerkProps(
  request: RequestLike,
  resources: { user?: User | null; session?: Session | null; organization?: Organization | null } = {},
): Record<string, unknown> {
  const state = makeAuthObjectSerializable(stripPrivateDataFromObject({ ...getAuth(request), ...resources }))
  // Next refuses props that are no plain JSON.
  return { __clerk_ssr_state: JSON.parse(JSON.stringify(state)) as unknown }
}
