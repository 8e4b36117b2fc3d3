import { verifyNodeWebhook } from '@latchkey/backend/internal'
import type { VerifyWebhookOptions, WebhookEvent } from '@latchkey/backend/webhooks'
import type { FastifyInstance, FastifyPluginCallback, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { isSigned, keepRawBodies, rawBodyOf } from './raw-body.js'

export * from '@latchkey/backend/webhooks'

/** Keeps what {@link verifyWebhook} needs, for applications that do without `clerkPlugin`, which does the same. */
export const webhookPlugin: FastifyPluginCallback = fp(plugin, { name: '@latchkey/fastify/webhooks', fastify: '5.x' })

function plugin(instance: FastifyInstance, _options: object, done: () => void): void {
  keepRawBodies(instance)
  done()
}

/**
 * Verifies the webhook that a route is called with and returns its event. The application must have registered `clerkPlugin`
 * or {@link webhookPlugin}, or have the body as text or bytes by a parser of its own.
 *
 * @throws {WebhookVerificationError} with a code: answer 400.
 */
export async function verifyWebhook(request: FastifyRequest, options?: VerifyWebhookOptions): Promise<WebhookEvent> {
  const { headers, body } = request
  // Without a signature nothing was kept, and it is the signature that is missing.
  const rawBody = rawBodyOf(request) ?? (request as { rawBody?: unknown }).rawBody ?? (isSigned(request) ? undefined : '')
  return verifyNodeWebhook({ headers, body, rawBody }, options, 'Register clerkPlugin, or webhookPlugin of @latchkey/fastify/webhooks, before the routes.')
}
