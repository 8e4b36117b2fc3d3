import { authenticate, type AuthenticatedRequest, type RequestSession } from './authenticate.js'
import type { RestClient } from './rest-client.js'

/** A request whose session, if there is one, has been looked up. */
export type WithSessionProp<Request> = Request & { session?: RequestSession }

/** A request that has a session. */
export type RequireSessionProp<Request> = Request & { session: RequestSession }

export interface MiddlewareOptions {
  /**
   * Called with the reason why a request has no session, including a missing cookie. Errors it throws are ignored:
   * logging must not end a request.
   */
  onError?: (error: unknown) => unknown
}

export type Middleware = (request: AuthenticatedRequest, response: unknown, next: () => unknown) => Promise<void>

export interface EndableResponse {
  statusCode: number
  end(): unknown
}

/** A handler for Next or Express. With Express's `next`, errors are passed to it; without, the promise rejects. */
export type WrappedHandler<Request, Response, Result> = (
  request: Request,
  response: Response,
  next?: (error: unknown) => void,
) => Promise<Result>

/** Looks up the session, sets `session` and calls `next()` in any case. */
export function createMiddleware(rest: RestClient, options: MiddlewareOptions = {}): Middleware {
  return async (request, _response, next) => {
    await setSession(rest, request, options)
    next()
  }
}

/** Looks up the session before it calls the handler of a Next API route, or any other handler. */
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

/** Like {@link withSession}, but without a session it answers 401 without a body and does not call the handler. */
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

/** Passes errors to `next`: Express 4 does not catch a rejected promise, which would end the process. */
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

/** Replaces any previous `session`, whether it was set by another middleware or by an attacker. */
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
      // As documented, the request continues.
    }
  }
  return request.session
}
