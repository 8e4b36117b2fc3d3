// Compiled against the declarations that a user has installed.
import { createClerkClient, verifyToken, type ClerkClient, type SessionAuthObject, type User } from '@latchkey/backend'
import { NotFoundError } from '@latchkey/backend/errors'
import { createAuthenticateRequest, type RequestState } from '@latchkey/backend/internal'
import { verifyJwt, type JwtClaims } from '@latchkey/backend/jwt'
import { clerkFrontendApiProxy } from '@latchkey/backend/proxy'
import { createTestInstance } from '@latchkey/backend/testing'
import type { UserJSON, WebhookEvent } from '@latchkey/backend/types'
import * as umd from '@latchkey/backend/umd'
import { verifyWebhook } from '@latchkey/backend/webhooks'

declare global {
  interface UserPublicMetadata {
    plan: 'free' | 'paid'
  }
  interface ClerkAuthorization {
    role: 'org:owner' | 'org:guest'
    permission: 'org:invoices:read'
  }
}

const client: ClerkClient = createClerkClient({ secretKey: 'sk_test_1' })

export async function greet(id: string, request: Request): Promise<string> {
  const user: User = await client.users.getUser(id)
  const state: RequestState = await createAuthenticateRequest({ options: {} }).authenticateRequest(request)
  const event: WebhookEvent = await verifyWebhook(request)
  const { sub }: JwtClaims = await verifyJwt('', { key: '' })
  const { id: sameId } = await umd.createClerkClient({ secretKey: 'sk_test_1' }).users.getUser(id)
  return [user.firstName, user.publicMetadata.plan, state.status, event.type, sub, sameId].join()
}

export const names = (user: UserJSON): (string | null)[] => [user.first_name, user.last_name]
export const codeOf = (error: unknown): string | undefined =>
  error instanceof NotFoundError ? error.errors[0]?.code : undefined
export const others = [verifyToken, clerkFrontendApiProxy, createTestInstance]

export const isOwner = (auth: SessionAuthObject): boolean => auth.has({ role: 'org:owner' })
// @ts-expect-error There is no such role.
export const isAdmin = (auth: SessionAuthObject): boolean => auth.has({ role: 'org:admin' })
// @ts-expect-error The id of a user is no number.
export const refused = () => client.users.getUser(1)
