// A program written for @clerk/hono. It is compiled against that package and against ours; it is not run.
import {
  clerkMiddleware,
  getAuth,
  type ClerkHonoVariables,
  type ClerkMiddlewareOptions,
  type FrontendApiProxyOptions,
} from '@clerk/hono'
import type { UserJSON } from '@clerk/hono/types'
import { verifyWebhook, type WebhookEvent } from '@clerk/hono/webhooks'
import { Hono, type Context } from 'hono'

const frontendApiProxy: FrontendApiProxyOptions = { enabled: (url) => url.hostname === 'example.com', path: '/__clerk' }
const options: ClerkMiddlewareOptions = {
  secretKey: 'sk_test_x',
  publishableKey: 'pk_test_x',
  machineSecretKey: 'ak_x',
  jwtKey: '-----BEGIN PUBLIC KEY-----',
  apiUrl: 'https://api.clerk.com',
  apiVersion: 'v1',
  authorizedParties: ['https://example.com'],
  audience: ['a', 'b'],
  clockSkewInMs: 1000,
  domain: 'example.com',
  isSatellite: true,
  proxyUrl: 'https://example.com/clerk',
  signInUrl: '/sign-in',
  signUpUrl: '/sign-up',
  afterSignInUrl: '/',
  afterSignUpUrl: '/',
  satelliteAutoSync: true,
  organizationSyncOptions: { organizationPatterns: ['/orgs/:slug'], personalAccountPatterns: ['/me'] },
  frontendApiProxy,
}

const app = new Hono<{ Variables: ClerkHonoVariables }>()
app.use('*', clerkMiddleware())
app.use('/api/*', clerkMiddleware(options))
// @ts-expect-error -- a key is a string
clerkMiddleware({ secretKey: 1 })
// @ts-expect-error -- there is no such option
clerkMiddleware({ sekretKey: 'x' })

app.get('/session', (c) => {
  const { userId, sessionId, orgId, orgRole, sessionClaims, has, isAuthenticated } = getAuth(c)
  if (!userId) return c.json({ error: 'Unauthorized' }, 401)
  const id: string = userId
  const session: string = sessionId
  const organization: string | null | undefined = orgId ?? orgRole
  return c.json({
    id,
    session,
    organization,
    subject: sessionClaims.sub,
    may: has({ permission: 'org:invoices:read' }),
    isAuthenticated,
  })
})

app.get('/tokens', async (c) => {
  const auth = getAuth(c, { treatPendingAsSignedOut: false })
  const token: string | null = await auth.getToken({ template: 'mine' })
  return c.text(token ?? '')
})

app.get('/machines', (c) => {
  const key = getAuth(c, { acceptsToken: 'api_key' })
  const scopes: string[] | null = key.scopes
  const machine = getAuth(c, { acceptsToken: 'm2m_token' })
  const machineId: string | null = machine.machineId
  const any = getAuth(c, { acceptsToken: 'any' })
  // @ts-expect-error -- no session was asked for
  void key.sessionId
  const either = getAuth(c, { acceptsToken: ['session_token', 'oauth_token'] })
  if (either.isAuthenticated && either.tokenType === 'oauth_token') return c.text(either.clientId)
  if (either.isAuthenticated && either.tokenType === 'session_token') return c.text(either.sessionId)
  return c.json({ scopes, machineId, type: any.tokenType, from: key.userId })
})

app.get('/users/:id', async (c) => {
  const clerk = c.get('clerk')
  const user = await clerk.users.getUser(c.req.param('id'))
  const auth = c.get('clerkAuth')
  const { userId } = auth()
  const { data, totalCount } = await c.var.clerk.users.getUserList({ limit: 10, orderBy: '-created_at' })
  // @ts-expect-error -- a user has no such field
  void user.nothing
  return c.json({ email: user.primaryEmailAddress?.emailAddress, userId, count: totalCount, first: data[0]?.firstName })
})

app.post('/webhooks', async (c) => {
  const event: WebhookEvent = await verifyWebhook(c, { signingSecret: 'whsec_x' })
  if (event.type === 'user.created') return c.text(describe(event.data))
  if (event.type === 'organization.created') return c.text(event.data.slug ?? '')
  return c.text(event.type)
})

function describe({
  id,
  first_name,
  public_metadata,
}: Pick<UserJSON, 'id' | 'first_name' | 'public_metadata'>): string {
  return `${id} ${first_name} ${JSON.stringify(public_metadata)}`
}

export function whoIs(c: Context): string | null {
  return getAuth(c).userId
}

export default app
