import type { AuthObject } from '@latchkey/backend'
import type { PendingSessionOptions } from '@latchkey/backend/internal'
import type { Request } from 'express'

export type RequestAuth = (options?: PendingSessionOptions) => AuthObject

/** Registered globally: a program can have loaded this package twice, as a module and as CommonJS. */
const AUTH = Symbol.for('@latchkey/express.auth')

/** What is ours of a request. Elsewhere `auth` may have another type: that of /env, or of another library. */
interface Authenticated {
  [AUTH]?: RequestAuth
  auth?: RequestAuth
}

/** What our middleware found out, whatever others have put into `req.auth` since. */
export function authOf(request: Request): RequestAuth | undefined {
  return (request as unknown as Authenticated)[AUTH]
}

/** Others use `req.auth` too (express-jwt, express-openid-connect): what they found there must not pass for ours. */
export function setAuth(request: Request, auth: RequestAuth): void {
  ;(request as unknown as Authenticated)[AUTH] = auth
  // Setting a property that is there already would leave it to whoever made it what becomes of that.
  if ('auth' in request)
    Object.defineProperty(request, 'auth', { value: auth, writable: true, configurable: true, enumerable: true })
  else (request as unknown as Authenticated).auth = auth
}
