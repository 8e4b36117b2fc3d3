import { authenticate, type AuthenticatedRequest, type RequestSession } from './authenticate.js'
import type { RestClient } from './rest-client.js'

/** A request whose session, if there is one, has been looked up. */
export type WithSessionProp<Request> = Request & { session?: RequestSession }

/** A request that has a session. */
export type RequireSessionProp<Request> = Request & { session: RequestSession }

export interface MiddlewareOptions {
  /** Told why a request has no session, a missing cookie included. What it throws is ignored: a log must not end a request. */
  onError?: (error: unknown) => unknown
}

export type Middleware = (request: AuthenticatedRequest, response: unknown, next: () => unknown) => Promise<void>

export interface EndableResponse {
  statusCode: number
  end(): unknown
}

/** Looks the session up, sets `session` and goes on, whoever it is. */
export function createMiddleware(rest: RestClient, options: MiddlewareOptions = {}): Middleware {
  return async (request, _response, next) => {
    await setSession(rest, request, options)
    next()
  }
}

/** Looks the session up before a handler of a Next API route, or of any other, is called. */
export function withSession<Request extends AuthenticatedRequest, Response, Result>(
  rest: RestClient,
  handler: (request: WithSessionProp<Request>, response: Response) => Result | Promise<Result>,
  options: MiddlewareOptions = {},
): (request: Request, response: Response) => Promise<Result> {
  return async (request, response) => {
    await setSession(rest, request, options)
    return handler(request, response)
  }
}

/** As {@link withSession}, but answers 401 without a body, and does not call the handler, when there is no session. */
export function requireSession<Request extends AuthenticatedRequest, Response extends EndableResponse, Result>(
  rest: RestClient,
  handler: (request: RequireSessionProp<Request>, response: Response) => Result | Promise<Result>,
  options: MiddlewareOptions = {},
): (request: Request, response: Response) => Promise<Result | undefined> {
  return async (request, response) => {
    const session = await setSession(rest, request, options)
    if (session) return handler(request as RequireSessionProp<Request>, response)
    response.statusCode = 401
    response.end()
    return undefined
  }
}

/** Whatever stood in `session` before, of another middleware or of an attacker, does not count. */
async function setSession(
  rest: RestClient,
  request: WithSessionProp<AuthenticatedRequest>,
  { onError }: MiddlewareOptions,
): Promise<RequestSession | undefined> {
  try {
    request.session = await authenticate(rest, request)
  } catch (error) {
    delete request.session
    try {
      await onError?.(error)
    } catch {
      // Documented: the request goes on as it would have.
    }
  }
  return request.session
}
