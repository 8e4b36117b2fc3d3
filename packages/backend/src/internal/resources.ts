import { createClerkClient, type ClerkOptions } from '../client.js'

export interface ResourcesToLoad {
  loadSession?: boolean
  loadUser?: boolean
  loadOrganization?: boolean
}

/**
 * Loads the user, session and organization whose ids an auth object has. Adds them, without private metadata, to an
 * object for a browser.
 */
export async function decorateObjectWithResources<T extends object>(
  target: T,
  auth: { userId?: string | null; sessionId?: string | null; orgId?: string | null },
  options: ClerkOptions & ResourcesToLoad,
): Promise<T> {
  const { loadSession, loadUser, loadOrganization, ...clientOptions } = options
  const { sessions, users, organizations } = createClerkClient(clientOptions)
  const [session, user, organization] = await Promise.all([
    loadSession && auth.sessionId ? sessions.getSession(auth.sessionId) : undefined,
    loadUser && auth.userId ? users.getUser(auth.userId) : undefined,
    loadOrganization && auth.orgId ? organizations.getOrganization({ organizationId: auth.orgId }) : undefined,
  ])
  return Object.assign(target, stripPrivateDataFromObject({ session, user, organization }))
}

/** Removes private metadata and raw answers from a user and an organization. */
export function stripPrivateDataFromObject<T extends { user?: unknown; organization?: unknown }>(auth: T): T {
  return { ...auth, user: withoutPrivateData(auth.user), organization: withoutPrivateData(auth.organization) }
}

const PRIVATE = ['privateMetadata', 'private_metadata', '_raw', 'raw']

function withoutPrivateData(resource: unknown): unknown {
  if (typeof resource !== 'object' || resource === null) return resource
  return Object.fromEntries(Object.entries(resource).filter(([name]) => !PRIVATE.includes(name)))
}
