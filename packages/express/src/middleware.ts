import {
  authenticateRequest,
  isProxied,
  optionsFromEnvironment,
  prepareOptions,
  proxyPathOf,
  readableBy,
  urlOf,
  type AuthenticateRequestOptions,
  type PreparedOptions,
} from '@latchkey/backend/internal'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { passOn } from './frontend-proxy.js'
import type { ClerkMiddlewareOptions } from './options.js'
import { authOf, setAuth, type RequestAuth } from './request-auth.js'
import { setHeaders } from './response.js'

/** Authenticates each request, unless an earlier `clerkMiddleware()` already did. */
export function createMiddleware(options: ClerkMiddlewareOptions): RequestHandler {
  const { clerkClient, frontendApiProxy } = options
  const optionsFor = prepareOnce(options)

  async function isAnswered(request: Request, response: Response): Promise<boolean> {
    const url = () => urlOf(request)
    const proxyPath = proxyPathOf(frontendApiProxy, url)
    if (proxyPath && isProxied(url(), proxyPath)) {
      await passOn(request, response, { ...optionsFor(proxyPath, url), proxyPath })
      return true
    }
    // As in `@clerk/express`, no application sees it: an answer may show a script what only its browser knows.
    if (request.method === 'TRACE') {
      response.status(400).end()
      return true
    }
    const asked = optionsFor(proxyPath, url)
    const state = await (clerkClient
      ? clerkClient.authenticateRequest(readableBy(clerkClient, request), asked)
      : authenticateRequest(request, asked))
    setHeaders(response, state.headers)
    if (state.headers.has('location')) {
      response.status(307).end()
      return true
    }
    setAuth(request, state.toAuth as RequestAuth)
    return false
  }

  return async (request: Request, response: Response, next: NextFunction) => {
    try {
      if (!authOf(request) && (await isAnswered(request, response))) return
    } catch (error) {
      next(error)
      return
    }
    next()
  }
}

/**
 * Merges the options at the first request, because a program may set its environment variables after mounting this
 * middleware.
 */
function prepareOnce({ debug: _debug, frontendApiProxy: _proxy, ...options }: ClerkMiddlewareOptions) {
  const prepared = new Map<string | null, PreparedOptions>()
  return (proxyPath: string | null, url: () => URL): AuthenticateRequestOptions & { acceptsToken: 'any' } => {
    let optionsFor = prepared.get(proxyPath)
    if (!optionsFor) {
      const proxyUrl = options.proxyUrl || proxyPath || undefined
      optionsFor = prepareOptions({ ...options, proxyUrl, acceptsToken: 'any' }, optionsFromEnvironment())
      prepared.set(proxyPath, optionsFor)
    }
    return optionsFor(url) as AuthenticateRequestOptions & { acceptsToken: 'any' }
  }
}
