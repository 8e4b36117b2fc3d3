export * from '@latchkey/backend'
export { authenticateRequest } from './authenticate-request.js'
export { clerkClient } from './clerk-client.js'
export { clerkMiddleware } from './clerk-middleware.js'
export { getAuth } from './get-auth.js'
export { requireAuth } from './require-auth.js'
export type {
  AuthenticateRequestParams,
  ClerkMiddlewareOptions,
  ClerkMiddlewareOptionsCallback,
  ExpressRequestWithAuth,
} from './options.js'
