import type { AuthObject } from '@latchkey/backend'
import type { PendingSessionOptions } from '@latchkey/backend/internal'

declare global {
  // Express defines this namespace for extensions of its types.
  // oxlint-disable-next-line typescript/no-namespace
  namespace Express {
    interface Request {
      /** Set by `clerkMiddleware()`; undefined before it has run. */
      auth: (options?: PendingSessionOptions) => AuthObject
    }
  }
}
