export type * from '@latchkey/backend'
export type { AuthenticateRequestParams, ClerkMiddlewareOptions, ExpressRequestWithAuth } from './options.js'
