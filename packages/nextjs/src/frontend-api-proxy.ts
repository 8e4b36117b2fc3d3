import { clerkFrontendApiProxy as passOn, type FrontendApiProxyOptions as ProxyOptions } from '@latchkey/backend/proxy'
import { readEnvironment } from './environment.js'

export type NextFrontendApiProxyOptions = ProxyOptions

type Handler = (request: Request) => Promise<Response>

export interface FrontendApiProxyHandlers {
  GET: Handler
  POST: Handler
  PUT: Handler
  DELETE: Handler
  PATCH: Handler
}

/** Forwards a request to the Frontend API, so that browsers need no other host. It never throws. */
export function clerkFrontendApiProxy(request: Request, options: NextFrontendApiProxyOptions = {}): Promise<Response> {
  const { publishableKey, secretKey } = readEnvironment()
  return passOn(request, {
    ...options,
    publishableKey: options.publishableKey || publishableKey,
    secretKey: options.secretKey || secretKey,
  })
}

/** The exports of `app/__clerk/[[...path]]/route.ts`. */
export function createFrontendApiProxyHandlers(options?: NextFrontendApiProxyOptions): FrontendApiProxyHandlers {
  const handler: Handler = (request) => clerkFrontendApiProxy(request, options)
  return { GET: handler, POST: handler, PUT: handler, DELETE: handler, PATCH: handler }
}
