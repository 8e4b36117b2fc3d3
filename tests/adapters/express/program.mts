/// <reference types="@clerk/express/env" />
// A program written for the official package. types.test.ts compiles it as it is, and with our package in place of that.
import {
  authenticateRequest,
  clerkClient,
  clerkMiddleware,
  createClerkClient,
  getAuth,
  requireAuth,
  verifyToken,
  type AuthObject,
  type ClerkClient,
  type ClerkMiddlewareOptions,
  type ClerkMiddlewareOptionsCallback,
  type ExpressRequestWithAuth,
  type Organization,
  type SessionAuthObject,
  type User,
  type UserJSON,
} from '@clerk/express'
import type {
  AuthenticateRequestParams,
  ClerkMiddlewareOptions as OptionsOfTypes,
  ExpressRequestWithAuth as RequestOfTypes,
} from '@clerk/express/types'
import {
  verifyWebhook,
  type UserWebhookEvent,
  type VerifyWebhookOptions,
  type WebhookEvent,
} from '@clerk/express/webhooks'
import express, {
  Router,
  type Application,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'

const app: Application = express()

const options: ClerkMiddlewareOptions = {
  publishableKey: 'pk_test_x',
  secretKey: 'sk_test_x',
  machineSecretKey: 'ak_x',
  jwtKey: '-----BEGIN PUBLIC KEY-----',
  apiUrl: 'http://localhost:4400',
  apiVersion: 'v1',
  audience: ['a'],
  authorizedParties: ['https://app.example.com'],
  clockSkewInMs: 1000,
  domain: 'satellite.example.com',
  isSatellite: true,
  proxyUrl: '/__clerk',
  signInUrl: '/sign-in',
  signUpUrl: '/sign-up',
  afterSignInUrl: '/',
  afterSignUpUrl: '/',
  organizationSyncOptions: { organizationPatterns: ['/orgs/:slug'], personalAccountPatterns: ['/me'] },
  acceptsToken: ['session_token', 'api_key'],
  debug: true,
  clerkClient: createClerkClient({ secretKey: 'sk_test_x' }),
  frontendApiProxy: { enabled: (url) => url.hostname.endsWith('.example.com'), path: '/auth' },
}
const perTenant: ClerkMiddlewareOptionsCallback = async (req) => ({
  publishableKey: req.hostname,
  domain: 'a.example.com',
  isSatellite: true,
  proxyUrl: '/x',
})

app.use(clerkMiddleware())
app.use(clerkMiddleware(options))
app.use(clerkMiddleware(perTenant))
app.use(clerkMiddleware((req) => ({ secretKey: req.get('x-tenant') ?? '', frontendApiProxy: { enabled: true } })))
app.use('/admin', requireAuth(), requireAuth({ signInUrl: '/in' }))
// @ts-expect-error: a key is text
clerkMiddleware({ secretKey: 1 })
// @ts-expect-error: the proxy must be said to be on or off
clerkMiddleware({ frontendApiProxy: {} })

const hasPermission: RequestHandler = (req, res, next) => {
  const auth = getAuth(req)
  if (!auth.has({ permission: 'org:invoices:create' }) || auth.has({ role: 'org:admin' })) {
    res.status(403).send('Forbidden')
    return
  }
  next()
}

function greet(req: Request, res: Response, next: NextFunction): void {
  const auth: SessionAuthObject = getAuth(req)
  if (!auth.isAuthenticated) {
    const nobody: null = auth.userId
    res.status(401).json({ nobody })
    return
  }
  const { userId, sessionId, orgId, orgRole, orgSlug, sessionClaims, getToken, factorVerificationAge } = auth
  const known: [string, string, string | undefined] = [userId, sessionId, orgId]
  const expires: number = sessionClaims.exp
  void getToken({ template: 'hasura' }).then(
    (token: string | null) => res.json({ known, expires, token, orgRole, orgSlug, factorVerificationAge }),
    next,
  )
}

app.get('/', hasPermission, greet)

app.get('/tokens', (req, res) => {
  const pending = getAuth(req, { treatPendingAsSignedOut: false })
  const machine = getAuth(req, { acceptsToken: 'm2m_token' })
  const key = getAuth(req, { acceptsToken: 'api_key' })
  const oauth = getAuth(req, { acceptsToken: 'oauth_token' })
  const either = getAuth(req, { acceptsToken: ['session_token', 'api_key'] })
  const any = getAuth(req, { acceptsToken: 'any' })
  const subjects: (string | null | undefined)[] = [pending.userId, machine.machineId, key.userId, oauth.clientId]
  if (either.tokenType === 'api_key') subjects.push(either.subject)
  if (either.tokenType === 'session_token') subjects.push(either.sessionId)
  if (any.tokenType === 'm2m_token') subjects.push(any.machineId)
  // @ts-expect-error: not every machine has a session
  subjects.push(machine.sessionId)
  // @ts-expect-error: there is no such kind of token
  getAuth(req, { acceptsToken: 'cookie' })
  res.json(subjects)
})

app.get('/auth', (req, res) => {
  const object: AuthObject = req.auth()
  const { auth } = req as ExpressRequestWithAuth
  const { isAuthenticated } = auth({ treatPendingAsSignedOut: true })
  const same: RequestOfTypes = req as ExpressRequestWithAuth
  res.json([object.tokenType, isAuthenticated, same.path])
})

const router: Router = Router()
router.get('/me', async (req, res, next) => {
  try {
    const { userId } = getAuth(req)
    const user: User = await clerkClient.users.getUser(userId ?? '')
    const json: UserJSON | null = user.raw
    const organization: Organization = await clerkClient.organizations.getOrganization({ slug: 'acme' })
    const { data, totalCount } = await clerkClient.users.getUserList({ limit: 10, emailAddress: ['ada@example.com'] })
    await clerkClient.users.updateUserMetadata(user.id, { publicMetadata: { plan: 'pro' } })
    res.json({ name: user.firstName, json, slug: organization.slug, count: totalCount, first: data[0]?.id })
  } catch (error) {
    next(error)
  }
})
app.use(router)

const authenticate: RequestHandler = async (request, _response, next) => {
  const client: ClerkClient = clerkClient
  const params: AuthenticateRequestParams = { clerkClient: client, request, options: options satisfies OptionsOfTypes }
  const state = await authenticateRequest(params)
  if (state.status === 'signed-in') {
    const { userId } = state.toAuth()
    const { sub } = await verifyToken(state.token, { secretKey: 'sk_test_x' })
    if (sub !== userId) throw new Error('impossible')
  }
  const location: string | null = state.headers.get('location')
  next(location ?? state.reason ?? undefined)
}
app.use(authenticate)

app.post('/webhooks', express.raw({ type: 'application/json' }), async (req, res) => {
  const verification: VerifyWebhookOptions = { signingSecret: 'whsec_x' }
  const event: WebhookEvent = await verifyWebhook(req, verification)
  if (event.type === 'user.created') {
    const created: UserWebhookEvent = event
    res.send(event.data.email_addresses[0]?.email_address ?? created.object)
  }
  if (event.type === 'session.ended') res.send(event.data.user_id)
})
