// A program written for @clerk/fastify. It is compiled against that package and against ours; it is not run.
import {
  clerkClient,
  clerkPlugin,
  createClerkClient,
  getAuth,
  verifyToken,
  type ClerkClient,
  type ClerkFastifyOptions,
  type FrontendApiProxyOptions,
  type User,
} from '@clerk/fastify'
import type { OrganizationJSON } from '@clerk/fastify/types'
import { verifyWebhook, type UserWebhookEvent, type WebhookEvent } from '@clerk/fastify/webhooks'
import Fastify, { type FastifyPluginCallback, type FastifyRequest } from 'fastify'

const frontendApiProxy: FrontendApiProxyOptions = { enabled: true }
const options: ClerkFastifyOptions = {
  secretKey: 'sk_test_x',
  publishableKey: 'pk_test_x',
  machineSecretKey: 'ak_x',
  jwtKey: '-----BEGIN PUBLIC KEY-----',
  apiUrl: 'https://api.clerk.com',
  apiVersion: 'v1',
  userAgent: 'mine@1.0.0',
  audience: 'a',
  domain: 'example.com',
  isSatellite: true,
  proxyUrl: 'https://example.com/clerk',
  telemetry: { disabled: true },
  sdkMetadata: { name: 'mine', version: '1.0.0' },
  hookName: 'onRequest',
  frontendApiProxy,
  __internal_enableHandshake: false,
}

const app = Fastify()
const plugin: FastifyPluginCallback<ClerkFastifyOptions> = clerkPlugin
await app.register(plugin, options)
await app.register(clerkPlugin)
app.register(clerkPlugin, () => options)
app.register(clerkPlugin, { ...options, prefix: '/api', logLevel: 'warn' })
// @ts-expect-error -- there are only two such hooks
app.register(clerkPlugin, { hookName: 'onSend' })

app.get('/session', async (request, reply) => {
  const { userId, sessionId, orgId, sessionClaims, has, getToken } = getAuth(request)
  if (!userId) return reply.code(401).send({ error: 'Unauthorized' })
  const id: string = userId
  const session: string = sessionId
  const token: string | null = await getToken()
  return { id, session, orgId, subject: sessionClaims.sub, may: has({ role: 'org:admin' }), token }
})

app.get('/machines', async (request) => {
  const key = getAuth(request, { acceptsToken: 'api_key' })
  const machine = getAuth(request, { acceptsToken: 'm2m_token' })
  // @ts-expect-error -- no session was asked for
  void key.sessionId
  const either = getAuth(request, { acceptsToken: ['session_token', 'oauth_token'] })
  if (either.isAuthenticated && either.tokenType === 'oauth_token') return either.clientId
  return [key.scopes, key.userId, machine.machineId, getAuth(request, { acceptsToken: 'any' }).tokenType]
})

app.get<{ Params: { id: string } }>('/users/:id', async (request) => {
  const client: ClerkClient = request.clerk
  const user: User = await client.users.getUser(request.params.id)
  const mine = await clerkClient.users.getUser(getAuth(request).userId ?? '')
  const other = await createClerkClient({ secretKey: 'sk_test_x' }).users.getCount()
  const { sub } = await verifyToken('token', { jwtKey: 'key' })
  // @ts-expect-error -- a user has no such field
  void user.nothing
  return { email: user.primaryEmailAddress?.emailAddress, mine: mine.id, other, sub }
})

app.post('/webhooks', async (request) => {
  const event: WebhookEvent = await verifyWebhook(request, { signingSecret: 'whsec_x' })
  if (event.type === 'user.created' || event.type === 'user.deleted') return nameOf(event)
  if (event.type === 'organization.created') return slugOf(event.data)
  return event.type
})

function nameOf(event: UserWebhookEvent): string | undefined {
  return event.type === 'user.deleted' ? event.data.id : (event.data.first_name ?? undefined)
}

function slugOf({ slug }: Pick<OrganizationJSON, 'id' | 'slug'>): string {
  return slug ?? ''
}

export function whoIs(request: FastifyRequest): string | null {
  return getAuth(request).userId
}
