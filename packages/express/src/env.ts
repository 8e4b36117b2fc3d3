import type { AuthObject } from '@latchkey/backend'
import type { PendingSessionOptions } from '@latchkey/backend/internal'

declare global {
  // The name that Express gives to what others may add.
  // oxlint-disable-next-line typescript/no-namespace
  namespace Express {
    interface Request {
      /** What `clerkMiddleware()` found out; only there after it. */
      auth: (options?: PendingSessionOptions) => AuthObject
    }
  }
}
