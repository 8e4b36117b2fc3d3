import {
  clerkMiddleware,
  createRouteMatcher,
  type ClerkMiddlewareAuth,
  type ClerkMiddlewareOptions,
} from '@clerk/nextjs/server'
import { NextResponse, type NextMiddleware, type NextRequest } from 'next/server'

const isAdmin = createRouteMatcher(['/admin(.*)', /^\/api\/admin/])
const isPublic = createRouteMatcher('/public/:path*')
const isPost = createRouteMatcher((request) => request.method === 'POST')

const options: ClerkMiddlewareOptions = {
  publishableKey: 'pk_test_x',
  secretKey: 'sk_test_x',
  jwtKey: 'pem',
  signInUrl: '/sign-in',
  signUpUrl: '/sign-up',
  afterSignInUrl: '/',
  domain: 'satellite.example',
  isSatellite: false,
  proxyUrl: 'https://app.example/__clerk',
  audience: ['a'],
  authorizedParties: ['https://app.example'],
  clockSkewInMs: 1000,
  organizationSyncOptions: { organizationPatterns: ['/orgs/:slug'], personalAccountPatterns: ['/me'] },
  contentSecurityPolicy: {
    strict: true,
    directives: { 'connect-src': ['https://api.example'] },
    reportOnly: false,
    reportTo: '/r',
  },
  frontendApiProxy: { enabled: (url) => url.hostname === 'app.example', path: '/__clerk' },
  debug: false,
}

async function check(auth: ClerkMiddlewareAuth, request: NextRequest): Promise<Response | undefined> {
  if (isPublic(request)) return NextResponse.next()
  const { userId, orgId, has, redirectToSignIn, sessionClaims, getToken } = await auth()
  if (!userId) return redirectToSignIn({ returnBackUrl: request.url })
  if (isAdmin(request) && (!orgId || !has({ role: 'org:admin' })))
    await auth.protect({ role: 'org:admin' }, { unauthorizedUrl: '/no' })
  if (isPost(request)) {
    const { userId: id } = await auth.protect((has) => has({ permission: 'org:invoices:create' }))
    const machine = await auth.protect({ token: 'm2m_token' })
    const any = await auth.protect({ token: ['session_token', 'api_key'] })
    const text: string = id + machine.machineId + (any.tokenType === 'session_token' ? any.sessionId : any.id)
    return NextResponse.json({ text, sub: sessionClaims.sub, token: await getToken({ template: 'supabase' }) })
  }
  return undefined
}

export const plain: NextMiddleware = clerkMiddleware()
export const withOptions: NextMiddleware = clerkMiddleware(options)
export const itself: NextMiddleware = clerkMiddleware
export const dynamic: NextMiddleware = clerkMiddleware(check, (request) => ({
  signInUrl: `${request.nextUrl.pathname}/in`,
}))
export const asynchronous: NextMiddleware = clerkMiddleware(check, async () => options)
export default clerkMiddleware(async (auth, request, event) => {
  event.waitUntil(Promise.resolve())
  const { userId } = await auth({ acceptsToken: 'oauth_token' })
  if (!userId) await auth.protect({ permission: 'org:x:y' }, { unauthenticatedUrl: '/in' })
  if (!userId) await auth.protect({ unauthenticatedUrl: '/in' })
  return check(auth, request)
}, options)
export const config = { matcher: ['/((?!_next).*)'] }
