import type { ClerkHonoVariables } from './variables.js'

export { clerkMiddleware, type ClerkMiddlewareOptions, type FrontendApiProxyOptions } from './clerk-middleware.js'
export { getAuth } from './get-auth.js'
export type { ClerkHonoVariables }

declare module 'hono' {
  interface ContextVariableMap extends ClerkHonoVariables {}
}
