import type { AuthenticatedRequest } from './authenticate.js'
import { Clerk, type ClerkOptions } from './clerk.js'
import type {
  EndableResponse,
  Middleware,
  MiddlewareOptions,
  RequireSessionProp,
  WithSessionProp,
  WrappedHandler,
} from './middleware.js'
import type { HttpOptions } from './rest-client.js'

export { Clerk, type ClerkOptions }
export default Clerk

export type { HttpOptions, Middleware, MiddlewareOptions, RequireSessionProp, WithSessionProp, WrappedHandler }
export type { RequestSession } from './authenticate.js'
export type { ClientApi } from './apis/client-api.js'
export type { CreateEmailParams, EmailApi } from './apis/email-api.js'
export type { SessionApi, SessionListParams } from './apis/session-api.js'
export type { CreateSMSMessageParams, SMSMessageApi } from './apis/sms-message-api.js'
export type { UpdateUserParams, UserApi } from './apis/user-api.js'
export {
  Client,
  DeletedObject,
  Email,
  EmailAddress,
  ExternalAccount,
  ExternalAccount as GoogleAccount,
  IdentificationLink,
  PhoneNumber,
  Session,
  SMSMessage,
  User,
  Verification,
} from './resources.js'
export { NoSessionError } from './errors.js'
export * from '@latchkey/backend/errors'

/** Options of a middleware or a wrapper, and of the client that it creates if `clerk` is omitted. */
export interface SessionOptions extends ClerkOptions, MiddlewareOptions {
  /** Default is a client created with the other options; without any, the default instance. */
  clerk?: Clerk
}

/** Sets `session` on the requests of an Express application; `next()` is called for every request. */
export function ExpressAuthMiddleware(
  apiKey: string | undefined,
  options: Omit<SessionOptions, 'apiKey' | 'clerk'> = {},
): Middleware {
  return new Clerk(apiKey, options).expressMiddleware(options)
}

/** {@link ExpressAuthMiddleware} with the default instance. */
export function ClerkExpressMiddleware(options: SessionOptions = {}): Middleware {
  return clerkOf(options).expressMiddleware(options)
}

/** Sets `session` on the requests that a handler gets. */
export function withSession<Request extends AuthenticatedRequest, Response, Result>(
  handler: (request: WithSessionProp<Request>, response: Response) => Result | Promise<Result>,
  options: SessionOptions = {},
): WrappedHandler<Request, Response, Result> {
  return clerkOf(options).withSession(handler, options)
}

/** Answers 401, without a body, to requests that have no session; the others reach the handler. */
export function requireSession<Request extends AuthenticatedRequest, Response extends EndableResponse, Result>(
  handler: (request: RequireSessionProp<Request>, response: Response) => Result | Promise<Result>,
  options: SessionOptions = {},
): WrappedHandler<Request, Response, Result | undefined> {
  return clerkOf(options).requireSession(handler, options)
}

function clerkOf({ clerk, apiKey, serverApiUrl, apiVersion, httpOptions }: SessionOptions): Clerk {
  if (clerk) return clerk
  if (apiKey || serverApiUrl || apiVersion || httpOptions)
    return new Clerk({ apiKey, serverApiUrl, apiVersion, httpOptions })
  return Clerk.getInstance()
}

export const { clients, emails, sessions, smsMessages, users } = Clerk.getInstance()

export function setClerkApiKey(value: string): void {
  Clerk.getInstance().apiKey = value
}

export function setClerkServerApiUrl(value: string): void {
  Clerk.getInstance().serverApiUrl = value
}

export function setClerkApiVersion(value: string): void {
  Clerk.getInstance().apiVersion = value
}

export function setClerkHttpOptions(value: HttpOptions): void {
  Clerk.getInstance().httpOptions = value
}
