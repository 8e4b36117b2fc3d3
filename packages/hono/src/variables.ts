import type { ClerkClient } from '@latchkey/backend'
import type { GetAuthFnNoRequest } from '@latchkey/backend/internal'

/** What {@link clerkMiddleware} sets: `c.get('clerk')` and `c.get('clerkAuth')`. */
export interface ClerkHonoVariables {
  clerk: ClerkClient
  /** What `getAuth(c)` calls. */
  clerkAuth: GetAuthFnNoRequest
}
