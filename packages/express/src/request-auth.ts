import type { AuthObject } from '@latchkey/backend'
import type { PendingSessionOptions } from '@latchkey/backend/internal'
import type { Request } from 'express'

export type RequestAuth = (options?: PendingSessionOptions) => AuthObject

/** `Symbol.for`, because a program may have loaded this package twice, as an ES module and as CommonJS. */
const AUTH = Symbol.for('@latchkey/express.auth')

/**
 * The properties of a request that we set. Other code may declare `auth` with another type: that of /env, or of another
 * library.
 */
interface Authenticated {
  [AUTH]?: RequestAuth
  auth?: RequestAuth
}

/** The result of our middleware, even if other code has replaced `req.auth` since. */
export function authOf(request: Request): RequestAuth | undefined {
  return (request as unknown as Authenticated)[AUTH]
}

/** Other libraries use `req.auth` too (express-jwt, express-openid-connect). Their value must not be taken for ours. */
export function setAuth(request: Request, auth: RequestAuth): void {
  ;(request as unknown as Authenticated)[AUTH] = auth
  // Define, don't assign: an existing `auth` may be a setter or read-only.
  if ('auth' in request)
    Object.defineProperty(request, 'auth', { value: auth, writable: true, configurable: true, enumerable: true })
  else (request as unknown as Authenticated).auth = auth
}
