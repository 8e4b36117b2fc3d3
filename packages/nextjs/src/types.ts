export type * from '@latchkey/backend/types'
export type {
  ClerkMiddlewareAuth,
  ClerkMiddlewareOptions,
  ClerkMiddlewareSessionAuthObject,
} from './middleware-types.js'
