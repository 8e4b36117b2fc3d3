import type { ClerkClient } from '@latchkey/backend'
import type { GetAuthFnNoRequest } from '@latchkey/backend/internal'

/** The variables that {@link clerkMiddleware} sets: `c.get('clerk')` and `c.get('clerkAuth')`. */
export interface ClerkHonoVariables {
  clerk: ClerkClient
  /** Called by `getAuth(c)`. */
  clerkAuth: GetAuthFnNoRequest
}
