import type { User } from '@latchkey/backend'
import type { PendingSessionOptions } from '@latchkey/backend/internal'
import { auth } from './auth.js'
import { clerkClient } from './clerk-client.js'

/**
 * The user who makes the current request, fetched from the API; null if nobody is signed in.
 *
 * @throws {Error} as {@link auth} and `users.getUser` do.
 */
export async function currentUser(options?: PendingSessionOptions): Promise<User | null> {
  const { userId } = await auth(options)
  return userId ? (await clerkClient()).users.getUser(userId) : null
}
