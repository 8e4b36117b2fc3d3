import { buildClerkProps, clerkClient, getAuth } from '@clerk/nextjs/server'
import { verifyWebhook } from '@clerk/nextjs/webhooks'
import type { ClerkMiddlewareAuth } from '@clerk/nextjs/types'
import type { GetServerSideProps, NextApiRequest, NextApiResponse } from 'next'
import type { NextRequest } from 'next/server'

export const getServerSideProps: GetServerSideProps = async ({ req }) => {
  const { userId, orgSlug } = getAuth(req)
  const user = userId ? await (await clerkClient()).users.getUser(userId) : null
  return { props: { orgSlug, ...buildClerkProps(req, { user }) } }
}

export async function handler(request: NextApiRequest, response: NextApiResponse) {
  const { userId, getToken, isAuthenticated } = getAuth(request, {
    secretKey: 'sk_test_x',
    treatPendingAsSignedOut: false,
  })
  if (!isAuthenticated) return response.status(401).end()
  const event = await verifyWebhook(request)
  return response.json({ userId: userId.toUpperCase(), token: await getToken({ template: 'x' }), event: event.type })
}

export function edge(request: NextRequest): string | null {
  return getAuth(request).sessionId
}

export type Handler = (auth: ClerkMiddlewareAuth) => void
