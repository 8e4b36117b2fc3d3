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

/** A handler for Next or Express. With Express's `next` its errors go there; without, the promise rejects. */
export type WrappedHandler<Request, Response, Result> = (
  request: Request,
  response: Response,
  next?: (error: unknown) => void,
) => Promise<Result>

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
): WrappedHandler<Request, Response, Result> {
  return wrap(async (request, response) => {
    await setSession(rest, request, options)
    return handler(request, response)
  })
}

/** As {@link withSession}, but answers 401 without a body, and does not call the handler, when there is no session. */
export function requireSession<Request extends AuthenticatedRequest, Response extends EndableResponse, Result>(
  rest: RestClient,
  handler: (request: RequireSessionProp<Request>, response: Response) => Result | Promise<Result>,
  options: MiddlewareOptions = {},
): WrappedHandler<Request, Response, Result | undefined> {
  return wrap(async (request, response) => {
    const session = await setSession(rest, request, options)
    if (session) return handler(request as RequireSessionProp<Request>, response)
    response.statusCode = 401
    response.end()
    return undefined
  })
}

/** Express 4 leaves a promise that rejects to the process, which ends by it. */
function wrap<Request, Response, Result>(
  handle: (request: Request, response: Response) => Promise<Result>,
): WrappedHandler<Request, Response, Result> {
  return async (request, response, next) => {
    try {
      return await handle(request, response)
    } catch (error) {
      if (!next) throw error
      return next(error) as Result
    }
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
