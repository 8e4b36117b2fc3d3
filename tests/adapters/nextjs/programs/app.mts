import {
  auth,
  clerkClient,
  createClerkClient,
  currentUser,
  reverificationError,
  reverificationErrorResponse,
  verifyToken,
  type User,
  type WebhookEvent,
} from '@clerk/nextjs/server'
import { isClerkAPIResponseError } from '@clerk/nextjs/errors'
import { verifyWebhook } from '@clerk/nextjs/webhooks'
import type { NextRequest } from 'next/server'

export async function page(): Promise<string> {
  const { userId, sessionId, isAuthenticated, redirectToSignIn, redirectToSignUp, has, orgRole, sessionClaims } =
    await auth()
  if (!isAuthenticated) return redirectToSignIn()
  if (!has({ reverification: 'strict' })) return redirectToSignUp({ returnBackUrl: null })
  const user: User | null = await currentUser()
  const pending = await auth({ treatPendingAsSignedOut: false })
  await auth.protect({ feature: 'widgets' })
  await auth.protect({ plan: 'pro' })
  return `${userId} ${sessionId} ${orgRole} ${sessionClaims.sub} ${user?.fullName} ${pending.sessionStatus}`
}

export async function action(form: FormData) {
  const { userId, has } = await auth.protect()
  if (!has({ reverification: { level: 'first_factor', afterMinutes: 5 } }))
    return reverificationError({ level: 'first_factor', afterMinutes: 5 })
  const { users } = await clerkClient()
  try {
    return await users.updateUserMetadata(userId, { publicMetadata: { tea: form.get('tea') as string } })
  } catch (error) {
    if (isClerkAPIResponseError(error)) return error.errors[0]?.longMessage
    throw error
  }
}

export async function GET(request: Request): Promise<Response> {
  const machine = await auth({ acceptsToken: ['api_key', 'm2m_token'] })
  if (!machine.isAuthenticated) return new Response(null, { status: 401 })
  const { sub } = await verifyToken(request.headers.get('authorization')!, { secretKey: 'sk_test_x' })
  const list = await createClerkClient({ secretKey: 'sk_test_x' }).organizations.getOrganizationList({ limit: 1 })
  return machine.tokenType === 'api_key'
    ? Response.json({ subject: machine.subject, sub, total: list.totalCount })
    : reverificationErrorResponse('strict')
}

export async function POST(request: NextRequest): Promise<Response> {
  const event: WebhookEvent = await verifyWebhook(request, { signingSecret: 'whsec_x' })
  return Response.json(event.type === 'user.created' ? event.data.id : event.type)
}
