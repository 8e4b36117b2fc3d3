import { verifyWebhook } from '@latchkey/nextjs/webhooks'

/** Receives webhooks from Latchkey and Clerk. The signing secret is in CLERK_WEBHOOK_SIGNING_SECRET. */
export async function POST(request) {
  try {
    const event = await verifyWebhook(request)
    return Response.json({ received: event.type })
  } catch {
    return Response.json({ error: 'This webhook is not signed by us.' }, { status: 400 })
  }
}
